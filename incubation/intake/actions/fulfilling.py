"""The conditions of an acceptance: shown by the applicant, found met by an officer, or lapsed."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.journey.models import Tenant
from park.files.models import Document
from park.workflow import clocks
from park.workflow.actions import GuardFailed, NotInTable, NotYours, Stale, apply_move, verb
from park.workflow.calendar import beijing_day

from .. import access
from ..models import Application, Condition, Decision
from ..states import CONDITIONAL, MACHINE, REJECTED, Reason
from ..telling import tell_of_condition
from .ruling import CONDITION, begin_tenancy, decide, stop_conditions, tell_decision


@verb
def show_evidence(*, condition: Condition, by, document: Document | None = None, words: str = "") -> Condition:
    """Show that a condition is met: a paper of the applicant's own, words, or both. Raises MoveRefused."""
    locked = _open(condition)
    if not access.may_write(by, locked.decision.application):
        raise NotYours
    if document is not None and document.owner_id != by.pk:
        raise GuardFailed(_("This file is not yours to use."), code="not-your-file")
    if document is None and not words.strip():
        raise GuardFailed(_("Add a file, or say in words how the condition is met."), code="nothing-shown")
    locked.evidence, locked.words, locked.shown_at = document or locked.evidence, words.strip(), timezone.now()
    locked.version += 1
    locked.save(update_fields=["evidence", "words", "shown_at", "version"])
    tell_of_condition("application-evidence", locked, staff=True)
    return locked


@verb
def meet_condition(*, condition: Condition, by, note: str = "", version: int | None = None) -> Condition:
    """Find a condition met, by the evidence shown or for a reason. Raises MoveRefused."""
    locked = _open(condition)
    if version is not None and int(version) != locked.version:
        raise Stale
    application = locked.decision.application
    if access.is_own(by, application) or not by.has_perm(access.SCREEN):
        raise NotYours
    if locked.evidence_id is None and not note.strip():
        raise GuardFailed(_("No paper was shown. Say why the condition is met all the same."), code="no-evidence")
    locked.met_at, locked.met_by, locked.met_note = timezone.now(), by, note.strip()
    locked.version += 1
    locked.save(update_fields=["met_at", "met_by", "met_note", "version"])
    clocks.stop(locked, CONDITION)
    tell_of_condition("application-condition-met", locked)
    return locked


def _open(condition: Condition) -> Condition:
    """Return a condition that still can be met, locked after its application. Raises MoveRefused."""
    owner = Application.objects.select_for_update(of=("self",), no_key=True)
    application = owner.select_related("talent__user", "officer").get(decisions__conditions=condition)
    locked = Condition.objects.select_for_update(of=("self",), no_key=True).select_related("decision").get(
        pk=condition.pk
    )
    locked.decision.application = application
    if application.state != CONDITIONAL or locked.decision.decided_at is None:
        words = {"state": application.get_state_display()}
        raise NotInTable(_("Conditions can be met only while they are open. It stands at “%(state)s”.") % words)
    if locked.met_at:
        raise GuardFailed(_("This condition is met already."), code="met-already")
    return locked


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
