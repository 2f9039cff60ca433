"""What happens to a tenant: the only place that moves it from stage to stage, in and out of the park."""

import re
from collections.abc import Callable

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.registry.actions import RegisterRefused, free_slug, register_enterprise
from park.organisations.actions import join
from park.organisations.models import Kind, Organisation, Role
from park.workflow.actions import GuardFailed, NotYours, apply_move, begin, verb
from park.workflow.calendar import beijing_day
from park.workflow.models import TransitionLog
from talents.profiles.actions import stand_as
from talents.profiles.models import TalentState

from . import access
from .models import Gate, Milestone, MilestonePlan, StageEnrolment, StageGuide, Tenant
from .stages import Stage
from .states import MACHINE, TenantState
from .telling import tell_tenant

HAN = re.compile(r"[\u3400-\u9fff]")
_watchers: list[Callable[[Tenant], None]] = []


def watch(callback: Callable[[Tenant], None]) -> None:
    """Have a function called with each tenant that was admitted or moved, in the same transaction.

    For rooms above this one, in their ``AppConfig.ready``. It must only write rows, never send.
    """
    _watchers.append(callback)


def _changed(tenant: Tenant) -> None:
    for callback in _watchers:
        callback(tenant)


def _today():
    return beijing_day(timezone.now())


# --- Coming in --------------------------------------------------------------------------------------------------------
@verb
def admit(*, application, by) -> Tenant:
    """Start a tenant in the first stage from an accepted application: its team, its owner, its workspace, its path.

    The project team is an organisation that the applicant owns; it becomes the company later, and nothing is lost.
    """
    team = Organisation(kind=Kind.PROJECT, slug=free_slug(application.title), name_en=application.title)
    if HAN.search(application.title):
        team.name_zh_hans = application.title
    team.save()
    if application.talent.user_id:
        join(organisation=team, user=application.talent.user, role=Role.OWNER)
    today = _today()
    tenant = Tenant.objects.create(
        organisation=team, talent=application.talent, application=application, sector=application.sector,
        officer=application.officer, admitted_on=today, stage_since=today, stage_due=_usual_end(Stage.PROJECT_PRE),
    )  # fmt: skip
    begin(MACHINE, tenant, "admit", by=by, may=access.may_make)
    _enter(tenant)
    stand_as(talent=application.talent, state=TalentState.RESIDENT)
    _changed(tenant)
    return tenant


def _usual_end(stage: Stage):
    """Return the day by which a tenant that enters a stage today usually stands at the next gate."""
    months = StageGuide.objects.filter(stage=stage).values_list("months_to", flat=True).first()
    return _today() + relativedelta(months=months) if months else None


def _enter(tenant: Tenant) -> None:
    """Write down that the tenant is in its stage from today, and give it the usual milestones of it."""
    StageEnrolment.objects.create(tenant=tenant, stage=tenant.stage, since=tenant.stage_since, due=tenant.stage_due)
    Milestone.objects.bulk_create(
        Milestone(
            tenant=tenant, stage=plan.stage, position=plan.position, name=plan.name_en, name_en=plan.name_en,
            name_zh_hans=plan.name_zh_hans,
        )
        for plan in MilestonePlan.objects.filter(stage=tenant.stage)
    )  # fmt: skip


def _leave_stage(tenant: Tenant) -> None:
    tenant.enrolments.filter(ended_on=None).update(ended_on=_today())


