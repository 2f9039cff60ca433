"""The history of one record, told for a person: when, who, in whose name, why, and what was before and after."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

HIDDEN = {"id"}


@dataclass(frozen=True)
class Change:
    """One field of one event."""

    label: str
    before: object
    after: object


@dataclass(frozen=True)
class Entry:
    """One event of a record."""

    at: datetime
    what: str  # insert, update, delete
    who: str
    acting_for: str
    reason: str
    changes: list[Change]


def history_of(record: models.Model, limit: int = 200) -> list[Entry]:
    """Return the last events of a record, newest first; nothing if its history is not kept. Three queries at most."""
    if not hasattr(record, "history"):
        return []
    events = list(record.history.order_by("-pgh_id")[: limit + 1])
    contexts = [event.pgh_context or {} for event in events]
    people = get_user_model().objects.in_bulk({context.get("user") for context in contexts} - {None})
    organisation = apps.get_model("organisations.Organisation")
    bodies = organisation.objects.in_bulk({context.get("acting_for") for context in contexts} - {None})
    return [
        Entry(
            at=event.pgh_created_at,
            what=event.pgh_label,
            who=str(people.get(context.get("user"), "")),
            acting_for=str(bodies.get(context.get("acting_for"), "")),
            reason=context.get("reason", ""),
            changes=_changes(before, event),
        )
        for event, before, context in zip(events, [*events[1:], None], contexts, strict=True)
    ][:limit]


def _changes(before, event) -> list[Change]:
    fields = [field for field in event._meta.fields if not field.name.startswith("pgh_") and field.name not in HIDDEN]
    return [
        Change(str(field.verbose_name), getattr(before, field.attname, None), getattr(event, field.attname))
        for field in fields
        if before is None or getattr(before, field.attname) != getattr(event, field.attname)
    ]
