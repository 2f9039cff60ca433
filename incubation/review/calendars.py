"""A meeting as a calendar file that every calendar takes."""

import datetime as dt

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from .models import Meeting


def invitation(meeting: Meeting, address: str) -> bytes:
    """Return the calendar file of a meeting; a changed invitation replaces the older one, one called off removes it."""
    event = Event()
    event.add("uid", f"{meeting.ref}@meetings.parasol")
    event.add("sequence", meeting.version)
    event.add("dtstamp", dt.datetime.now(dt.UTC))
    event.add("dtstart", meeting.starts_at.astimezone(dt.UTC))
    event.add("dtend", meeting.ends_at.astimezone(dt.UTC))
    event.add("summary", _("Review meeting: %(name)s") % {"name": meeting.name})
    event.add("location", " · ".join(filter(None, [meeting.place, meeting.link])))
    event.add("url", address)
    event.add("status", "CANCELLED" if meeting.is_called_off else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Parasol//Review meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.is_called_off else "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()
