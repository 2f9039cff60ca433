"""Drafts that nobody sends: told before their call closes, told before they are dropped, and dropped after half a year.

Each may be asked for twice, at once and late: what was told is not told again, and nothing is dropped untold.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from park.notices.models import Notice
from park.pages.wording import local_date
from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.models import TransitionLog

from .. import access
from ..models import Application, Call
from ..states import DRAFT, MACHINE
from ..telling import moment, tell_applicant

CLOSING, IDLE = "draft-closing", "draft-idle"
BEFORE_CLOSING = (dt.timedelta(days=7), dt.timedelta(days=1))
KEPT = dt.timedelta(days=180)  # after the last save
BEFORE_DROPPING = (dt.timedelta(days=30), dt.timedelta(days=7))


@dataclass(frozen=True)
class Told:
    """What a reminder is known by: the draft, and of which day and which turn it speaks."""

    pk: int
    version: int

    @classmethod
    def of(cls, application: Application, at: dt.datetime, turn: int) -> "Told":
        return cls(application.pk, at.date().toordinal() * 10 + turn)

    def when(self, kind: str) -> dt.datetime | None:
        """Return when somebody was told this for the first time; None if nobody was."""
        told = Notice.objects.filter(kind=kind, subject_id=self.pk, version=self.version)
        return told.order_by("created_at").values_list("created_at", flat=True).first()


def drafts():
    return Application.objects.filter(state=DRAFT).select_related("talent__user", "call")


@verb
def remind_of_closing(*, call: Call) -> int:
    """Tell the writers of a call's drafts that it closes: within seven days, and again within one. Returns how many."""
    now = timezone.now()
    if call.closes_at is None or not now < call.closes_at <= now + BEFORE_CLOSING[0]:
        return 0
    turn = 2 if call.closes_at <= now + BEFORE_CLOSING[1] else 1
    version = Told.of(Application(pk=0), call.closes_at, turn).version
    told = Notice.objects.filter(kind=CLOSING, version=version).values("subject_id")
    waiting = list(drafts().filter(call=call).exclude(pk__in=told))
    for application in waiting:
        tell_applicant(
            CLOSING, application, lambda: {"call": call.name, "closes": moment(call.closes_at)},
            about=Told(application.pk, version),
        )  # fmt: skip
    return len(waiting)


@verb
def warn_of_dropping(*, application: Application) -> bool:
    """Tell the writers of a draft, twice in good time, that it will be dropped. Returns whether they were told now."""
    now = timezone.now()
    if application.state != DRAFT:
        return False
    first, second = (Told.of(application, application.saved_at, turn) for turn in (1, 2))
    lead, last = BEFORE_DROPPING
    told = first.when(IDLE)
    if told is None and now >= application.saved_at + KEPT - lead:
        about = first
    elif told and now >= max(application.saved_at + KEPT - last, told + last) and second.when(IDLE) is None:
        about = second
    else:
        return False
    drop_at = max(application.saved_at + KEPT, now + (lead if about is first else last))
    saved = application.saved_at
    tell_applicant(
        IDLE, application, lambda: {"saved": local_date(saved, "long"), "until": local_date(drop_at, "long")},
        about=about,
    )  # fmt: skip
    return True


@verb
def drop(*, application: Application) -> TransitionLog:
    """Close a draft that nobody wrote in for half a year. Raises GuardFailed unless its writers were told twice."""

    def guard(locked: Application) -> None:
        if not is_over(locked, timezone.now()):
            raise GuardFailed(_("A draft is dropped after half a year and two letters."), code="too-early")

    return apply_move(MACHINE, application, "drop", by=None, may=access.may_make, guard=guard)


def is_over(application: Application, now: dt.datetime) -> bool:
    told = Told.of(application, application.saved_at, 2).when(IDLE)
    return now >= application.saved_at + KEPT and told is not None and now >= told + BEFORE_DROPPING[1]
