"""What happens when a promise on an application is at risk or broken. Called by the timetable, with the clocks."""

import structlog
from django.utils import timezone

from park.pages.wording import local_date
from park.workflow.actions import MoveRefused
from park.workflow.calendar import working_days_after

from . import actions
from .models import Application, Condition, InfoRequest
from .telling import tell_of_condition, tell_officers

FIRST_REMINDER, LAST_REMINDER = 5, 1  # working days before an answer is due

log = structlog.get_logger(__name__)


def _with_clock(clocks):
    """Return (application, clock) of each clock."""
    by_record = {clock.object_id: clock for clock in clocks}
    applications = Application.objects.filter(pk__in=by_record).select_related("talent__user", "officer", "form")
    return [(application, by_record[application.pk]) for application in applications]


def remind_applicants() -> None:
    """Remind whoever has five working days left for an answer, and again whoever has one. Each is told once."""
    now = timezone.now()
    for last, days in ((False, FIRST_REMINDER), (True, LAST_REMINDER)):
        for request in InfoRequest.objects.to_be_reminded(last=last, due_by=working_days_after(now, days)):
            actions.remind(request=request, last=last)


def go_on_without_answer(clocks) -> None:
    """Take up the check again where no answer came. The park never refuses for its own delay, nor for silence alone."""
    for application, _clock in _with_clock(clocks):
        try:
            actions.no_answer(application=application)
        except MoveRefused as refusal:  # answered in the same moment
            log.info("intake.no_answer_refused", application=application.pk, reason=refusal.code)


def tell_it_is_late(clocks) -> None:
    """Tell the officer, or all while nobody has it, that a promise to an applicant is broken."""
    for application, clock in _with_clock(clocks):
        tell_officers("application-late", application, lambda due=clock.due_at: {"due": local_date(due)})


def remind_of_condition(clocks) -> None:
    """Remind the applicants of the conditions whose day comes near."""
    for condition in _conditions(clocks):
        tell_of_condition("application-condition-due", condition)


def tell_condition_is_late(clocks) -> None:
    """Tell the officer that a condition is past its day. Whether the acceptance ends is for people to say."""
    for condition in _conditions(clocks):
        tell_of_condition("application-condition-late", condition, staff=True)


def _conditions(clocks):
    people = ("decision__application__talent__user", "decision__application__officer")
    return Condition.objects.filter(pk__in=clocks.values("object_id")).select_related(*people)
