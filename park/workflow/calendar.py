"""Working days of the park: Monday to Friday, but for public holidays and make-up days as the State Council names them.

A deadline in working days ends at 17:00 Beijing time. Today never counts: three working days from Monday is Thursday.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from .models import CalendarDay

BEIJING = ZoneInfo("Asia/Shanghai")
CLOSES = dt.time(17)
LONGEST_REST = 30  # days without work that no calendar reaches; bounds how far ahead we read


def beijing_day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(BEIJING).date()


def closing(day: dt.date) -> dt.datetime:
    """Return the moment at which a working day ends in the park."""
    return dt.datetime.combine(day, CLOSES, BEIJING)


class WorkingDays:
    """The calendar between two days, read once: ``works(day)`` asks no further question of the database."""

    def __init__(self, first: dt.date, last: dt.date):
        self.first, self.last = first, last
        self.exceptions = dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "works"))

    def reaches(self, first: dt.date, last: dt.date) -> bool:
        """Tell whether the days between these two were read."""
        return self.first <= first and last <= self.last

    def works(self, day: dt.date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def after(self, day: dt.date, count: int) -> dt.date:
        """Return the ``count``-th working day after ``day``; for 0 the day itself, or the next one that works."""
        if count == 0 and self.works(day):
            return day
        count = max(count, 1)
        while count:
            day += dt.timedelta(1)
            count -= self.works(day)
        return day

    def between(self, first: dt.date, last: dt.date) -> int:
        """Count the working days after ``first``, up to and with ``last``."""
        return sum(self.works(first + dt.timedelta(ahead + 1)) for ahead in range((last - first).days))


_at_hand: ContextVar[WorkingDays | None] = ContextVar("working days at hand", default=None)


@contextmanager
def at_hand(first: dt.date, last: dt.date) -> Iterator[None]:
    """Read the calendar between two days once for all that is reckoned meanwhile: where thousands of clocks are set."""
    token = _at_hand.set(WorkingDays(first, last))
    try:
        yield
    finally:
        _at_hand.reset(token)


def _days(first: dt.date, last: dt.date) -> WorkingDays:
    read = _at_hand.get()
    return read if read is not None and read.reaches(first, last) else WorkingDays(first, last)


def is_working_day(day: dt.date) -> bool:
    return _days(day, day).works(day)


def working_days_after(moment: dt.datetime, count: int) -> dt.datetime:
    """Return the close of the ``count``-th working day after the Beijing day of ``moment``."""
    return each_after(moment, count)[0]


def each_after(moment: dt.datetime, *counts: int) -> list[dt.datetime]:
    """Return the same for several counts; the calendar is read once."""
    day = beijing_day(moment)
    days = _days(day, day + dt.timedelta(2 * max(counts) + LONGEST_REST))
    return [closing(days.after(day, count)) for count in counts]


def working_days_between(earlier: dt.datetime, later: dt.datetime) -> int:
    """Count the working days after Beijing's day of ``earlier`` up to that of ``later``; negative if it was before."""
    first, last = beijing_day(earlier), beijing_day(later)
    if first > last:
        return -working_days_between(later, earlier)
    return _days(first, last).between(first, last)
