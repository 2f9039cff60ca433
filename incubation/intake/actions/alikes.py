"""Saying of two records that they are one, or not."""

from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, NotYours, verb

from .. import access
from ..models import Application, Likeness


@verb
def judge_likeness(*, one, other, answer: str, by, note: str = "") -> Likeness:
    """Keep what an officer says of two people or two applications; said again, it takes the place of what was said.

    Raises MoveRefused.
    """
    if not by.has_perm(access.SCREEN):
        raise NotYours
    if type(one) is not type(other) or one.pk == other.pk:
        raise GuardFailed(_("Choose two different records of one kind."), code="no-pair")
    first, second = sorted((one, other), key=lambda record: record.pk)
    kind = "project" if isinstance(one, Application) else "person"
    said, _new = Likeness.objects.update_or_create(
        **{f"one_{kind}": first, f"other_{kind}": second},
        defaults={"answer": Likeness.Answer(answer), "note": note.strip(), "by": by, "at": timezone.now()},
    )
    return said
