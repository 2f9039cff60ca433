"""What tenants of the demo park said of policies ("not for us"), whom a policy came to fit later, what runs out."""

import datetime as dt

from incubation.facts import actions as facts
from incubation.facts import wide_row
from incubation.facts.derivation import KEYS as COMPUTED
from incubation.facts.models import Source
from incubation.facts.vocabulary import TENANT_FACTS
from incubation.journey.models import Tenant, TenantState
from park.accounts.models import User
from park.organisations.models import Membership, Role
from park.rules.advice import advise
from park.rules.vocabulary import Type
from services.policies import actions, judging, matching
from services.policies.models import Policy, SetAside, Verdict

SIGN_INS = r"^(tenant|member|scholar)[0-9]@"  # whose pages stay as they were filled
REASONS = (
    (SetAside.Reason.HAVE, "区里的同类资助去年已享受。"),
    (SetAside.Reason.EFFORT, "The audit alone would cost half of it."),
    (SetAside.Reason.LATER, ""),
    (SetAside.Reason.FIELD, "We make software only."),
)
# Policies that come to fit some tenants, and how many.
NEW = {"hnte-recognition": 2, "rd-super-deduction": 2, "jilin-talent-3-0": 1}
ASIDE = ("ccxq-incremental-2025", "hnte-recognition", "changchun-optoelectronics-2023")
OLD, ENDS = "enterprise.is_sme", (-1, -12, 20)  # whose proof runs out, and in how many days


def store(officer: User) -> None:
    set_aside()
    come_to_fit(officer)
    grow_old(officer)


def verdicts(policy: Policy):
    """Return the verdicts of a policy's tenants that nobody signs in for, in a fixed order."""
    found = Verdict.objects.filter(version=policy.current_id, tenant__state=TenantState.ACTIVE)
    found = found.exclude(tenant__organisation__memberships__user__email__regex=SIGN_INS)
    return found.select_related("tenant__organisation", "tenant__enterprise").order_by("tenant")


def owner_of(tenant) -> User:
    return Membership.objects.current().filter(organisation=tenant.organisation_id, role=Role.OWNER).first().user


def set_aside() -> None:
    """Let tenants say of policies that they are not for them; the last of them takes it up again."""
    for slug in ASIDE:
        policy = Policy.objects.select_related("current").get(slug=slug)
        chosen = verdicts(policy).filter(word=Verdict.Word.MAY_FIT)[: len(REASONS)]
        for verdict, (reason, note) in zip(chosen, REASONS, strict=False):
            by = owner_of(verdict.tenant)
            actions.set_aside(policy=policy, tenant=verdict.tenant, by=by, reason=reason, note=note)
    last = SetAside.objects.select_related("policy", "tenant", "by").order_by("-pk").first()
    actions.take_up_again(policy=last.policy, tenant=last.tenant, by=last.by)


def come_to_fit(officer: User) -> None:
    """Have an officer write down what was missing of some tenants, and tell them what it brings."""
    matching.rejudge_changed()  # everybody was judged once
    for slug, most in NEW.items():
        policy = Policy.objects.select_related("current").get(slug=slug)
        there = 0
        for verdict in verdicts(policy).filter(near=True).exclude(word=Verdict.Word.FITS):
            there += there < most and turned(policy, verdict.tenant, officer)
    matching.rejudge_changed()


def grow_old(officer: User) -> None:
    """Let what is known of some companies, the one of a sign-in first, have a last day that is over or comes near."""
    today = wide_row.today()
    signed_in = Tenant.objects.filter(organisation__memberships__user__email="tenant3@company.example")
    others = Tenant.objects.filter(state=TenantState.ACTIVE, known__enterprise_is_sme=True).order_by("pk")
    for tenant, days in zip([*signed_in, *others[: len(ENDS) - 1]], ENDS, strict=False):
        known, until = wide_row.known(tenant).get(OLD), today + dt.timedelta(days=days)
        if known is not None:
            facts.record(
                tenant=tenant, key=OLD, value=known.value, source=Source.REGISTER,
                as_of=min(until, today), valid_until=until, by=officer,
            )  # fmt: skip


def turned(policy: Policy, tenant, officer: User) -> bool:
    """Write down the one thing that keeps a policy from fitting a tenant, if it is a fact that can be given."""
    advice = advise(judging.of_tenant([policy], tenant)[0].judgement)
    if advice is None or any(
        key in COMPUTED or TENANT_FACTS[key].type is Type.MONEY for key in advice.changes
    ):  # the least sum that would do is none that anybody spends
        return False
    given = [facts.Given(key, value, Source.STAFF) for key, value in advice.changes.items()]
    return not any(said.held_back for said in facts.record_many(tenant=tenant, given=given, by=officer))
