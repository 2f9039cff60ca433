"""Give what the verbs did just now its place in the demo park's past.

The cases of the demo go through the same verbs as everybody's, so they are true in every part; only the moments are
moved. The log refuses every change; the loader asks its trigger to look away, inside its own transaction.
"""

import datetime as dt
from collections.abc import Iterable

import pgtrigger
from django.contrib.contenttypes.models import ContentType

from park.notices.models import Notice
from park.workflow.clocks import ends_of
from park.workflow.models import Clock, TransitionLog

KEEPERS = (
    "workflow.TransitionLog:what_was_written_down_stays", "intake.Revision:append_only",
    "intake.Decision:what_was_decided_stays", "intake.SecondLook:a_second_look_stands_as_asked",
    "intake.SecondLook:a_second_look_is_answered_once", "intake.Condition:a_met_condition_stays_met",
    "letters.Letter:what_was_issued_stays", "claims.ClaimVerdict:append_only",
)  # fmt: skip


def move(
    record, moments: list[dt.datetime], *, fields: Iterable[str], kinds: Iterable[str], also: Iterable = ()
) -> None:
    """Move the steps of one record to ``moments``, one for each step in order, and with them all that was done then.

    ``fields`` are the moments of the record itself, ``kinds`` the notices that speak of it, ``also`` further records
    as (record, names of fields).
    """
    kind = ContentType.objects.get_for_model(record)
    logs = list(TransitionLog.objects.filter(content_type=kind, object_id=record.pk).order_by("at", "pk"))
    made = [log.at for log in logs]
    moments = [*moments, *[moments[-1] + dt.timedelta(minutes=n + 1) for n in range(len(logs) - len(moments))]]

    def then(moment):
        """Move a moment with the step that it is nearest to: a verb looks at the clock a moment before its log does."""
        if moment is None:
            return None
        nearest = min(range(len(made)), key=lambda n: abs(made[n] - moment))
        return moments[min(nearest, len(moments) - 1)]

    for log, moment in zip(logs, moments, strict=False):
        log.at = moment
    with pgtrigger.ignore(KEEPERS[0]):
        TransitionLog.objects.bulk_update(logs, ["at"])
    clocks = list(Clock.objects.filter(content_type=kind, object_id=record.pk))
    for clock in clocks:
        clock.started_at, clock.stopped_at = then(clock.started_at), then(clock.stopped_at)
        clock.paused_at = then(clock.paused_at)
        clock.warn_at, clock.due_at = ends_of(clock.started_at, clock.working_days)
    Clock.objects.bulk_update(clocks, ["started_at", "stopped_at", "paused_at", "warn_at", "due_at"])
    with pgtrigger.ignore(*KEEPERS):
        for each, names in [(record, fields), *also]:
            changes = {name: then(getattr(each, name)) for name in names}
            type(each)._base_manager.filter(pk=each.pk).update(**changes)
    notices = list(Notice.objects.filter(kind__in=list(kinds), subject_id=record.pk))
    for notice in notices:
        notice.created_at = then(notice.created_at)
    Notice.objects.bulk_update(notices, ["created_at"])
