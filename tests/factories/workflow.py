"""Days of the calendar, clocks and moves, valid as they come."""

import datetime as dt
from importlib import import_module

from django.utils import timezone

from park.workflow import clocks
from park.workflow.machine import ClockRule
from park.workflow.models import CalendarDay, Clock


def make_holiday(day: dt.date, *, works: bool = False, **fields) -> CalendarDay:
    """A weekday without work; with ``works=True`` a make-up day."""
    return CalendarDay.objects.update_or_create(day=day, defaults={"works": works, "name": "Holiday", **fields})[0]


def fill_calendar() -> None:
    """The public holidays as the migration fills them: a test that flushed the database may have taken them away."""
    announced = import_module("park.workflow.migrations.0002_public_holidays").rows()
    by_law = import_module("park.workflow.migrations.0003_public_holidays_of_2027").rows()
    rows = [*announced, *((day, False, en, zh) for day, en, zh in by_law)]
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, works=works, name_en=en, name_zh_hans=zh) for day, works, en, zh in rows],
        ignore_conflicts=True,
    )


def make_clock(record, name: str = "screening", *, working_days: int = 3, **fields) -> Clock:
    """A running clock that started now; ``fields`` are set on it afterwards."""
    clock = clocks.start(record, ClockRule(name, working_days), at=fields.pop("started_at", None) or timezone.now())
    if fields:
        Clock.objects.filter(pk=clock.pk).update(**fields)
        clock.refresh_from_db()
    return clock
