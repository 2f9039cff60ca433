"""Changing one's mind: withdrawing an application, and taking that back."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.models import TransitionLog

from .. import access
from ..decision_letters import end_letters, write_letter
from ..models import Application
from ..states import MACHINE, OPEN_ENDED, State
from ..telling import moment, tell_applicant, tell_officers
from .fulfilling import standing
from .ruling import run_conditions, stop_conditions

UNDO = dt.timedelta(days=7)
GONE = gettext_noop("The application was withdrawn.")


@verb
def withdraw(*, application: Application, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Withdraw an application that is not decided. It can be taken back within seven days. Raises MoveRefused."""
    log = apply_move(MACHINE, application, "withdraw", by=by, may=access.may_make, note=note, version=version)
    stop_conditions(application)
    if log.origin in OPEN_ENDED:
        end_letters(application, GONE)
    tell_applicant("application-withdrawn", application, lambda: {"undo_by": moment(log.at + UNDO)})
    tell_officers("application-gone", application, lambda: {"who": str(application.talent)})
    return log


@verb
def undo_withdraw(*, application: Application, by, version: int | None = None) -> TransitionLog:
    """Take back a withdrawal: it stands again where it stood, with its officer and its dates. Raises MoveRefused."""
    withdrawal = last_withdrawal(application)

    def guard(locked: Application) -> None:
        if withdrawal is None or timezone.now() > withdrawal.at + UNDO:
            raise GuardFailed(_("The seven days are over. You can start a new application."), code="too-late")

    origin = withdrawal.origin if withdrawal else State.SUBMITTED
    log = apply_move(
        MACHINE, application, f"return_to_{origin}", by=by, may=access.may_make, version=version, guard=guard
    )
    if application.state == State.CONDITIONAL:
        run_conditions(standing(application))
    if application.state in OPEN_ENDED:
        write_letter(standing(application))
    tell_applicant("application-returned", application)
    tell_officers("application-arrived", application, lambda: {"who": str(application.talent), "due": ""})
    return log


def last_withdrawal(application: Application) -> TransitionLog | None:
    return TransitionLog.objects.of(application).made().filter(move="withdraw").order_by("-pk").first()
