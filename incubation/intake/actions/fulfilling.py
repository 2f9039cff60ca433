"""The conditions of an acceptance: shown by the applicant, found met by an officer, or lapsed."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.journey.models import Tenant
from park.files.models import Document
from park.workflow import clocks
from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.calendar import beijing_day

from .. import access
from ..models import Application, Condition, Decision
from ..states import MACHINE, REJECTED, Reason
from ..telling import tell_of_condition
from .ruling import CONDITION, begin_tenancy, decide, stop_conditions, tell_decision


@verb
def show_evidence(
    *, application: Application, condition: Condition, by, document: Document | None = None, words: str = "",
    version: int | None = None,
) -> Condition:  # fmt: skip
    """Show that a condition is met: a paper of the applicant's own, words, or both. Raises MoveRefused."""

    def guard(locked: Application) -> None:
        _is_open(locked, condition)
        if document is not None and document.owner_id != by.pk:
            raise GuardFailed(_("This file is not yours to use."), code="not-your-file")
        if document is None and not words.strip():
            raise GuardFailed(_("Add a file, or say in words how the condition is met."), code="nothing-shown")

    log = apply_move(
        MACHINE, application, "show_evidence", by=by, note=words.strip(), version=version, guard=guard,
        may=lambda user, _move, locked: access.may_write(user, locked),
    )  # fmt: skip
    shown = _locked(application, condition)
    shown.evidence, shown.words, shown.shown_at = document or shown.evidence, words.strip(), log.at
    shown.version += 1
    shown.save(update_fields=["evidence", "words", "shown_at", "version"])
    tell_of_condition("application-evidence", shown, staff=True)
    return shown


@verb
def meet_condition(
    *, application: Application, condition: Condition, by, internal_note: str = "", version: int | None = None
) -> Condition:
    """Find a condition met, by the evidence shown or for a reason that is written down. Raises MoveRefused."""

    def guard(locked: Application) -> None:
        seen = _is_open(locked, condition)
        if seen.evidence_id is None and not internal_note.strip():
            raise GuardFailed(_("No paper was shown. Say why the condition is met all the same."), code="no-evidence")

    log = apply_move(
        MACHINE, application, "meet_condition", by=by, may=access.may_make, internal_note=internal_note,
        version=version, guard=guard,
    )  # fmt: skip
    met = _locked(application, condition)
    met.met_at, met.met_by, met.met_note = log.at, by, internal_note.strip()
    met.version += 1
    met.save(update_fields=["met_at", "met_by", "met_note", "version"])
    clocks.stop(met, CONDITION)
    tell_of_condition("application-condition-met", met)
    return met


def _is_open(application: Application, condition: Condition) -> Condition:
    """Return a condition of the decision that stands, as it is now, if it can still be met. Raises GuardFailed."""
    seen = standing(application).conditions.filter(pk=condition.pk).first()
    if seen is None:
        raise GuardFailed(_("There is no such condition here."), code="no-condition")
    if seen.met_at:
        raise GuardFailed(_("This condition is met already."), code="met-already")
    return seen


def _locked(application: Application, condition: Condition) -> Condition:
    """Return the row of a condition, locked; its application is locked already."""
    rows = Condition.objects.select_for_update(of=("self",), no_key=True).select_related("decision")
    found = rows.get(pk=condition.pk)
    found.decision.application = application
    return found


@verb
def conditions_met(
    *, application: Application, by, note: str = "", internal_note: str = "", version: int | None = None
) -> Tenant:
    """Let an acceptance become whole because every condition is met. Raises MoveRefused."""

    def guard(locked: Application) -> None:
        if standing(locked).conditions.open().exists():
            raise GuardFailed(_("Not every condition is met yet."), code="conditions-open")

    apply_move(
        MACHINE, application, "conditions_met", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version, guard=guard, changes={"decided_at": timezone.now()},
    )  # fmt: skip
    stop_conditions(application)
    made = standing(application)
    made.application = application
    return begin_tenancy(made, by=by)


@verb
def lapse(
    *, application: Application, by, note: str, internal_note: str = "", version: int | None = None
) -> Decision:
    """End an acceptance because a condition was not met by its day. Raises MoveRefused."""

    def guard(locked: Application) -> None:
        today = beijing_day(timezone.now())
        if not standing(locked).conditions.open().filter(Q(due__lt=today)).exists():
            raise GuardFailed(_("No condition is past its day."), code="not-due")

    made = decide(
        "lapse", REJECTED, application, by, internal_note, version, criterion=note, reason_code=Reason.CONDITIONS.value,
        guard=guard,
    )  # fmt: skip
    stop_conditions(application)
    tell_decision("application-rejected", made)
    return made


def standing(application: Application) -> Decision:
    """Return the decision that stands."""
    return application.decisions.made().order_by("-number").first()
