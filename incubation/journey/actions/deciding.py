"""The decision at a gate, by a second person: through, through with conditions, held; and what follows from it."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.facts import wide_row
from incubation.facts.vocabulary import TENANT_FACTS
from park.pages.wording import local_date
from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.models import TransitionLog
from talents.profiles.actions import stand_as
from talents.profiles.models import TalentState

from .. import access, telling
from ..models import Gate, GateCondition, Tenant
from ..stages import Stage
from ..states import ACTIVE, GATE, LIVE, MACHINE, UNDER_WAY, GateState
from .moving import enter, entering, leave_stage, lock, today
from .watching import changed

OUTCOME = (
    "enterprise.headcount", "enterprise.revenue_cny", "enterprise.equity_total_cny", "enterprise.ip_total",
    "enterprise.ladder",
)  # fmt: skip


@verb
def advance(*, gate: Gate, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Let a tenant through its gate into the next stage; through the last one it graduates.

    Never by the person who asked for the gate or checked it. From start-up incubation on a tenant needs its enterprise
    (``link_enterprise``). Raises MoveRefused.
    """
    return _let_through(gate, "advance", by, note, version)


@verb
def advance_with_conditions(
    *, gate: Gate, by, conditions: Iterable[tuple[str, dt.date]], note: str = "", version: int | None = None
) -> TransitionLog:
    """Let a tenant through, with what it still has to do and by when. Raises MoveRefused."""
    conditions = [(text.strip(), day) for text, day in conditions if text.strip()]
    if not conditions:
        raise GuardFailed(_("Write at least one condition, each with its day."), code="no-conditions")
    if any(day is None or day <= today() for _text, day in conditions):
        raise GuardFailed(_("Each condition needs a day that is still to come."), code="day-over")
    if gate.leads_out:
        raise GuardFailed(_("Nobody graduates with conditions: let it through or hold it."), code="last-stage")
    log = _let_through(gate, "advance_with_conditions", by, note, version, conditions)
    return log


def _let_through(gate: Gate, move: str, by, note: str, version, conditions=()) -> TransitionLog:
    tenant = lock(gate.tenant_id)
    log = apply_move(
        GATE, gate, move, by=by, may=access.may_make_at_gate, note=note, version=version,
        guard=lambda locked: _may_go_on(tenant, locked), changes=_decided(by),
        versions={"terms": gate.terms.number if gate.terms else 0},
    )  # fmt: skip
    GateCondition.objects.bulk_create(GateCondition(gate=gate, text=text[:300], due_on=day) for text, day in conditions)
    if gate.leads_out:
        _graduate(tenant, gate, by, note)
    else:
        target = Stage(gate.target)
        apply_move(
            MACHINE, tenant, "advance", by=by, may=access.may_make, note=note, changes=entering(tenant, target),
            versions={"from": gate.origin, "to": target, "gate": gate.pk},
        )  # fmt: skip
        leave_stage(tenant)
        enter(tenant, gate=gate)
        changed(tenant)
        lines = "\n".join(f"{local_date(day, 'long')} · {text}" for text, day in conditions)
        telling.tell_tenant("stage-passed", tenant, note, conditions=lines)
        telling.tell_staff("stage-passed-staff", "hear_gate", tenant)
    gate.tenant = tenant
    return log


def _decided(by) -> dict:
    return {"decided_by": by, "decided_at": timezone.now()}


def _may_go_on(tenant: Tenant, gate: Gate) -> None:
    if tenant.state != ACTIVE:
        raise GuardFailed(_("The tenant is not in the park any more, or stands aside."), code="not-active")
    if tenant.stage != gate.origin:
        raise GuardFailed(_("A tenant goes forward one stage at a time."), code="one-stage-at-a-time")
    if gate.target and Stage(gate.target).needs_enterprise and tenant.enterprise_id is None:
        raise GuardFailed(_("From start-up incubation on, a tenant needs its enterprise."), code="no-enterprise")
    open_ = GateCondition.objects.open().filter(gate__tenant=tenant)
    if open_.exists():
        raise GuardFailed(_("A condition of the gate before is still open."), code="condition-open")


