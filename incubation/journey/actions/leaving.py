"""Leaving the park before the last gate: announced, handed over, confirmed by a second person."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from park.pages.wording import local_date
from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.models import TransitionLog

from .. import access, telling
from ..models import HandoverItem, Tenant, TenantExit
from ..states import MACHINE
from .deciding import close_behind
from .moving import today

NOTICE_DAYS = 30


def announced(tenant: Tenant) -> TenantExit | None:
    """Return the exit that was announced and not taken back."""
    return tenant.exits.filter(taken_back_at=None).first()


def _announced(tenant: Tenant) -> TenantExit:
    rows = tenant.exits.filter(taken_back_at=None).select_for_update(of=("self",), no_key=True)
    found = rows.first()
    if found is None:
        raise GuardFailed(_("Nobody has announced this exit yet."), code="not-announced")
    return found


@verb
def announce_exit(
    *, tenant: Tenant, by, note: str, kind: str = TenantExit.Kind.VOLUNTARY, leaves_on: dt.date | None = None,
    version: int | None = None,
) -> TenantExit:
    """Announce that a tenant leaves: at its own wish, or because the park says so. A second person confirms it.

    It leaves in 30 days unless another day is named. Raises MoveRefused.
    """  # fmt: skip
    leaves_on = leaves_on or today() + dt.timedelta(days=NOTICE_DAYS)

    def guard(locked: Tenant) -> None:
        if locked.exits.filter(taken_back_at=None).exists():
            raise GuardFailed(_("This exit is announced already."), code="announced-already")
        if leaves_on < today():
            raise GuardFailed(_("The day it leaves on is over."), code="day-over")
        if not by.has_perm(access.DECIDE) and kind != TenantExit.Kind.VOLUNTARY:
            raise GuardFailed(_("Only the park can say that."), code="not-yours")

    log = apply_move(
        MACHINE, tenant, "announce_exit", by=by, may=access.may_make, note=note, reason_code=kind, version=version,
        guard=guard,
    )  # fmt: skip
    leaving = TenantExit.objects.create(
        tenant=tenant, kind=kind, reason=note, announced_by=by, announced_at=log.at, leaves_on=leaves_on
    )
    HandoverItem.objects.bulk_create(HandoverItem(leaving=leaving, item=item) for item in HandoverItem.Item)
    telling.tell_tenant("tenant-leaves", tenant, note, day=lambda: local_date(leaves_on, "long"))
    telling.tell_staff("stage-passed-staff", "hear_gate", tenant, leaves=True)
    return leaving


@verb
def take_back_exit(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> TenantExit:
    """Take an announced exit back: the tenant stays. Raises MoveRefused."""
    found = []
    apply_move(
        MACHINE, tenant, "take_back_exit", by=by, may=access.may_make, note=note, version=version,
        guard=lambda locked: found.append(_announced(locked)),
    )  # fmt: skip
    found[0].taken_back_at = timezone.now()
    found[0].save(update_fields=["taken_back_at"])
    return found[0]


@verb
def hand_over(*, tenant: Tenant, by, items, version: int | None = None) -> TenantExit:
    """Tick off what a leaving tenant has handed over. Raises MoveRefused."""
    found = []
    log = apply_move(
        MACHINE, tenant, "hand_over", by=by, may=access.may_make, version=version,
        guard=lambda locked: found.append(_announced(locked)), versions={"items": list(items)},
    )  # fmt: skip
    found[0].items.filter(item__in=list(items), done_at=None).update(done_at=log.at, done_by=by)
    return found[0]


@verb
def exit(
    *, tenant: Tenant, by, survival: str, note: str = "", version: int | None = None
) -> TransitionLog:
    """Confirm that a tenant leaves the park, as another person announced, once all is handed over.

    ``survival`` says what becomes of it. Raises MoveRefused.
    """
    found = []

    def guard(locked: Tenant) -> None:
        found.append(_announced(locked))
        left = found[0].items.filter(done_at=None)
        if left.exists():
            words = ", ".join(str(item) for item in left)
            raise GuardFailed(_("Not handed over yet: %(items)s.") % {"items": words}, code="handover-open")
        if found[0].leaves_on > today():
            day = {"day": local_date(found[0].leaves_on, "long")}
            raise GuardFailed(_("It leaves on %(day)s, not before.") % day, code="too-early")
        if survival not in TenantExit.Survival.values:
            raise GuardFailed(_("Say what becomes of the company."), code="survival-missing")

    log = apply_move(MACHINE, tenant, "exit", by=by, may=access.may_make, note=note, version=version, guard=guard)
    leaving = found[0]
    leaving.confirmed_by, leaving.confirmed_at, leaving.survival = by, log.at, survival
    leaving.save(update_fields=["confirmed_by", "confirmed_at", "survival"])
    close_behind(tenant, note)
    return log
