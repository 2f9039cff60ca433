"""The decision on an application: never by whoever checked it, or proposed it.

Where officers decide, a second officer makes one of the four acts right after the review. Where a panel decides, its
review is closed, the chair proposes, and the same four acts confirm what was proposed, or somebody sends it back.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from incubation.journey.models import Tenant
from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.models import TransitionLog

from .. import access, panels
from ..entry import keep_verdict
from ..models import Application, Decision
from ..states import ACCEPTED, CONDITIONAL, MACHINE, REJECTED, SCREENING, WAITLISTED
from ..telling import tell_deciders
from .ruling import Demands, begin_tenancy, decide, is_whole, tell_decision, write


# --- The panel's way --------------------------------------------------------------------------------------------------
@verb
def close_review(*, application: Application, by=None, version: int | None = None) -> TransitionLog:
    """Close the review of an application: all opinions are in (``by`` None), or the chair goes on without the rest.

    Raises MoveRefused.
    """

    def guard(locked: Application) -> None:
        if not panels.is_for_panel(locked):
            raise GuardFailed(_("Officers decide on this call. It has no panel."), code="no-panel")

    return apply_move(MACHINE, application, "close_review", by=by, may=access.may_make, version=version, guard=guard)


@verb
def propose(
    *, application: Application, by, outcome: str, reason_code: str = "", criterion: str = "", advice: str = "",
    conditions: Demands = (), scores: Iterable[dict] = (), internal_note: str = "", version: int | None = None,
) -> Decision:  # fmt: skip
    """Propose what the panel resolved, in the words that the applicant will read. Another person decides.

    ``conditions`` are pairs of words and day. Raises MoveRefused.
    """
    demands = list(conditions)
    log = apply_move(
        MACHINE, application, "propose", by=by, may=access.may_make, reason_code=reason_code,
        internal_note=internal_note, version=version,
        guard=lambda _locked: is_whole(outcome, reason_code, criterion, demands),
    )  # fmt: skip
    proposal = write(
        application, demands, outcome=outcome, reason_code=reason_code, criterion=criterion.strip(),
        advice=advice.strip(), scores=list(scores), proposed_by=by, proposed_at=log.at,
    )  # fmt: skip
    tell_deciders("application-to-decide", application, but=by)
    return proposal


@verb
def send_back(*, application: Application, by, internal_note: str, version: int | None = None) -> TransitionLog:
    """Send a proposal back to the panel; its chair proposes again. Raises MoveRefused."""

    def guard(_locked: Application) -> None:
        if not internal_note.strip():
            raise GuardFailed(_("Say to the panel what it should look at again."), code="no-note")

    log = apply_move(
        MACHINE, application, "send_back", by=by, may=access.may_make, internal_note=internal_note, version=version,
        guard=guard,
    )  # fmt: skip
    application.decisions.open().update(returned_at=log.at)
    return log


# --- The four outcomes ------------------------------------------------------------------------------------------------
@verb
def accept(
    *, application: Application, by, note: str = "", internal_note: str = "", version: int | None = None
) -> Tenant:
    """Accept an application: its project starts as a tenant in the first stage. Never by who checked or proposed it.

    ``note`` is advice to the applicant; a proposal keeps its own words. Raises MoveRefused.
    """
    return begin_tenancy(decide("accept", ACCEPTED, application, by, internal_note, version, advice=note), by=by)


@verb
def accept_with_conditions(
    *, application: Application, by, conditions: Demands = (), note: str = "", internal_note: str = "",
    version: int | None = None,
) -> Decision:  # fmt: skip
    """Accept an application once its conditions are met, each by its day; a proposal keeps its own conditions.

    Raises MoveRefused.
    """
    made = decide(
        "accept_with_conditions", CONDITIONAL, application, by, internal_note, version, demands=list(conditions),
        advice=note,
    )  # fmt: skip
    demanded = [{"text": each.text, "due": each.due.isoformat()} for each in made.conditions.all()]
    tell_decision("application-conditional", made, conditions=demanded)
    return made


@verb
def waitlist(
    *, application: Application, by, note: str = "", internal_note: str = "", version: int | None = None
) -> Decision:
    """Put an application on the waiting list: good enough, but no place is free. Raises MoveRefused."""
    made = decide("waitlist", WAITLISTED, application, by, internal_note, version, criterion=note)
    tell_decision("application-waitlisted", made)
    return made


@verb
def reject(
    *, application: Application, by, note: str = "", reason_code: str = "", advice: str = "", internal_note: str = "",
    version: int | None = None,
) -> Decision:  # fmt: skip
    """Do not accept an application, with the reason in words for the applicant. Never by who checked or proposed it.

    After the check alone, what the entry rule says of the applicant is kept with it. Raises MoveRefused.
    """
    if application.state == SCREENING:
        keep_verdict(application=application, by=by)
    made = decide(
        "reject", REJECTED, application, by, internal_note, version, criterion=note, reason_code=reason_code,
        advice=advice,
    )  # fmt: skip
    tell_decision("application-rejected", made)
    return made