def _graduate(tenant: Tenant, gate: Gate, by, note: str) -> None:
    row = wide_row.row_of(tenant)
    values = {key: getattr(row, TENANT_FACTS[key].column) for key in OUTCOME}
    figures = {key: str(value) for key, value in values.items() if value is not None}
    apply_move(
        MACHINE, tenant, "graduate", by=by, may=access.may_make, note=note,
        versions={"gate": gate.pk, "outcome": figures},
    )  # fmt: skip
    close_behind(tenant, note)


@verb
def hold(
    *, gate: Gate, by, note: str, retry_on: dt.date | None = None, version: int | None = None
) -> TransitionLog:
    """Hold a tenant at its gate: the note is the plan, what is missing and who helps. Raises MoveRefused."""
    retry_on = retry_on or today() + dt.timedelta(days=gate.terms.retry_days)
    if retry_on <= today():
        raise GuardFailed(_("The day to ask again is still to come."), code="day-over")
    lock(gate.tenant_id)
    log = apply_move(
        GATE, gate, "hold", by=by, may=access.may_make_at_gate, note=note, version=version,
        changes=_decided(by) | {"retry_on": retry_on, "plan": note},
    )  # fmt: skip
    telling.tell_of_gate("gate-held", gate, note=note, day=lambda: local_date(retry_on, "long"))
    return log


@verb
def review_plan(
    *, gate: Gate, by, note: str, retry_on: dt.date | None = None, version: int | None = None
) -> TransitionLog:
    """Look at the plan of a tenant that was held, and write it on. Raises MoveRefused."""
    changes = {"plan": f"{gate.plan}\n\n{note}"} | ({"retry_on": retry_on} if retry_on else {})
    log = apply_move(
        GATE, gate, "review_plan", by=by, may=access.may_make_at_gate, note=note, version=version, changes=changes
    )
    telling.tell_of_gate("gate-plan", gate, note=note)
    return log


@verb
def meet_condition(*, condition: GateCondition, by, proof: str, version: int | None = None) -> GateCondition:
    """Say that a condition is met, and how it was shown. With the last one, the gate is passed for good."""
    if not proof.strip():
        raise GuardFailed(_("Say how it was shown."), code="proof-missing")
    gate = Gate.objects.select_related("tenant__organisation").get(pk=condition.gate_id)
    lock(gate.tenant_id)

    def guard(locked: Gate) -> None:
        if locked.conditions.filter(pk=condition.pk, met_at=None).count() == 0:
            raise GuardFailed(_("This condition is met already."), code="met-already")

    log = apply_move(
        GATE, gate, "meet_condition", by=by, may=access.may_make_at_gate, internal_note=proof, version=version,
        guard=guard,
    )  # fmt: skip
    condition.met_at, condition.met_by, condition.proof = log.at, by, proof[:300]
    condition.save(update_fields=["met_at", "met_by", "proof"])
    if not gate.conditions.filter(met_at=None).exists():
        apply_move(GATE, gate, "settle", by=None, may=access.may_make_at_gate)
        telling.tell_of_gate("gate-conditions-met", gate)
    return condition


def close_behind(tenant: Tenant, note: str) -> None:
    """Close what was open while a tenant was in the park, and tell it that it has left."""
    leave_stage(tenant)
    for gate in tenant.gates.filter(state__in=[*UNDER_WAY, GateState.HELD, GateState.CONDITIONAL]):
        apply_move(GATE, gate, "close", by=None, may=access.may_make_at_gate)
    tenant.mentorships.filter(ended_on=None).update(ended_on=today())
    if not Tenant.objects.filter(talent=tenant.talent, state__in=LIVE).exists():
        stand_as(talent=tenant.talent, state=TalentState.ALUMNUS)
    changed(tenant)
    telling.tell_tenant("tenant-left", tenant, note)
