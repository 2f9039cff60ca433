"""Standing aside, more time, and taking back a stage that was entered by error."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from park.pages.wording import local_date
from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.models import TransitionLog

from .. import access, judging, telling
from ..models import Extension, StageCorrection, Suspension, Tenant
from ..stages import Stage
from ..states import MACHINE
from .moving import enter, entering, leave_stage, lock, shift_due, today
from .watching import changed


@verb
def suspend(
    *, tenant: Tenant, by, note: str, cause: str = Suspension.Cause.OTHER, effect: str = "", version: int | None = None
) -> TransitionLog:
    """Suspend a tenant for a cause that it is told. The time does not count. Raises MoveRefused."""
    log = apply_move(
        MACHINE, tenant, "suspend", by=by, may=access.may_make, note=note, reason_code=cause, version=version
    )
    Suspension.objects.create(tenant=tenant, cause=cause, since=today(), effect=effect)
    changed(tenant)
    telling.tell_tenant("tenant-suspended", tenant, note, effect=effect)
    telling.tell_staff("stage-passed-staff", "hear_gate", tenant, suspended=True)
    return log


@verb
def look_again(*, tenant: Tenant, by, note: str, version: int | None = None) -> TransitionLog:
    """Find that the cause of a suspension still holds; it is looked at again in a month. Raises MoveRefused."""
    return apply_move(
        MACHINE, tenant, "look_again", by=by, may=access.may_make, internal_note=note, note=note, version=version
    )


@verb
def resume(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Take a suspended tenant back where it stood; the day of its gate moves by the time aside. Raises MoveRefused."""
    log = apply_move(MACHINE, tenant, "resume", by=by, may=access.may_make, note=note, version=version)
    aside = tenant.suspensions.filter(ended_on=None).first()
    if aside is not None:
        aside.ended_on = today()
        aside.save(update_fields=["ended_on"])
        shift_due(tenant, (aside.ended_on - aside.since).days)
    changed(tenant)
    telling.tell_tenant("tenant-resumed", tenant, note)
    return log


@verb
def extend(*, tenant: Tenant, by, due: dt.date, note: str, version: int | None = None) -> Extension:
    """Give a tenant more time in its stage, as often and as long as the terms of its gate allow. Raises MoveRefused."""
    row = lock(tenant.pk)
    terms = judging.terms_for(row.stage)
    enrolment = row.enrolments.filter(ended_on=None).first()
    given = enrolment.extensions.count() if enrolment else 0
    most = terms.extensions if terms else 0

    def guard(locked: Tenant) -> None:
        if enrolment is None or given >= most:
            raise GuardFailed(_("No more time can be given in this stage."), code="no-more-time")
        begins = max(locked.stage_due or today(), today())
        latest = begins + dt.timedelta(days=31 * terms.extension_months)
        if not begins < due <= latest:
            days = {"first": local_date(begins, "long"), "last": local_date(latest, "long")}
            raise GuardFailed(_("Choose a day after %(first)s and not after %(last)s.") % days, code="day-out-of-range")

    before = row.stage_due
    log = apply_move(
        MACHINE, tenant, "extend", by=by, may=access.may_make, note=note, version=version, guard=guard,
        changes={"stage_due": due},
    )  # fmt: skip
    enrolment.due = due
    enrolment.save(update_fields=["due"])
    extension = Extension.objects.create(
        enrolment=enrolment, number=given + 1, of=most, due_before=before, due=due, reason=note, by=by, at=log.at
    )
    telling.tell_tenant("stage-extended", tenant, note, day=lambda: local_date(due, "long"))
    return extension


@verb
def propose_correction(
    *, tenant: Tenant, by, target: str, note: str, version: int | None = None
) -> StageCorrection:
    """Propose to take back a stage that was entered by error; the note says what proves it. Raises MoveRefused."""

    def guard(locked: Tenant) -> None:
        if target not in Stage.values or Stage(target).number >= Stage(locked.stage).number:
            raise GuardFailed(_("A correction leads back to an earlier stage."), code="not-back")
        if locked.corrections.filter(confirmed_at=None, dropped_at=None).exists():
            words = _("A correction is proposed already. A second manager confirms it.")
            raise GuardFailed(words, code="proposed-already")
        if locked.gates.under_way().exists():
            raise GuardFailed(_("It stands at a gate. Decide that first."), code="gate-open")

    origin = Tenant.objects.values_list("stage", flat=True).get(pk=tenant.pk)
    log = apply_move(
        MACHINE, tenant, "propose_correction", by=by, may=access.may_make, note=note, version=version, guard=guard
    )
    return StageCorrection.objects.create(
        tenant=tenant, origin=origin, target=target, error=note, proposed_by=by, proposed_at=log.at
    )


def _proposed(tenant: Tenant) -> StageCorrection:
    rows = tenant.corrections.filter(confirmed_at=None, dropped_at=None)
    found = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise GuardFailed(_("Nobody has proposed a correction."), code="no-correction")
    return found


@verb
def drop_correction(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> StageCorrection:
    """Leave the stage as it is. Raises MoveRefused."""
    found = []
    apply_move(
        MACHINE, tenant, "drop_correction", by=by, may=access.may_make, internal_note=note, version=version,
        guard=lambda locked: found.append(_proposed(locked)),
    )  # fmt: skip
    found[0].dropped_at = timezone.now()
    found[0].save(update_fields=["dropped_at"])
    return found[0]


@verb
def correct(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> StageCorrection:
    """Take back the stage, as another manager proposed. What was entered by error stays, marked. Raises MoveRefused."""
    row = lock(tenant.pk)
    waiting = row.corrections.filter(confirmed_at=None, dropped_at=None).values_list("target", flat=True).first()
    found = []

    def guard(locked: Tenant) -> None:
        found.append(_proposed(locked))
        if found[0].origin != locked.stage:
            raise GuardFailed(_("It stands at another stage by now."), code="moved-on")
        if locked.gates.under_way().exists():
            raise GuardFailed(_("It stands at a gate. Decide that first."), code="gate-open")

    origin = row.stage
    first = row.enrolments.true().filter(stage=waiting).order_by("since").first()
    changes = entering(row, Stage(waiting)) if waiting else {}
    if first is not None:  # its time there goes on as if the error had not been
        changes |= {"stage_since": first.since, "stage_due": first.due}
    log = apply_move(
        MACHINE, tenant, "correct", by=by, may=access.may_make, note=note, version=version, guard=guard,
        changes=changes, versions={"from": origin, "to": waiting or ""},
    )  # fmt: skip
    correction = found[0]
    correction.confirmed_by, correction.confirmed_at = by, log.at
    correction.save(update_fields=["confirmed_by", "confirmed_at"])
    leave_stage(tenant)
    later = [stage for stage in Stage if stage.number > Stage(tenant.stage).number]
    tenant.enrolments.true().filter(stage__in=later).update(voided_at=log.at)
    enter(tenant, correction=correction)
    changed(tenant)
    telling.tell_tenant("stage-corrected", tenant, correction.error)
    return correction
