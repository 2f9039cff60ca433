"""What officers do with an application before anybody decides."""


from collections.abc import Iterable

from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from park.workflow import clocks
from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.models import TransitionLog

from .. import access, panels
from ..asked import known_keys
from ..decision_letters import end_letters
from ..definition import read
from ..entry import keep_verdict
from ..models import Application, InfoRequest
from ..states import ANSWER_CLOCK, MACHINE, OPEN_ENDED
from ..telling import day, due_of, moment, tell_applicant, tell_officers

ANSWER_DAYS = range(5, 31)
OVER = gettext_noop("The application was closed.")


@verb
def take(*, application: Application, by, version: int | None = None) -> TransitionLog:
    """Take an application that nobody has yet; the applicant learns the officer's name. Raises MoveRefused."""
    changes = {"officer": by}
    log = apply_move(MACHINE, application, "take", by=by, may=access.may_make, version=version, changes=changes)
    tell_applicant(
        "application-taken", application,
        lambda: {"officer": by.display_name, "check_by": day(due_of(application, "screening"))},
    )  # fmt: skip
    return log


@verb
def hand_over(
    *, application: Application, to, by, internal_note: str = "", version: int | None = None
) -> TransitionLog:
    """Give a case to another officer (or take one whose officer is away). Raises MoveRefused."""
    if not (to.is_active and to.has_perm(access.SCREEN)) or access.is_own(to, application):
        raise GuardFailed(_("This person cannot have the case."), code="not-an-officer")
    log = apply_move(
        MACHINE, application, "hand_over", by=by, may=access.may_make, internal_note=internal_note, version=version,
        changes={"officer": to},
    )  # fmt: skip
    if to.pk != by.pk:
        tell_officers("application-yours", application, lambda: {"by": by.display_name})
    tell_applicant(
        "application-taken", application,
        lambda: {"officer": to.display_name, "check_by": day(due_of(application, "screening"))},
    )  # fmt: skip
    return log


@verb
def ask(
    *, application: Application, by, note: str, tasks: Iterable[str] = (), fields: Iterable[str] = (),
    working_days: int = ANSWER_CLOCK.working_days, internal_note: str = "", version: int | None = None,
) -> InfoRequest:  # fmt: skip
    """Ask the applicant for something; only what is named opens for the answer, and the park's clock stands still.

    ``tasks`` open whole, ``fields`` are single questions and papers (``market.customers``, ``papers.business_plan``).
    Raises MoveRefused.
    """
    definition = read(application.form)
    tasks, fields = set(tasks), set(fields)
    if not tasks <= {task.key for task in definition.tasks}:
        raise GuardFailed(_("The form has no such task."), code="unknown-task")
    if not fields <= known_keys(definition):
        raise GuardFailed(_("The form has no such question or paper."), code="unknown-field")
    if working_days not in ANSWER_DAYS:
        raise GuardFailed(_("Give the applicant between 5 and 30 working days."), code="unknown-time")
    log = apply_move(
        MACHINE, application, "ask", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version,
    )  # fmt: skip
    clocks.reset(application, ANSWER_CLOCK.name, working_days)
    request = InfoRequest.objects.create(
        application=application, text=note, tasks=sorted(tasks), asked_by=by, asked_at=log.at,
        fields=sorted(name for name in fields if name.partition(".")[0] not in tasks),
    )  # fmt: skip
    tell_applicant(
        "application-question", application,
        lambda: {"question": note, "due": moment(due_of(application, ANSWER_CLOCK.name))},
    )  # fmt: skip
    return request


@verb
def remind(*, request: InfoRequest, last: bool) -> bool:
    """Remind the applicant of what the park waits for; once, and once for the last time. The portal itself does this.

    Tells whether there was anything left to remind of.
    """
    now, waiting = timezone.now(), InfoRequest.objects.filter(pk=request.pk, closed_at=None)
    if last:
        marked = waiting.filter(last_reminded_at=None).update(
            last_reminded_at=now, reminded_at=Coalesce("reminded_at", now)
        )
    else:
        marked = waiting.filter(reminded_at=None).update(reminded_at=now)
    if marked:
        due = due_of(request.application, ANSWER_CLOCK.name)
        kind = "application-last-reminder" if last else "application-reminder"
        tell_applicant(kind, request.application, lambda: {"due": moment(due)})
    return bool(marked)


@verb
def no_answer(*, application: Application) -> TransitionLog:
    """Go on with the check because the time for an answer is over. The portal itself does this."""
    log = apply_move(MACHINE, application, "no_answer", by=None, may=access.may_make)
    application.requests.filter(closed_at=None).update(closed_at=log.at)
    tell_applicant("application-unanswered", application)
    tell_officers("application-answer-came", application, lambda: {"who": str(application.talent)})
    return log


@verb
def pass_on(
    *, application: Application, by, note: str = "", internal_note: str = "", version: int | None = None
) -> TransitionLog:
    """Pass a complete application on to review; another person decides. Raises MoveRefused."""
    log = apply_move(
        MACHINE, application, "pass_on", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version, guard=panels.may_be_passed_on,
    )  # fmt: skip
    keep_verdict(application=application, by=by)
    decide_by = due_of(application, "review")
    tell_applicant("application-in-review", application, lambda: {"decide_by": moment(decide_by)})
    return log


@verb
def close(
    *, application: Application, by, note: str, internal_note: str = "", version: int | None = None
) -> TransitionLog:
    """Close an application that cannot go on, with a reason that the applicant reads. Raises MoveRefused."""
    log = apply_move(
        MACHINE, application, "close", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version,
    )  # fmt: skip
    application.requests.filter(closed_at=None).update(closed_at=log.at)
    if log.origin in OPEN_ENDED:
        end_letters(application, OVER)
    tell_applicant("application-closed", application, lambda: {"note": note})
    return log
