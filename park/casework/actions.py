"""Writing on a file, putting up and lifting flags, being away. The room whose record it is tells whom it concerns."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, MoveRefused, NotYours, verb
from park.workflow.calendar import beijing_day

from . import access
from .models import Absence, Flag, Message, Side, Visibility

__all__ = ["MoveRefused", "be_away", "come_back", "lift_flag", "raise_flag", "write"]

LONGEST = 4000  # letters of one message


@verb
def write(*, record, visibility: str, side: str, text: str, by, documents: Iterable = ()) -> Message:
    """Write a message into one thread of a record. Raises MoveRefused if this person does not write there."""
    if Visibility(visibility) not in access.threads_of(by, record):
        raise NotYours
    if not text.strip():
        raise GuardFailed(_("Write a message."), code="empty")
    if len(text) > LONGEST:
        raise GuardFailed(_("A message has at most 4,000 characters."), code="too-long")
    message = Message.objects.create(
        record=record, visibility=visibility, side=Side(side), text=text.strip(), author=by
    )
    message.documents.set(documents)
    return message


@verb
def raise_flag(*, record, kind: str, reason: str, by, until: dt.date | None = None) -> Flag:
    """Put up a flag that officers see on every case of this person, company or application. Raises MoveRefused."""
    if not access.may_flag(by):
        raise NotYours
    if until and until < beijing_day(timezone.now()):
        raise GuardFailed(_("Choose a day that is not over."), code="past")
    return Flag.objects.create(record=record, kind=kind, reason=reason.strip(), by=by, until=until)


@verb
def lift_flag(*, flag: Flag, because: str, by) -> Flag:
    """Take down a flag, with the reason; what it said stays on record. Raises MoveRefused."""
    if not access.may_flag(by):
        raise NotYours
    locked = Flag.objects.select_for_update(of=("self",), no_key=True).get(pk=flag.pk)
    if locked.lifted_at:
        raise GuardFailed(_("This flag was lifted already."), code="lifted")
    locked.lifted_at, locked.lifted_by, locked.lifted_because = timezone.now(), by, because.strip()
    locked.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    return locked


@verb
def be_away(*, officer, substitute, first_day: dt.date, last_day: dt.date, by) -> Absence:
    """Enter the days on which an officer is away. Officers enter their own; managers anybody's. Raises MoveRefused."""
    if by.pk != officer.pk and not by.has_perm("casework.change_absence"):
        raise NotYours
    if last_day < beijing_day(timezone.now()):
        raise GuardFailed(_("Choose days that are not over."), code="past")
    if not (substitute.is_active and substitute.is_staff):
        raise GuardFailed(_("Only a colleague can stand in."), code="no-colleague")
    if Absence.objects.coming().filter(
        officer=substitute, first_day__lte=last_day, last_day__gte=first_day
    ).exists():
        raise GuardFailed(_("This colleague is away too in these days."), code="away-too")
    return Absence.objects.create(officer=officer, substitute=substitute, first_day=first_day, last_day=last_day)


@verb
def come_back(*, absence: Absence, by) -> Absence:
    """End an absence today, or cancel one that has not begun. Raises MoveRefused."""
    locked = Absence.objects.select_for_update(of=("self",), no_key=True).get(pk=absence.pk)
    if by.pk != locked.officer_id and not by.has_perm("casework.change_absence"):
        raise NotYours
    today = beijing_day(timezone.now())
    if locked.cancelled_at or locked.last_day < today:
        raise GuardFailed(_("This absence is over."), code="over")
    if locked.first_day >= today:
        locked.cancelled_at = timezone.now()
    else:
        locked.last_day = today - dt.timedelta(1)
    locked.save(update_fields=["cancelled_at", "last_day"])
    return locked
