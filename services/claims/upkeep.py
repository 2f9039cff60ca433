"""What the portal does by itself: approve ahead where nothing is in doubt, say where something is, remind, let lapse.

Each is a question asked anew ("whom does it fit, and who has no claim?"), so a night that was missed is made good by
the next, and a second run finds nothing to do.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from incubation.facts import wide_row
from park.workflow.actions import MoveRefused
from park.workflow.models import Clock
from services.policies import matching
from services.policies.models import Policy, Verdict

from . import actions, fitting, letters, trust
from .models import Claim, Fallback, Terms
from .states import ENDED_WITHOUT, IN_WORK, UNPAID, State


# --- Clocks (see ``apps.py``) -----------------------------------------------------------------------------------------
def _claims(clocks: QuerySet[Clock], *states: str) -> list[tuple[Clock, Claim]]:
    """Return the clocks of claims in these states, each with its claim."""
    clocks = list(clocks)
    found = Claim.objects.filter(state__in=states).select_related("tenant__organisation", "wording")
    claims = found.in_bulk([clock.object_id for clock in clocks])
    return [(clock, claims[clock.object_id]) for clock in clocks if clock.object_id in claims]


def remind_officers(clocks: QuerySet[Clock], *, broken: bool = False) -> None:
    """Checking a claim takes long: tell everybody whose duty it is."""
    for clock, claim in _claims(clocks, State.SUBMITTED, State.VERIFYING):
        letters.tell_late(claim, clock, "verify_claim", broken=broken)


def remind_of_payment(clocks: QuerySet[Clock], *, broken: bool = False) -> None:
    """The 60 days are running out, or over: tell those whose turn it is."""
    for clock, claim in _claims(clocks, *IN_WORK):
        letters.tell_late(claim, clock, "pay_claim" if claim.state in UNPAID else "verify_claim", broken=broken)


def remind_approvers(clocks: QuerySet[Clock], *, broken: bool = False) -> None:
    for clock, claim in _claims(clocks, State.RECONSIDERATION):
        letters.tell_late(claim, clock, "approve_claim", broken=broken)


def end_the_unconfirmed(clocks: QuerySet[Clock]) -> None:
    """A benefit stood ready for 20 working days and nobody confirmed it."""
    for _clock, claim in _claims(clocks, State.PRE_APPROVED):
        _lapse(claim, _("Nobody confirmed it within 20 working days."))


# --- Every night ------------------------------------------------------------------------------------------------------
def approve_ahead() -> int:
    """Approve ahead every benefit that needs no application where each condition is met by facts beyond doubt.

    Where it fits, but only by facts that are stale or self-declared, the normal way is said, with the reason.
    Four statements a policy choose; each approval is a transaction of its own. Returns how many are new.
    """
    lapse_what_no_longer_holds()
    return sum(_of_policy(terms) for terms in Terms.objects.without_application().select_related("policy"))


def _of_policy(terms: Terms) -> int:
    policy = fitting.policy_of(terms.policy_id)
    benefit = fitting.standard_of(policy, terms) if policy else None
    if benefit is None or policy.live not in fitting.TAKING:
        Fallback.objects.filter(policy=terms.policy_id).delete()
        return 0
    period = fitting.period_of(terms)
    before = Claim.objects.filter(policy=policy, benefit=benefit.place, period=period)
    taken = before.live().values("tenant")
    rows = list(
        matching.judged(policy.current)
        .filter(word=Verdict.Word.FITS)
        .exclude(tenant__in=taken)
        .select_related("tenant__organisation", "tenant__talent__user", "tenant__enterprise")
        .order_by("tenant")
    )
    ended = set(before.filter(lane=Claim.Lane.AHEAD, state__in=ENDED_WITHOUT).values_list("tenant", flat=True))
    facts, new, reasons = trust.facts_behind(rows), 0, {}
    for row in rows:
        found = trust.look_at(policy, row.tenant, terms, row, facts)
        if row.tenant_id in ended:
            reasons[row.tenant_id] = found.reasons or [{"why": str(trust.Why.ENDED)}]
        elif not found.holds:
            reasons[row.tenant_id] = found.reasons
        else:
            try:
                actions.pre_approve(tenant=row.tenant, policy=policy, terms=terms)
                new += 1
            except MoveRefused as refusal:
                if refusal.code == "no-budget":
                    reasons[row.tenant_id] = [{"why": str(trust.Why.NO_BUDGET)}]
    _fall_back(policy, period, {row.tenant_id: row.tenant for row in rows}, reasons)
    return new


@transaction.atomic
def _fall_back(policy: Policy, period: str, tenants: dict, reasons: dict[int, list]) -> None:
    """Keep why the normal way is needed, and tell those of it who were not told: both, or neither."""
    standing = Fallback.objects.filter(policy=policy, period=period)
    standing.exclude(tenant__in=reasons).delete()
    told = set(standing.values_list("tenant", flat=True))
    Fallback.objects.bulk_create(
        [Fallback(tenant_id=pk, policy=policy, period=period, reasons=said) for pk, said in reasons.items()],
        update_conflicts=True, unique_fields=["tenant", "policy", "period"], update_fields=["reasons"],
    )  # fmt: skip
    for fallback in standing.filter(tenant__in=set(reasons) - told):
        letters.tell_fallback(tenants[fallback.tenant_id], policy, fallback)


def lapse_what_no_longer_holds() -> int:
    """Let benefits lapse whose conditions are no longer met beyond doubt, or whose policy ended."""
    lapsed = 0
    waiting = Claim.objects.filter(state=State.PRE_APPROVED).select_related(
        "policy", "wording", "tenant__organisation", "tenant__talent__user", "tenant__enterprise"
    )
    policies: dict[int, tuple] = {}
    for claim in waiting:
        if claim.policy_id not in policies:
            policy = fitting.policy_of(claim.policy_id)
            policies[claim.policy_id] = (policy, fitting.terms_of(policy) if policy else None)
        policy, terms = policies[claim.policy_id]
        holds = (
            terms is not None
            and policy.live in fitting.TAKING
            and trust.look(policy, claim.tenant, terms).holds
        )
        lapsed += 0 if holds else _lapse(claim, _("A condition is no longer met by verified and recent facts."))
    return lapsed


def _lapse(claim: Claim, note: str) -> int:
    """Let one lapse; that somebody confirmed it in the same moment is no fault."""
    try:
        actions.lapse(claim=claim, note=note)
    except MoveRefused:
        return 0
    return 1


def refresh_day() -> None:
    """See that today's facts are computed before anything is judged by them."""
    wide_row.refresh(wide_row.out_of_date())