# --- Gates ------------------------------------------------------------------------------------------------------------
@verb
def propose_gate(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> Gate:
    """Propose a tenant for the gate before it (out of the park after the last stage). A second person decides.

    Raises MoveRefused.
    """
    log = apply_move(
        MACHINE, tenant, "propose_gate", by=by, may=access.may_make, internal_note=note, version=version,
        guard=_stands_at_no_gate,
    )  # fmt: skip
    return Gate.objects.create(
        tenant=tenant, origin=tenant.stage, target=Stage(tenant.stage).next or "", proposed_by=by, note=note,
        proposed_at=log.at,
    )  # fmt: skip


def _stands_at_no_gate(tenant: Tenant) -> None:
    if tenant.gates.filter(outcome=Gate.Outcome.OPEN).exists():
        raise GuardFailed(_("It is proposed for the gate already. A second person decides."), code="gate-open")


def _open_gate(tenant: Tenant) -> Gate:
    """Return the proposal to decide, locked, or refuse."""
    gate = tenant.gates.select_for_update(no_key=True).filter(outcome=Gate.Outcome.OPEN).first()
    if gate is None:
        raise GuardFailed(_("Nobody has proposed it for the gate yet."), code="no-gate")
    return gate


def _decide(gate: Gate, outcome: str, log: TransitionLog) -> None:
    gate.outcome, gate.decided_by, gate.decided_at = outcome, log.actor, log.at
    gate.save(update_fields=["outcome", "decided_by", "decided_at"])


@verb
def advance(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Let a tenant through the gate it was proposed for, into the next stage. Never by the person who proposed it.

    From start-up incubation on a tenant needs its enterprise (``link_enterprise``). Raises MoveRefused.
    """
    origin = Stage(Tenant.objects.values_list("stage", flat=True).get(pk=tenant.pk))
    target = origin.next
    gates = []

    def guard(locked: Tenant) -> None:
        if locked.stage != origin:
            raise GuardFailed(_("A tenant goes forward one stage at a time."), code="one-stage-at-a-time")
        if target is None:
            raise GuardFailed(_("There is no stage after this one. It can graduate."), code="last-stage")
        gates.append(_open_gate(locked))
        if target.needs_enterprise and locked.enterprise_id is None:
            raise GuardFailed(_("From start-up incubation on, a tenant needs its enterprise."), code="no-enterprise")

    changes = {"stage": target, "stage_since": _today(), "stage_due": target and _usual_end(target)}
    log = apply_move(
        MACHINE, tenant, "advance", by=by, may=access.may_make, note=note, version=version, guard=guard,
        changes=changes, versions={"from": origin, "to": target or ""},
    )  # fmt: skip
    _decide(gates[0], Gate.Outcome.PASSED, log)
    _leave_stage(tenant)
    _enter(tenant)
    _changed(tenant)
    tell_tenant("stage-passed", tenant, note)
    return log


@verb
def hold(*, tenant: Tenant, by, note: str, version: int | None = None) -> TransitionLog:
    """Hold a tenant at the gate; the note tells it what is missing. It can be proposed again. Raises MoveRefused."""
    gates = []
    log = apply_move(
        MACHINE, tenant, "hold", by=by, may=access.may_make, note=note, version=version,
        guard=lambda locked: gates.append(_open_gate(locked)),
    )  # fmt: skip
    _decide(gates[0], Gate.Outcome.HELD, log)
    tell_tenant("gate-held", tenant, note)
    return log


@verb
def link_enterprise(*, tenant: Tenant, enterprise, by) -> Tenant:
    """Link the company that a tenant's project became; its history stays with it. Raises MoveRefused."""
    row = Tenant.objects.select_for_update(of=("self",), no_key=True).get(pk=tenant.pk)
    if not by.has_perm("journey.change_tenant"):
        raise NotYours
    if enterprise.organisation_id != row.organisation_id:
        raise GuardFailed(_("This company belongs to another organisation."), code="another-organisation")
    row.enterprise, row.sector = enterprise, enterprise.sector
    row.save(update_fields=["enterprise", "sector"])
    tenant.refresh_from_db()
    _changed(tenant)
    return tenant


@verb
def found_company(*, tenant: Tenant, by, share: int, **company) -> Tenant:
    """Enter the company that a tenant's project became: the team becomes it, and the founder holds ``share`` per cent.

    ``company`` is what ``register_enterprise`` takes. Raises MoveRefused, or ValidationError where a value is wrong.
    """
    row = Tenant.objects.select_for_update(of=("self",), no_key=True).get(pk=tenant.pk)
    if row.enterprise_id:
        raise GuardFailed(_("This tenant has its company already."), code="has-company")
    founder = {"talent": row.talent, "share": share, "legal_representative": True}
    try:
        enterprise = register_enterprise(by=by, organisation=row.organisation, founders=[founder], **company)
    except RegisterRefused as refusal:
        raise GuardFailed(str(refusal), code="register-refused") from refusal
    return link_enterprise(tenant=tenant, enterprise=enterprise, by=by)


# --- Standing aside and going out -------------------------------------------------------------------------------------
@verb
def suspend(*, tenant: Tenant, by, note: str, version: int | None = None) -> TransitionLog:
    """Suspend a tenant for a cause that it is told. Raises MoveRefused."""
    log = apply_move(MACHINE, tenant, "suspend", by=by, may=access.may_make, note=note, version=version)
    _changed(tenant)
    tell_tenant("tenant-suspended", tenant, note)
    return log


@verb
def resume(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Take a suspended tenant back where it stood. Raises MoveRefused."""
    log = apply_move(MACHINE, tenant, "resume", by=by, may=access.may_make, note=note, version=version)
    _changed(tenant)
    tell_tenant("tenant-resumed", tenant, note)
    return log


@verb
def graduate(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Let a tenant of the last stage graduate, as another person proposed. Raises MoveRefused."""
    gates = []

    def guard(locked: Tenant) -> None:
        if Stage(locked.stage).next is not None:
            raise GuardFailed(_("Only a tenant of the last stage can graduate."), code="not-the-last-stage")
        gates.append(_open_gate(locked))

    log = apply_move(MACHINE, tenant, "graduate", by=by, may=access.may_make, note=note, version=version, guard=guard)
    _decide(gates[0], Gate.Outcome.PASSED, log)
    _go(tenant, log)
    return log


@verb
def announce_exit(*, tenant: Tenant, by, note: str, version: int | None = None) -> TransitionLog:
    """Announce that a tenant leaves the park, with the reason. A second person confirms it. Raises MoveRefused."""
    return apply_move(MACHINE, tenant, "announce_exit", by=by, may=access.may_make, note=note, version=version)


@verb
def exit(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Confirm that a tenant leaves the park, as another person announced. Raises MoveRefused."""

    def guard(locked: Tenant) -> None:
        if not TransitionLog.objects.of(locked).made().filter(move="announce_exit").exists():
            raise GuardFailed(_("Nobody has announced this exit yet."), code="not-announced")

    log = apply_move(MACHINE, tenant, "exit", by=by, may=access.may_make, note=note, version=version, guard=guard)
    _go(tenant, log)
    return log


def _go(tenant: Tenant, log: TransitionLog) -> None:
    """Close what was open while the tenant was in the park."""
    _leave_stage(tenant)
    for gate in tenant.gates.filter(outcome=Gate.Outcome.OPEN):
        _decide(gate, Gate.Outcome.HELD, log)
    live = [TenantState.ACTIVE, TenantState.SUSPENDED]
    if not Tenant.objects.filter(talent=tenant.talent, state__in=live).exists():
        stand_as(talent=tenant.talent, state=TalentState.ALUMNUS)
    _changed(tenant)
    tell_tenant("tenant-left", tenant, log.note)


# --- Milestones -------------------------------------------------------------------------------------------------------
@verb
def reach_milestone(*, milestone: Milestone, by, on=None) -> Milestone:
    """Say that a milestone is reached (today, if no day is named). Raises MoveRefused."""
    rows = Milestone.objects.select_for_update(of=("self",), no_key=True).select_related("tenant__organisation")
    milestone = rows.get(pk=milestone.pk)
    if not access.may_edit_milestones(by, milestone.tenant):
        raise NotYours
    day = on or _today()
    if day > _today():
        raise GuardFailed(_("This day is still to come."), code="day-ahead")
    milestone.reached_on = day
    milestone.save(update_fields=["reached_on"])
    return milestone
