"""Start, stand still, go on, stop: promises on the working-day calendar, and who is told when one is at risk or broken.

An upper room says in its ``AppConfig.ready`` what is to happen, and ``tasks.watch_clocks`` calls it::

    clocks.watch("intake.application", "screening", warned=worker.remind_officer, breached=worker.tell_we_are_late)

Each is called with a queryset of clocks, in the transaction that marks them, so it happens once; it must only write
rows (notices among them), never send.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import contextmanager

import structlog
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from .calendar import closing, each_after, working_days_after, working_days_between
from .machine import ClockRule, Move
from .models import Clock

WARN_AT = 0.7
AT_ONCE = 500  # clocks marked in one transaction

log = structlog.get_logger(__name__)
_watchers: dict[tuple[str, str], dict[str, Callable]] = {}


def start(record, rule: ClockRule, *, at: dt.datetime | None = None) -> Clock:
    """Start a clock afresh; one of the same name that still runs on the record is stopped."""
    at = at or timezone.now()
    stop(record, rule.name, at=at)
    return _begun(record, rule, at)


def _begun(record, rule: ClockRule, at: dt.datetime) -> Clock:
    warn_at, due_at = ends_of(at, rule.working_days)
    return Clock.objects.create(
        record=record, name=rule.name, working_days=rule.working_days, started_at=at, warn_at=warn_at, due_at=due_at,
    )  # fmt: skip


def ends_of(at: dt.datetime, working_days: int) -> list[dt.datetime]:
    """Return when a clock that starts at a moment warns, and when it is due."""
    return each_after(at, max(1, int(working_days * WARN_AT)), max(1, working_days))


def start_until(record, name: str, due_at: dt.datetime, *, at: dt.datetime | None = None) -> Clock:
    """Start a clock whose day was agreed, not counted; it warns at 70 % of the working days until then."""
    at = at or timezone.now()
    stop(record, name, at=at)
    days = max(1, working_days_between(at, due_at))
    return Clock.objects.create(
        record=record, name=name, working_days=days, started_at=at, due_at=due_at,
        warn_at=min(working_days_after(at, max(1, int(days * WARN_AT))), due_at),
    )  # fmt: skip


def pause(record, name: str, *, at: dt.datetime | None = None) -> int:
    """Let a clock stand still while the other side must act. A clock that stands or has stopped is left alone."""
    return Clock.objects.of(record).running().filter(name=name).update(paused_at=at or timezone.now())


def resume(record, name: str, *, at: dt.datetime | None = None) -> Clock | None:
    """Let a clock go on with the working days it had left when it was paused. A broken promise stays broken."""
    at = at or timezone.now()
    clock = Clock.objects.of(record).paused().filter(name=name).select_for_update(no_key=True).first()
    if clock is None:
        return None
    stood = working_days_between(clock.paused_at, at)
    if clock.paused_at < clock.due_at and stood:
        if clock.paused_at < clock.warn_at:
            clock.warn_at = working_days_after(clock.warn_at, stood)
        clock.due_at = working_days_after(clock.due_at, stood)
    clock.paused_for += at - clock.paused_at
    clock.paused_at = None
    clock.save(update_fields=["warn_at", "due_at", "paused_for", "paused_at"])
    return clock


def reset(record, name: str, working_days: int) -> Clock | None:
    """Give a clock that has not stopped another number of working days, counted from when it started."""
    clock = Clock.objects.of(record).open().filter(name=name).select_for_update(no_key=True).first()
    if clock is None or clock.working_days == working_days:
        return clock
    clock.working_days = working_days
    clock.warn_at, clock.due_at = ends_of(clock.started_at, working_days)
    clock.save(update_fields=["working_days", "warn_at", "due_at"])
    return clock


def stop(record, *names: str, at: dt.datetime | None = None) -> int:
    """Stop clocks for good: the promise was kept, or no longer matters. Whether it was late stays on record."""
    return Clock.objects.of(record).open().filter(name__in=names).update(stopped_at=at or timezone.now())


def stop_all(record, *, at: dt.datetime | None = None) -> int:
    return Clock.objects.of(record).open().update(stopped_at=at or timezone.now())


def run(move: Move, record, *, final: bool, at: dt.datetime) -> None:
    """Do what a move says about clocks. In a final state nothing runs on."""
    over = {*move.stops, *(rule.name for rule in move.starts)}
    if over and not final:
        stop(record, *sorted(over), at=at)
    for name in move.resumes:
        resume(record, name, at=at)
    if final:
        stop_all(record, at=at)
    for rule in move.starts:
        _begun(record, rule, at)
    for name in move.pauses:  # also one that this move starts: it waits for the other side from its first moment
        pause(record, name, at=at)


@contextmanager
def recounted(day: dt.date):
    """Let a change of the calendar on one day move the open clocks that run over it: each keeps its working days."""
    edge = closing(day) + dt.timedelta(1)
    with transaction.atomic():
        touched = Clock.objects.open().filter(started_at__lt=edge, due_at__gte=edge - dt.timedelta(2))
        kept = [
            (clock, *(working_days_between(clock.started_at, moment) for moment in (clock.warn_at, clock.due_at)))
            for clock in touched.select_for_update(no_key=True).order_by("pk")
        ]
        yield
        for clock, until_warning, until_due in kept:
            clock.warn_at, clock.due_at = (
                working_days_after(clock.started_at, max(1, count)) for count in (until_warning, until_due)
            )
        Clock.objects.bulk_update([clock for clock, *_counts in kept], ["warn_at", "due_at"], batch_size=AT_ONCE)


# --- Who is told ------------------------------------------------------------------------------------------------------
def watch(model: str, name: str, *, warned: Callable | None = None, breached: Callable | None = None) -> None:
    """Say what is to happen when a clock of this name on this model ('app.model') is at risk, or broken."""
    _watchers[(model.lower(), name)] = {"warned": warned, "breached": breached}


def mark(event: str, *, now: dt.datetime) -> int:
    """Mark the clocks that came to 70 % (``warned``) or 100 % (``breached``) and call who watches. Safe to repeat."""
    due, column = ("warn_at", "warned_at") if event == "warned" else ("due_at", "breached_at")
    groups = (
        Clock.objects.running()
        .filter(**{f"{due}__lte": now, f"{column}__isnull": True})
        .values_list("content_type", "name")
        .order_by()
        .distinct()
    )
    return sum(_mark_group(event, column, due, *group, now) for group in groups)


def _mark_group(event: str, column: str, due: str, content_type: int, name: str, now: dt.datetime) -> int:
    kind = ContentType.objects.get_for_id(content_type)
    tell = _watchers.get((f"{kind.app_label}.{kind.model}", name), {}).get(event)
    marked = 0
    while True:
        try:
            with transaction.atomic():
                ids = list(
                    Clock.objects.running()
                    .filter(content_type=content_type, name=name, **{f"{due}__lte": now, f"{column}__isnull": True})
                    .order_by("pk")
                    .select_for_update(skip_locked=True, no_key=True)
                    .values_list("pk", flat=True)[:AT_ONCE]
                )
                found = Clock.objects.filter(pk__in=ids)
                found.update(**{column: now})
                if tell and ids:
                    tell(found)
        except Exception:  # one room's fault must not keep the others from being told; unmarked, it is tried again
            log.exception("clock.watcher_failed", clock=name, model=f"{kind.app_label}.{kind.model}", event_kind=event)
            return marked
        marked += len(ids)
        if len(ids) < AT_ONCE:
            return marked


def of_records(model, ids: Iterable[int]) -> dict[int, list[Clock]]:
    """Return the clocks of several records of one model that have not stopped, by record, in one question."""
    found = defaultdict(list)
    for clock in Clock.objects.of_all(model, ids).open().order_by("due_at"):
        found[clock.object_id].append(clock)
    return dict(found)
