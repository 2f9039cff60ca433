"""When a mail goes: not in the reader's night, unless it may; a digest in the reader's morning."""

import datetime as dt
import zoneinfo
from typing import NamedTuple

from django.conf import settings

QUIET_HOURS = (22, 7)  # from, until: hours on the reader's clock; settings.QUIET_HOURS overrules, None turns them off
DIGEST_HOUR = 8
MONDAY = 0


class Dues(NamedTuple):
    """The three moments that matter for one time zone."""

    at_once: dt.datetime
    daily: dt.datetime
    weekly: dt.datetime


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """Return a time zone; Beijing's for a name that nobody knows."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def _at(day: dt.date, hour: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), zone).astimezone(dt.UTC)


def after_the_night(now: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Return ``now``, or the end of the quiet hours that ``now`` lies in on the reader's clock."""
    hours = getattr(settings, "QUIET_HOURS", QUIET_HOURS)
    if hours is None:
        return now
    start, end = hours
    local = now.astimezone(zone)
    if local.hour >= start:
        return _at(local.date() + dt.timedelta(1), end, zone)
    return _at(local.date(), end, zone) if local.hour < end else now


def next_morning(now: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Return the next time it is eight in the morning on the reader's clock."""
    day = now.astimezone(zone).date()
    morning = _at(day, DIGEST_HOUR, zone)
    return morning if morning > now else _at(day + dt.timedelta(1), DIGEST_HOUR, zone)


def next_monday(now: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    day = next_morning(now, zone).astimezone(zone).date()
    return _at(day + dt.timedelta((MONDAY - day.weekday()) % 7), DIGEST_HOUR, zone)


def dues(now: dt.datetime, zone_name: str, *, at_night: bool) -> Dues:
    """Return when a notice of this moment goes to a reader in this zone, by frequency."""
    zone = zone_of(zone_name)
    return Dues(now if at_night else after_the_night(now, zone), next_morning(now, zone), next_monday(now, zone))
