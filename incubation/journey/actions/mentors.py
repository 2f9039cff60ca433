"""Mentors: assigned to tenants, and what they write down of each meeting."""

import datetime as dt

from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, NotYours, verb

from .. import access, telling
from ..models import MentorMeeting, Mentorship, Tenant
from ..states import LIVE
from .moving import lock, today


@verb
def assign_mentor(*, tenant: Tenant, mentor, by) -> Mentorship:
    """Assign a mentor to a tenant: nobody of its own people. Raises MoveRefused."""
    row = lock(tenant.pk)
    if not by.has_perm(access.MENTORS) or access.is_one_of_theirs(by, row):
        raise NotYours
    if row.state not in LIVE:
        raise GuardFailed(_("This tenant has left the park."), code="left")
    if access.is_one_of_theirs(mentor, row):
        raise GuardFailed(_("This person belongs to the tenant."), code="own-tenant")
    if row.mentorships.filter(mentor=mentor, ended_on=None).exists():
        raise GuardFailed(_("This mentor is at its side already."), code="assigned-already")
    mentorship = Mentorship.objects.create(tenant=row, mentor=mentor, since=today(), assigned_by=by)
    people = telling.people_of(row)
    telling.tell("mentor-assigned", people, row, mentorship.pk, 1, mentor=lambda: mentor.display_name)
    telling.tell("mentor-yours", [mentor], row, mentorship.pk, 1)
    return mentorship


@verb
def end_mentorship(*, mentorship: Mentorship, by) -> Mentorship:
    """End a mentorship today. What was written down stays. Raises MoveRefused."""
    row = Mentorship.objects.select_for_update(of=("self",), no_key=True).get(pk=mentorship.pk)
    if not by.has_perm(access.MENTORS):
        raise NotYours
    if row.ended_on is not None:
        raise GuardFailed(_("It has ended already."), code="ended-already")
    row.ended_on = today()
    row.save(update_fields=["ended_on"])
    return row


@verb
def log_meeting(*, mentorship: Mentorship, by, held_on: dt.date, minutes: int, text: str) -> MentorMeeting:
    """Write down a meeting, as the mentor or for them. Raises MoveRefused."""
    row = Mentorship.objects.select_for_update(of=("self",), no_key=True).get(pk=mentorship.pk)
    if by.pk != row.mentor_id and not by.has_perm(access.MENTORS):
        raise NotYours
    if row.ended_on is not None and held_on > row.ended_on:
        raise GuardFailed(_("It has ended already."), code="ended-already")
    if not row.since <= held_on <= today():
        raise GuardFailed(_("The day lies outside the time of this mentorship."), code="day-out-of-range")
    if not 5 <= minutes <= 600:
        raise GuardFailed(_("A meeting lasts between 5 and 600 minutes."), code="minutes-out-of-range")
    return MentorMeeting.objects.create(mentorship=row, held_on=held_on, minutes=minutes, text=text, logged_by=by)
