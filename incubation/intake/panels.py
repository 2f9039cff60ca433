"""What a panel needs before an application is passed on to it. The room that holds the rounds, above this one, says it.

In its ``AppConfig.ready``::

    panels.ask_before_review(rounds.has_room_for)

Each is called with the application in the transaction that passes it on, and raises ``GuardFailed`` with a sentence.
Without any, an application of a call that a panel decides cannot be passed on: nobody would read it.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed

from .models import Application, Call

_checks: list[Callable[[Application], None]] = []


def ask_before_review(check: Callable[[Application], None]) -> None:
    """Have ``check(application)`` asked before an application is passed on to a panel."""
    _checks.append(check)


def is_for_panel(application: Application) -> bool:
    return application.call.decided_by == Call.DecidedBy.PANEL


def may_be_passed_on(application: Application) -> None:
    """The guard of ``pass_on``. Raises GuardFailed."""
    if not is_for_panel(application):
        return
    if not _checks:
        raise GuardFailed(_("This call is decided by a panel, and no round of review is set up."), code="no-round")
    for check in _checks:
        check(application)
