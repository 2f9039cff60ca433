"""The finance officer's side: order, write down what was paid, and what came back."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, SecondPersonNeeded, apply_move, verb
from park.workflow.calendar import beijing_day

from .. import access, bank, letters
from ..models import Claim
from ..states import MACHINE
from . import money as lines

NOT_ORDERED = {"ordered_by": None, "account_holder": "", "account_bank": "", "account_sealed": "", "account_ends": ""}


@verb
def order(*, claim: Claim, by, internal_note: str = "", version: int | None = None):
    """Order the payment of an approved or confirmed claim. The account still has to be in the tenant's own name."""

    def payable(locked: Claim) -> None:
        if locked.needs_account:
            raise GuardFailed(
                _("The last payment came back. The tenant has to name an account first."), code="no-account"
            )
        if not locked.account_sealed or not bank.is_theirs(locked.account_holder, locked.tenant):
            raise GuardFailed(
                _("The account is not in the tenant's own name. Nothing can be paid to it."), code="another-name"
            )

    log = apply_move(
        MACHINE, claim, "order", by=by, may=access.may_make, internal_note=internal_note, version=version,
        guard=payable, changes={"ordered_by": by},
    )  # fmt: skip
    letters.tell_tenant("claim-ordered", claim)
    return log


@verb
def pay(
    *, claim: Claim, by, payment_ref: str, paid_on: dt.date | None = None, internal_note: str = "",
    version: int | None = None,
):  # fmt: skip
    """Write down that the money went out: on which day, and under which reference of the bank."""
    day = paid_on or beijing_day(timezone.now())
    changes = {"paid_by": by, "paid_on": day, "payment_ref": payment_ref.strip()}

    def paid(locked: Claim) -> None:
        if access.orders_and_pays(by, locked):
            raise SecondPersonNeeded
        if not payment_ref.strip():
            raise GuardFailed(_("Write the reference of the payment."), code="no-reference")
        if day > beijing_day(timezone.now()):
            raise GuardFailed(_("This day is still to come."), code="to-come")
        if day < beijing_day(locked.approved_at or locked.sent_at):
            raise GuardFailed(_("This day is before the approval."), code="too-early")
        changes["amount_paid"] = locked.amount_allowed
        lines.spend(locked.budget_id, locked.amount_allowed)

    log = apply_move(
        MACHINE, claim, "pay", by=by, may=access.may_make, internal_note=internal_note, version=version, guard=paid,
        changes=changes,
    )  # fmt: skip
    letters.tell_tenant("claim-paid", claim, paid_on=day.isoformat(), payment_ref=changes["payment_ref"])
    return log


@verb
def bounce(*, claim: Claim, by, note: str, internal_note: str = "", version: int | None = None):
    """Write down that an ordered payment came back, and why. The money stays held; the tenant names another account.

    What was ordered, and to which account, stays in the history.
    """
    log = apply_move(
        MACHINE, claim, "bounce", by=by, may=access.may_make, note=note, internal_note=internal_note, version=version,
        changes=NOT_ORDERED,
    )  # fmt: skip
    letters.tell_tenant("claim-bounced", claim, note=note)
    return log


@verb
def bounce_paid(*, claim: Claim, by, note: str, internal_note: str = "", version: int | None = None):
    """Write down that a payment came back that was on record as paid: it was none. What was paid is held again."""

    def came_back(locked: Claim) -> None:
        lines.hold_again(locked.budget_id, locked.amount_paid)

    log = apply_move(
        MACHINE, claim, "bounce_paid", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version, guard=came_back,
        changes=NOT_ORDERED | {"amount_paid": None, "paid_on": None, "paid_by": None, "payment_ref": ""},
    )  # fmt: skip
    letters.tell_tenant("claim-bounced", claim, note=note)
    return log


@verb
def close(*, claim: Claim, by, internal_note: str = "", version: int | None = None):
    """Close a paid claim: nothing more is to come."""
    return apply_move(
        MACHINE, claim, "close", by=by, may=access.may_make, internal_note=internal_note, version=version
    )


@verb
def claw_back(*, claim: Claim, by, note: str, internal_note: str = "", version: int | None = None):
    """Ask for money back that should not have been paid, and say why."""
    log = apply_move(
        MACHINE, claim, "claw_back", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version,
    )  # fmt: skip
    letters.tell_tenant("claim-clawback", claim)
    return log


@verb
def recover(*, claim: Claim, by, amount: Decimal, internal_note: str = "", version: int | None = None):
    """Write down how much came back. It can be spent again."""

    def came_back(locked: Claim) -> None:
        if not 0 < amount <= locked.amount_paid:
            raise GuardFailed(_("No more can come back than was paid."), code="above-paid")
        lines.bring_back(locked.budget_id, amount)

    log = apply_move(
        MACHINE, claim, "recover", by=by, may=access.may_make, internal_note=internal_note, version=version,
        guard=came_back, changes={"amount_recovered": amount},
    )  # fmt: skip
    letters.tell_tenant("claim-recovered", claim, recovered=str(amount))
    return log
