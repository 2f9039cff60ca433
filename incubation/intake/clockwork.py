"""What happens when a promise on an application is at risk or broken. Called by the timetable, with the clocks."""

import structlog

from park.pages.wording import local_date
from park.workflow.actions import MoveRefused

from . import actions
from .models import Application
from .telling import moment, tell_applicant, tell_officers

log = structlog.get_logger(__name__)


def _with_clock(clocks):
    """Return (application, clock) of each clock."""
    by_record = {clock.object_id: clock for clock in clocks}
    applications = Application.objects.filter(pk__in=by_record).select_related("talent__user", "officer", "form")
    return [(application, by_record[application.pk]) for application in applications]


def remind_applicant(clocks) -> None:
    """Remind the applicants whose time for an answer is nearly over."""
    for application, clock in _with_clock(clocks):
        tell_applicant("application-reminder", application, lambda due=clock.due_at: {"due": moment(due)})


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
