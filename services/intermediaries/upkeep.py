"""What the portal does by itself: remind, ask the next ones, warn of licences, end what is silent.

Periodic duties are questions ("who is due and was not told?"), so a night that was missed is made good by the next.
"""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from park.workflow.actions import MoveRefused
from park.workflow.calendar import beijing_day
from park.workflow.models import Clock, TransitionLog

from . import actions, letters
from .models import Licence, Match, ServiceRequest
from .states import State

WARN_DAYS = (7, 30, 60)  # before a licence ends, the nearest first
SILENT_DAYS, CONFIRM_DAYS = 45, 14


# --- Clocks (see ``apps.py``) -----------------------------------------------------------------------------------------
def _requests(clocks: QuerySet[Clock], *states: str) -> QuerySet[ServiceRequest]:
    ids = clocks.values_list("object_id", flat=True)
    return ServiceRequest.objects.filter(pk__in=ids, state__in=states).select_related("tenant__organisation")


def remind_institutions(clocks: QuerySet[Clock]) -> None:
    """Two thirds of the time to reply are over: remind those who have not."""
    for request in _requests(clocks, State.MATCHED):
        waiting = request.matches.filter(reply=Match.Reply.WAITING).select_related("institution__organisation")
        letters.reminded(request, [match.institution for match in waiting])


def ask_the_next(clocks: QuerySet[Clock]) -> None:
    """The time to reply is over: ask the next institutions too; where there is none left, tell an officer."""
    for request in _requests(clocks, State.MATCHED):
        if not actions.widen(request=request):
            letters.late(request)


def tell_officers(clocks: QuerySet[Clock]) -> None:
    """A request was not looked at in time, or whoever took it has not begun."""
    for request in _requests(clocks, State.OPEN, State.TAKEN):
        letters.late(request)


# --- Every night ------------------------------------------------------------------------------------------------------
def warn_of_licences(now: dt.datetime | None = None) -> None:
    """Tell of each licence that ends within 60, 30 or 7 days, or has ended, unless a later one took its place."""
    day = beijing_day(now or timezone.now())
    longer = Licence.objects.filter(institution=OuterRef("institution"), code=OuterRef("code")).exclude(
        pk=OuterRef("pk")
    )
    concerned = (
        Licence.objects.filter(
            expires_on__range=(day - dt.timedelta(days=WARN_DAYS[-1]), day + dt.timedelta(days=WARN_DAYS[-1]))
        )
        .exclude(Exists(longer.filter(expires_on=None)) | Exists(longer.filter(expires_on__gt=OuterRef("expires_on"))))
        .select_related("institution__organisation")
    )
    for licence in concerned:
        left = (licence.expires_on - day).days
        letters.licence_ending(licence, next((days for days in WARN_DAYS if left <= days), 0) if left >= 0 else 0)


def end_the_silent(now: dt.datetime | None = None) -> int:
    """End requests about which nobody said a word for 45 days; close deliveries that nobody spoke of for 14."""
    now = now or timezone.now()
    ended = 0
    for request in _silent_since(now - dt.timedelta(days=SILENT_DAYS), State.OPEN, State.MATCHED, State.TAKEN):
        ended += _unless_refused(actions.expire, request)
    for request in _silent_since(now - dt.timedelta(days=CONFIRM_DAYS), State.DELIVERED):
        ended += _unless_refused(actions.close, request)
    return ended


def _silent_since(moment: dt.datetime, *states: str) -> QuerySet[ServiceRequest]:
    kind = ContentType.objects.get_for_model(ServiceRequest)
    moves = TransitionLog.objects.filter(content_type=kind, object_id=OuterRef("pk"), refusal="").order_by()
    last = Subquery(moves.values("object_id").annotate(value=Max("at")).values("value"))
    quiet = ServiceRequest.objects.filter(state__in=states).annotate(last_word=last).filter(last_word__lt=moment)
    return quiet.select_related("tenant__organisation")


def _unless_refused(act, request: ServiceRequest) -> int:
    """Act on one request; that somebody spoke in the same moment is no fault."""
    try:
        act(request=request)
    except MoveRefused:
        return 0
    return 1
