"""How a policy stands today: one expression, asked by page, filter, API and match alike."""

import datetime as dt

from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from park.pages.wording import BEIJING

from .kinds import Closes, CompilerStatus, Live
from .states import LISTED, State

SOON = dt.timedelta(days=14)
OVER = (State.CLOSED, State.ARCHIVED, State.AMENDED)
END_OF_DAY = dt.time(17)  # a deadline ends at 17:00 Beijing time


def today(now: dt.datetime | None = None) -> dt.date:
    return (now or timezone.now()).astimezone(BEIJING).date()


def closes_at(day: dt.date) -> dt.datetime:
    """Return the moment at which a deadline of this day ends."""
    return dt.datetime.combine(day, END_OF_DAY, BEIJING)


def live(policies, now: dt.datetime | None = None) -> Case:
    """Return the status of a policy as an expression over ``Policy``, for this moment.

    ``policies`` is a queryset of all policies, among which a successor may stand.
    """
    now = now or timezone.now()
    day, soon = today(now), now + SOON
    successor = policies.filter(supersedes=OuterRef("pk"), current__state__in=LISTED).filter(
        Q(current__valid_from=None) | Q(current__valid_from__lte=day)
    )
    opinion = Q(current__deadline=None, current__valid_until=None)
    words = (
        (Q(Exists(successor)) | Q(current__compiler_status=CompilerStatus.SUPERSEDED), Live.SUPERSEDED),
        (Q(current__state__in=OVER) | Q(current__deadline__lt=now), Live.CLOSED),
        (Q(current__valid_until__lt=day), Live.EXPIRED),
        (opinion & Q(current__compiler_status=CompilerStatus.CALL_CLOSED), Live.CLOSED),
        (Q(current__compiler_status=CompilerStatus.UNCLEAR), Live.UNCLEAR),
        (Q(current__valid_from__gt=day), Live.NOT_YET),
        (Q(current__deadline__lte=soon) | Q(current__valid_until__lte=today(soon)), Live.CLOSING_SOON),
    )
    return Case(
        *(When(condition, then=Value(word.value)) for condition, word in words),
        default=Value(Live.OPEN.value),
        output_field=CharField(),
    )


def closes(now: dt.datetime | None = None) -> Case:
    """Return into which answer of the filter by deadline a policy falls."""
    now = now or timezone.now()
    day = today(now + dt.timedelta(days=30))
    soon = Q(current__deadline__lt=closes_at(day + dt.timedelta(days=1))) | Q(
        current__deadline=None, current__valid_until__lte=day
    )
    return Case(
        When(Q(current__deadline=None, current__valid_until=None), then=Value(Closes.NEVER.value)),
        When(soon, then=Value(Closes.WITHIN_30.value)),
        default=Value(Closes.LATER.value),
        output_field=CharField(),
    )
