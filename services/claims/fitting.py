"""What a tenant may claim now: under which policies, for which benefits and period, and what the rule says of it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from park.pages.wording import money
from park.rules import explain
from park.rules.states import Verdict as Word
from park.workflow.actions import GuardFailed
from park.workflow.calendar import beijing_day
from services.policies import judging
from services.policies.kinds import Live
from services.policies.models import Policy, PolicyVersion
from services.policies.models.policies import in_language
from services.policies.scope import CASH

from .models import Claim, ClaimVerdict, Rhythm, Terms

TAKING = (Live.OPEN, Live.CLOSING_SOON)


@dataclass(frozen=True)
class Benefit:
    """One benefit in money of a policy version, by its place in the list."""

    place: int
    words: dict[str, str]
    ceiling: Decimal | None

    def __str__(self) -> str:
        return next(iter(in_language([self.words])), "")


def benefits_of(version: PolicyVersion) -> list[Benefit]:
    """Return the benefits that are paid in money, in the policy's order."""
    return [
        Benefit(
            place,
            {"en": entry.get("en") or "", "zh": entry.get("zh") or ""},
            None if entry.get("amount_max") is None else Decimal(str(entry["amount_max"])),
        )
        for place, entry in enumerate(version.benefits)
        if entry.get("type") in CASH and entry.get("currency") in {"CNY", None}
    ]


def benefit_at(version: PolicyVersion, place: int) -> Benefit | None:
    return next((benefit for benefit in benefits_of(version) if benefit.place == place), None)


def standard_of(policy: Policy, terms: Terms) -> Benefit | None:
    """Return the benefit that is paid without application, if the policy still lists it there in the same words.

    An amendment may put another benefit in its place: then nothing is paid ahead until the terms are written anew.
    """
    found = benefit_at(policy.current, terms.standard_benefit) if terms.no_application else None
    return found if found is not None and found.words == terms.standard_words else None


def within_ceiling(claim: Claim, amount: Decimal) -> None:
    """Raise GuardFailed where an amount is more than the version that a claim rests on pays for its benefit."""
    benefit = benefit_at(claim.wording, claim.benefit)
    check_ceiling(benefit.ceiling if benefit else None, amount)


def check_ceiling(most: Decimal | None, amount: Decimal) -> None:
    if most is not None and amount > most:
        raise GuardFailed(
            _("The policy pays %(amount)s at the most for this.") % {"amount": money(most)}, code="above-ceiling"
        )


def period_of(terms: Terms, now: dt.datetime | None = None) -> str:
    """Return the period for which a claim is made today."""
    return "once" if terms.rhythm == Rhythm.ONCE else str(beijing_day(now or timezone.now()).year)


def policy_of(slug_or_pk) -> Policy | None:
    """Return a listed policy with its version and how it stands today."""
    found = Policy.objects.listed().with_status().select_related("current", "terms")
    key = {"pk": slug_or_pk} if isinstance(slug_or_pk, int) else {"slug": slug_or_pk}
    return found.filter(**key).first()


def terms_of(policy: Policy) -> Terms | None:
    """Return the approved terms of a policy, if there are any."""
    terms = getattr(policy, "terms", None)
    return terms if terms is not None and terms.approved_by_id else None


def obstacle(policy: Policy | None, tenant) -> str:
    """Say why this tenant cannot claim under a policy at all now; empty where it can."""
    if policy is None or terms_of(policy) is None or not benefits_of(policy.current):
        return _("The park takes no claims under this policy. Its page says where to apply.")
    if policy.live not in TAKING:
        return _("This policy takes no claims now.")
    if not judging.may_apply(policy, tenant):
        return _("This policy is not for tenants like you.")
    return ""


def match_of(policy: Policy, tenant) -> judging.Match:
    """Return what the policy says of the tenant now."""
    return judging.of_tenant([policy], tenant)[0]


def in_the_way(match: judging.Match, *, to_send: bool = False) -> str:
    """Say which condition is not met; empty where nothing is in the way.

    A claim may be begun while a condition can still come to be met; it is sent when none is known not to be.
    """
    if match.judgement.value is not False if to_send else match.judgement.verdict != Word.NOT_NOW:
        return ""
    rule = next((each["rule"] for each in match.criteria if each["state"] == "not_met"), "")
    return _("A condition is not met: %(rule)s") % {"rule": rule}


def keep(claim: Claim, match: judging.Match) -> ClaimVerdict:
    """Write down beside a claim what the rule said, with every fact as it was read."""
    judgement = match.judgement
    trace = [
        {"fact": key, "value": value} | (match.known.get(key) or explain.Known()).kept()
        for key, value in explain.values_used(judgement).items()
    ]
    return ClaimVerdict.objects.create(
        claim=claim, version=match.version, word=match.verdict, near=judgement.near, met=judgement.met,
        unknown=judgement.unknown, trace=trace, judged_at=match.checked_at,
    )  # fmt: skip


def beside(then: judging.Match, today: judging.Match | None) -> list[dict]:
    """Return each condition as it was read when a claim was sent, with how it stands today beside it."""
    now = {criterion["rule"]: criterion for criterion in today.criteria} if today else {}
    return [criterion | {"today": now.get(criterion["rule"])} for criterion in then.criteria]


def of_kept(verdict: ClaimVerdict) -> judging.Match:
    """Return a verdict in full as it was kept with a claim."""
    return judging.of_verdict(verdict)
