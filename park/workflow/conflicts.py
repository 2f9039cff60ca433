"""What the database refuses, as a sentence for the person whose act it was. The one place that knows its codes."""

from django.apps import apps
from django.db import DatabaseError
from django.db.models import BaseConstraint
from django.utils.translation import gettext_lazy as _

from .refusals import Conflict

SENTENCES = {
    "23505": _("This exists already: somebody was faster, or it was sent twice. Nothing was done a second time."),
    "23P01": _("This overlaps with what was agreed before. Choose another time or place."),
    "23514": _("This breaks a rule of the record, so nothing was changed."),
    "40P01": _("Two people changed this at the same moment. Nothing was changed; try it again."),
    "40001": _("Two people changed this at the same moment. Nothing was changed; try it again."),
    "55P03": _("Somebody else is changing this right now. Nothing was changed; try it again in a moment."),
}
TRANSIENT = {"40P01", "40001"}


def sqlstate(error: DatabaseError) -> str:
    """Return PostgreSQL's code of an error, or '' if it has none."""
    return getattr(error.__cause__, "sqlstate", None) or getattr(error, "sqlstate", None) or ""


def may_be_tried_again(error: DatabaseError) -> bool:
    """Tell whether the same act may well succeed a moment later: a deadlock, or a serialisation failure."""
    return sqlstate(error) in TRANSIENT


def explain(error: DatabaseError) -> Conflict | None:
    """Return the refusal that a database error stands for, in words; None if it is our own fault."""
    code = sqlstate(error)
    if code not in SENTENCES:
        return None
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    sentence = _own_words(getattr(diagnosis, "table_name", None), name) if name else None
    return Conflict(sentence or SENTENCES[code], code=name or code)


def _own_words(table: str | None, name: str):
    """Return the message that a constraint carries for people, if its model gave it one."""
    for model in apps.get_models():
        if model._meta.db_table == table:
            for constraint in model._meta.constraints:
                if constraint.name == name:
                    own = constraint.violation_error_message
                    return own if own != BaseConstraint.default_violation_error_message else None
    return None
