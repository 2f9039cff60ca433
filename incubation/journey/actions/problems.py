"""Problems: raised by a tenant, taken by somebody of the park, solved, confirmed or reopened by the tenant."""

from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from park.files.actions import receive
from park.workflow.actions import GuardFailed, NotYours, apply_move, begin, verb
from park.workflow.models import TransitionLog

from .. import access, telling
from ..models import Problem, Tenant
from ..states import LIVE, PROBLEM
from .moving import lock

MOST_OPEN, MOST_FILES = 30, 5


@verb
def raise_problem(
    *, tenant: Tenant, by, category: str, title: str, text: str, uploads: Iterable = ()
) -> Problem:
    """Raise a problem for a tenant, with files if there are any. Raises MoveRefused, NotAccepted, NotStored."""
    row, uploads = lock(tenant.pk), list(uploads)
    if row.state not in LIVE:
        raise GuardFailed(_("This tenant has left the park."), code="left")
    if row.problems.unsolved().count() >= MOST_OPEN:
        raise GuardFailed(_("There are %(n)s open problems already.") % {"n": MOST_OPEN}, code="too-many")
    if len(uploads) > MOST_FILES:
        raise GuardFailed(_("Add at most %(n)s files.") % {"n": MOST_FILES}, code="too-many-files")
    problem = Problem(tenant=row, stage=row.stage, category=category, title=title, text=text, raised_by=by)
    if not access.may_make_of_problem(by, PROBLEM.find("raise"), problem):
        raise NotYours
    problem.save(force_insert=True)
    begin(PROBLEM, problem, "raise", by=by, may=access.may_make_of_problem, note=text)
    problem.documents.set([receive(by, upload, "other") for upload in uploads])
    telling.tell_of_problem("problem-raised", problem, telling.holders("handle_problem"))
    return problem


@verb
def take_problem(*, problem: Problem, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Take a problem: from now on one's name stands on it. Raises MoveRefused."""
    log = _move(problem, "take", by, note=note, version=version, changes={"owner": by})
    telling.tell_of_problem("problem-taken", problem, note=note)
    return log


@verb
def pass_on_problem(*, problem: Problem, by, to, note: str = "", version: int | None = None) -> TransitionLog:
    """Hand a problem over to a colleague who may solve problems. Raises MoveRefused."""
    if not to.has_perm(access.SOLVE) or access.is_one_of_theirs(to, problem.tenant):
        raise GuardFailed(_("This person cannot take it."), code="not-theirs")
    log = _move(problem, "pass_on", by, internal_note=note, version=version, changes={"owner": to})
    telling.tell_of_problem("problem-yours", problem, [to])
    return log


@verb
def ask_about_problem(*, problem: Problem, by, note: str, version: int | None = None) -> TransitionLog:
    """Ask the tenant something; the clock stands still until it answers. Raises MoveRefused."""
    log = _move(problem, "ask", by, note=note, version=version)
    telling.tell_of_problem("problem-asked", problem, note=note)
    return log


@verb
def answer_problem(*, problem: Problem, by, note: str, version: int | None = None) -> TransitionLog:
    """Answer what was asked. Raises MoveRefused."""
    log = _move(problem, "answer", by, note=note, version=version)
    telling.tell_of_problem("problem-answered", problem, [problem.owner], note=note)
    return log


@verb
def solve_problem(*, problem: Problem, by, note: str, version: int | None = None) -> TransitionLog:
    """Say that a problem is solved, and how; the tenant confirms it or not. Raises MoveRefused."""
    log = _move(problem, "solve", by, note=note, version=version, changes={"solved_at": timezone.now()})
    telling.tell_of_problem("problem-solved", problem, note=note)
    return log


@verb
def confirm_problem(*, problem: Problem, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Say as the tenant that a problem is solved. Raises MoveRefused."""
    return _move(problem, "confirm", by, note=note, version=version)


@verb
def reopen_problem(*, problem: Problem, by, note: str, version: int | None = None) -> TransitionLog:
    """Say as the tenant that it is not solved, and why: the same owner has it again. Raises MoveRefused."""
    changes = {"solved_at": None, "reopened": F("reopened") + 1}
    log = _move(problem, "reopen", by, note=note, version=version, changes=changes)
    problem.refresh_from_db(fields=["reopened"])
    telling.tell_of_problem("problem-reopened", problem, [problem.owner], note=note)
    return log


@verb
def settle_problem(*, problem: Problem) -> TransitionLog:
    """Take a problem as solved where the tenant said nothing for two weeks. Raises MoveRefused."""
    return _move(problem, "settle", None)


@verb
def drop_problem(*, problem: Problem, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Take a problem back as the tenant. Raises MoveRefused."""
    return _move(problem, "drop", by, note=note, version=version)


def _move(problem: Problem, name: str, by, **options) -> TransitionLog:
    return apply_move(PROBLEM, problem, name, by=by, may=access.may_make_of_problem, **options)
