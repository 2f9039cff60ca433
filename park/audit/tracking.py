"""The line that a room puts on a record that matters: ``@audited()`` above the model.

From then on the database itself keeps every change of the table, whoever makes it and by whatever way (page, task, bulk
update, raw SQL): one event row a change, with who, acting for whom and in which request (``acting`` of ``actions``,
the middleware of this room). Events can be added, never changed or deleted; each is chained to the last one.

This file is read while models are still being loaded, so it imports none of its room.
"""

import copy
from collections.abc import Callable, Sequence

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models


def append_only() -> pgtrigger.Protect:
    """Return the trigger that refuses to change or delete a row."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def chained(key: str = "pgh_id") -> pgtrigger.Trigger:
    """Return the trigger that chains each new row of a table to the last line of the audit.

    It runs at the end of the transaction: the lock on the end of the chain is then the last that a transaction takes,
    so nobody waits long for it and no two transactions wait for each other.
    """
    return pgtrigger.Trigger(
        name="chain",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=f"PERFORM audit_chain(TG_TABLE_NAME::text, NEW.{key}::bigint, NEW); RETURN NULL;",
    )


def audited(*, exclude: Sequence[str] = (), translated: Sequence[str] = (), inserts: bool = True) -> Callable:
    """Keep every insert, change and deletion of a model's rows.

    ``exclude`` names columns whose values must not be kept (digests of passwords and keys) or say nothing (last use);
    ``translated`` the fields that have one column a language. Without ``inserts`` the rows themselves are the record of
    their coming, and only what happens to them later is kept.
    """

    def decorate(model: type[models.Model]) -> type[models.Model]:
        names = [field.name for field in model._meta.concrete_model._meta.local_fields if field.name not in exclude]
        in_languages = {
            f"{name}_{code.replace('-', '_')}": _nullable(model._meta.get_field(name))
            for name in translated
            for code, _ in settings.LANGUAGES
        }
        trackers = [
            pghistory.UpdateEvent(condition=pgtrigger.AnyChange(*names, *in_languages)),
            pghistory.DeleteEvent(),
        ]
        if inserts:
            trackers.insert(0, pghistory.InsertEvent())
        return pghistory.track(
            *trackers,
            fields=names,
            obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
            context_field=pghistory.ContextJSONField(),
            append_only=True,
            model_name=f"{model.__name__}Event",
            attrs=in_languages,
            meta={"triggers": [chained()], "default_permissions": ()},
        )(model)

    return decorate


def _nullable(field: models.Field) -> models.Field:
    twin = copy.deepcopy(field)
    _, _, args, options = twin.deconstruct()
    return type(field)(*args, **{**options, "null": True, "blank": True})
