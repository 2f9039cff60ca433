"""Benefits that need no application: approved ahead by the portal, confirmed by the tenant."""

from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, apply_move, begin, verb
from services.policies.models import Policy

from .. import access, fitting, letters, trust
from ..models import Budget, Claim, Terms
from ..states import MACHINE
from . import money as lines
from .claiming import NotComplete, checked_account, next_ref


@verb
def pre_approve(*, tenant, policy: Policy, terms: Terms) -> Claim:
    """Approve a benefit ahead for a tenant that meets every condition by verified and fresh facts.

    Raises GuardFailed where that no longer holds, or no fund line has enough left.
    """
    found = trust.look(policy, tenant, terms)
    if not found.holds:
        raise GuardFailed(_("Not every condition is met by verified and recent facts."), code="not-verified")
    benefit, period = fitting.standard_of(policy, terms), fitting.period_of(terms)
    if benefit is None:
        raise GuardFailed(_("Choose one of the benefits listed."), code="no-benefit")
    amount, now = terms.standard_amount, timezone.now()
    fitting.check_ceiling(benefit.ceiling, amount)
    line = Budget.objects.for_policy(policy.pk, period).with_left().filter(left__gte=amount).first()
    if line is None:
        raise GuardFailed(_("There is not enough money left on this fund line."), code="no-budget")
    lines.reserve(line.pk, amount)
    claim = Claim.objects.create(
        ref=next_ref(), tenant=tenant, policy=policy, wording=policy.current, benefit=benefit.place,
        words=benefit.words, period=period, lane=Claim.Lane.AHEAD, state=MACHINE.find("pre_approve").target,
        amount_asked=amount, amount_proposed=amount, amount_allowed=amount, budget=line, sent_at=now, approved_at=now,
    )  # fmt: skip
    begin(MACHINE, claim, "pre_approve", by=None, versions={"terms": terms.version})
    fitting.keep(claim, found.match)
    letters.tell_tenant("benefit-ready", claim)
    return claim


@verb
def confirm(
    *, claim: Claim, by, holder: str, bank_name: str, number: str, declared: bool, lock: int | None = None
):  # fmt: skip
    """Confirm a benefit that the portal approved ahead, and say where the money goes."""
    changes = {}

    def holds_still(locked: Claim) -> None:
        if not declared:
            raise NotComplete(_("Say that what you send is true."))
        changes.update(checked_account(locked.tenant, holder, bank_name, number))
        policy = fitting.policy_of(locked.policy_id)
        terms = fitting.terms_of(policy) if policy else None
        if terms is None or not trust.look(policy, locked.tenant, terms).holds:
            raise GuardFailed(
                _("Something we know of you has changed since. Send a claim in the normal way instead."),
                code="not-verified",
            )

    log = apply_move(
        MACHINE, claim, "confirm", by=by, may=access.may_make, acting_for=claim.tenant.organisation, version=lock,
        guard=holds_still, changes=changes,
    )  # fmt: skip
    letters.tell_tenant("benefit-confirmed", claim)
    letters.tell_duty("claim-to-pay", claim, "pay_claim")
    return log


@verb
def lapse(*, claim: Claim, note: str = ""):
    """Let a benefit lapse that nobody confirmed in time, or that no longer holds. The normal way stays open."""

    def let_go(locked: Claim) -> None:
        lines.release(locked.budget_id, locked.amount_allowed)

    log = apply_move(MACHINE, claim, "lapse", by=None, may=access.may_make, note=note, guard=let_go)
    letters.tell_tenant("benefit-lapsed", claim)
    return log
