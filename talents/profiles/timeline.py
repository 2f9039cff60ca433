"""Time abroad, counted in calendar months. Pure functions over stays."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


def month_of(day: dt.date) -> int:
    """Number a month, so that the next one is one more."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> dt.date:
    return first_day(month + 1) - dt.timedelta(days=1)


@dataclass(frozen=True)
class Gap:
    """Whole months between two stays of which the record says nothing."""

    first: dt.date
    last: dt.date


def covered(stays: Iterable, today: dt.date) -> set[int]:
    """Return the months that the stays touch; one that has not ended runs until today."""
    months = set()
    for stay in stays:
        months.update(range(month_of(stay.began_on), month_of(stay.ended_on or max(today, stay.began_on)) + 1))
    return months


def months_abroad(stays: Iterable, today: dt.date) -> int:
    """Return the months spent abroad: two stays at the same time count once, what lies ahead does not count."""
    return len({month for month in covered(stays, today) if month <= month_of(today)})


def gaps(stays: Iterable, today: dt.date) -> list[Gap]:
    """Return the gaps between the first and the last stay, oldest first."""
    months = sorted(covered(stays, today))
    return [
        Gap(first_day(before + 1), last_day(after - 1))
        for before, after in pairwise(months)
        if after > before + 1
    ]
