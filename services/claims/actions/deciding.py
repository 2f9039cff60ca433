"""The park's side: take on, check, ask, approve or not. Who checked does not decide."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, apply_move, verb

from .. import access, fitting, letters
from ..models import Budget, Claim
from ..states import MACHINE
from . import money as lines

ANEW = {"finding": "", "verified_by": None, "amount_proposed": None}


@verb
def take(*, claim: Claim, by, version: int | None = None):
    """Take a claim on: from now on it has an officer."""
    return apply_move(
        MACHINE, claim, "take", by=by, may=access.may_make, version=version, changes={"officer": by} | ANEW
    )


@verb
def verify(
    *, claim: Claim, by, finding: str, amount: Decimal | None = None, budget: Budget | None = None,
    internal_note: str = "", version: int | None = None,
):  # fmt: skip
    """Write down what checking a claim brought: whether it is in order, how much is due, and which fund line pays."""

    def sound(locked: Claim) -> None:
        if finding not in Claim.Finding.values:
            raise GuardFailed(_("Say what you found."), code="no-finding")
        if finding == Claim.Finding.OPPOSES:
            return
        if amount is None or amount <= 0:
            raise GuardFailed(_("Write the amount that is due."), code="no-amount")
        if amount > locked.amount_asked:
            raise GuardFailed(_("No more can be allowed than was asked for."), code="above-asked")
        fitting.within_ceiling(locked, amount)
        if budget is None or not Budget.objects.for_policy(locked.policy_id, locked.period).filter(pk=budget.pk):
            raise GuardFailed(_("Choose a fund line of this policy."), code="no-fund-line")

    supports = finding == Claim.Finding.SUPPORTS
    log = apply_move(
        MACHINE, claim, "verify", by=by, may=access.may_make, version=version, guard=sound,
        internal_note=internal_note,
        changes={
            "finding": finding, "verified_by": by, "officer": claim.officer or by,
            "amount_proposed": amount if supports else None, "budget": budget if supports else None,
        },
    )  # fmt: skip
    letters.tell_duty("claim-to-approve", claim, "approve_claim", without=by)
    return log


@verb
def return_claim(*, claim: Claim, by, note: str, internal_note: str = "", version: int | None = None):
    """Ask the tenant for what is missing. The clocks stand still until it answers."""
    log = apply_move(
        MACHINE, claim, "return", by=by, may=access.may_make, note=note, internal_note=internal_note, version=version,
        changes=dict(ANEW),
    )  # fmt: skip
    letters.tell_tenant("claim-returned", claim, note=note)
    return log


@verb
def approve(*, claim: Claim, by, note: str = "", internal_note: str = "", version: int | None = None):
    """Approve what another officer checked. The money is held from this moment on."""
    changes = {"approved_by": by, "approved_at": timezone.now()}

    def covered(locked: Claim) -> None:
        if locked.finding != Claim.Finding.SUPPORTS:
            raise GuardFailed(_("Another officer has to check it first and find it in order."), code="not-checked")
        changes["amount_allowed"] = locked.amount_proposed
        lines.reserve(locked.budget_id, locked.amount_proposed)

    log = apply_move(
        MACHINE, claim, "approve", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version, guard=covered, changes=changes,
    )  # fmt: skip
    letters.tell_tenant("claim-approved", claim, note=note)
    letters.tell_duty("claim-to-pay", claim, "pay_claim")
    return log


@verb
def reject(*, claim: Claim, by, note: str, internal_note: str = "", version: int | None = None):
    """Refuse what another officer checked, with the reasons. The tenant may ask for a second look once."""

    def checked(locked: Claim) -> None:
        if not locked.finding:
            raise GuardFailed(_("Another officer has to check it first."), code="not-checked")

    log = apply_move(
        MACHINE, claim, "reject", by=by, may=access.may_make, note=note, internal_note=internal_note, version=version,
        guard=checked, changes={"rejected_at": timezone.now()},
    )  # fmt: skip
    letters.tell_tenant("claim-rejected", claim)
    return log


@verb
def reopen(*, claim: Claim, by, note: str = "", internal_note: str = "", version: int | None = None):
    """See a point in the second look: the claim is checked again from the start."""
    log = apply_move(
        MACHINE, claim, "reopen", by=by, may=access.may_make, note=note, internal_note=internal_note, version=version,
        changes={"officer": None} | ANEW,
    )  # fmt: skip
    letters.tell_tenant("claim-second-look", claim, upheld=False)
    letters.tell_duty("claim-arrived", claim, "verify_claim", without=by)
    return log


@verb
def uphold(*, claim: Claim, by, note: str, internal_note: str = "", version: int | None = None):
    """Let a refusal stand after the second look."""
    log = apply_move(
        MACHINE, claim, "uphold", by=by, may=access.may_make, note=note, internal_note=internal_note, version=version
    )
    letters.tell_tenant("claim-second-look", claim, upheld=True)
    return log
