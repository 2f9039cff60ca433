"""Deadlines as calendar files (RFC 5545): one policy, or all that may fit a person's tenants. UTC, with an alarm."""

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from services.policies import access
from services.policies.acted import waiting
from services.policies.matching import released_and_running
from services.policies.models import PolicyVersion, Verdict

from .reminding import closing

BEFORE = dt.timedelta(days=2)
LASTS = dt.timedelta(minutes=30)  # the last half hour; a point in time is shown badly by many programs
TYPE = "text/calendar; charset=utf-8"
TOLD = (Verdict.Word.FITS, Verdict.Word.MAY_FIT)


def of_policy(version: PolicyVersion) -> bytes:
    """Return the calendar file of one deadline."""
    return _calendar([version]).to_ical()


def of_person(user) -> bytes:
    """Return the deadlines of the released policies that fit or may fit a person's tenants and wait for them."""
    calendar = _calendar(open_deadlines(user))
    calendar.add("x-wr-calname", _("Deadlines in the park"))
    calendar.add("refresh-interval", dt.timedelta(hours=6), parameters={"VALUE": "DURATION"})
    return calendar.to_ical()


def open_deadlines(user) -> list[PolicyVersion]:
    """Return these versions, the first to close first: three questions, however many there are."""
    now = timezone.now()
    closes = {version: moment for version in released_and_running() if (moment := closing(version)) and moment > now}
    fitting = Verdict.objects.filter(
        version__in=[version.pk for version in closes], tenant__in=access.tenants_of(user).values("pk"), word__in=TOLD
    )
    wanted = set(waiting(fitting).values_list("version", flat=True))
    return sorted((version for version in closes if version.pk in wanted), key=closes.get)


def _calendar(versions: list[PolicyVersion]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Parasol//Policy deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for version in versions:
        calendar.add_component(_event(version))
    return calendar


def _event(version: PolicyVersion) -> Event:
    moment = closing(version).astimezone(dt.UTC)
    title = _("Closes: %(title)s") % {"title": version.title}
    event = Event()
    event.add("uid", f"{version.policy.slug}@policies.parasol")
    event.add("sequence", version.number)
    event.add("dtstamp", version.approved_at or version.created_at)
    event.add("dtstart", moment - LASTS)
    event.add("dtend", moment)
    event.add("summary", title)
    event.add("description", _("%(body)s decides. The page says who it is for and what to prepare.") % {
        "body": version.policy.issuing_body
    })  # fmt: skip
    event.add("url", settings.BASE_URL + version.policy.get_absolute_url())
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -BEFORE)
    event.add_component(alarm)
    return event
