"""What the rules say of one tenant, condition by condition: made on view by the same engine that judges sets."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.utils import timezone

from incubation.facts import wide_row
from incubation.facts.models import TenantFact
from incubation.facts.vocabulary import TENANT_FACTS
from incubation.journey.models import TenantState
from park.rules import explain
from park.rules.explain import Known
from park.rules.judge import Judgement, compile_python, judge
from park.rules.reverse import Box
from park.rules.states import Verdict as Word
from park.rules.tree import Rule

from .kinds import Applicant
from .models import Policy, PolicyVersion, SetAside, Verdict
from .scope import STAGES

RANK = {Word.FITS: 0, Word.MAY_FIT: 1, Word.NOT_NOW: 2}
NO_DEADLINE = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass
class Match:
    """A policy and what it says of one subject. ``criteria`` are dicts as the component ``match`` takes them."""

    policy: Policy
    judgement: Judgement
    known: Mapping[str, Known] = field(default_factory=dict)
    subject: str = ""
    checked_at: dt.datetime = field(default_factory=timezone.now)
    of: PolicyVersion | None = None  # None: the version that the catalogue shows

    @property
    def version(self) -> PolicyVersion:
        return self.of or self.policy.current

    @property
    def verdict(self) -> str:
        return str(self.judgement.verdict)

    @property
    def near(self) -> bool:
        return self.judgement.near and self.judgement.verdict != Word.FITS

    @property
    def decider(self) -> str:
        return self.policy.issuing_body

    @cached_property
    def criteria(self) -> list[dict]:
        return [entry.as_criterion() | {"key": entry.key} for entry in explain.conditions(self.judgement, self.known)]

    @cached_property
    def counts(self) -> dict[str, int]:
        states = [criterion["state"] for criterion in self.criteria]
        return {state: states.count(state) for state in ("met", "not_met", "unknown")}

    @cached_property
    def stale(self) -> dict[str, dt.date]:
        """The facts this verdict rests on that are past their last day, each with that day."""
        return explain.stale(self.judgement, self.known)

    @property
    def order(self) -> tuple:
        """Best fit first; among equals what needs the fewest conditions more, then what closes first."""
        closes = self.version.deadline or NO_DEADLINE
        return RANK[self.judgement.verdict], self.judgement.blocking, closes, self.policy.pk


@lru_cache(maxsize=4096)
def _rule(pk: int, row_version: int, version: PolicyVersion) -> Rule:
    return version.parsed


def rule_of(version: PolicyVersion) -> Rule:
    """Return the rule of a version; what was read once is kept, for a row that changes counts on."""
    return _rule(version.pk, version.version, version)


@lru_cache(maxsize=4096)
def _compiled(rule: Rule):
    return compile_python(rule)


def may_apply(policy: Policy, tenant) -> bool:
    """Return whether a tenant of this kind may apply at all; the same as ``matching.audience``."""
    if tenant.state != TenantState.ACTIVE or not STAGES[Applicant(policy.applicant)]:
        return False
    return policy.applicant != Applicant.ENTERPRISE or tenant.enterprise_id is not None


def origins(row: TenantFact) -> dict[str, Known]:
    return wide_row.explained(row.origins)


def running(now=None):
    """Return the policies of the catalogue that can be made use of, with their current versions: one statement."""
    return Policy.objects.running(now).select_related("current").defer("search").order_by("pk")


def for_tenant(tenant) -> list[Match]:
    """Return every policy that a tenant of this kind can use, best fit first: a constant number of statements.

    Each policy says as ``aside`` whether the tenant has set it aside.
    """
    policies = running().annotate(aside=SetAside.objects.of("pk", tenant.pk))
    found = of_tenant([policy for policy in policies if may_apply(policy, tenant)], tenant)
    return sorted(found, key=lambda match: match.order)


_boxes: dict[tuple, Box] = {}
MOST_BOXES = 4


def box_of(policies: Iterable[Policy]) -> Box:
    """Return the rules of these policies laid out for one subject; kept until one of them changes."""
    policies = list(policies)
    key = tuple((policy.current.pk, policy.current.version) for policy in policies)
    if key not in _boxes:
        for old in list(_boxes)[: max(len(_boxes) - MOST_BOXES + 1, 0)]:
            _boxes.pop(old, None)
        _boxes[key] = Box.of({policy.pk: rule_of(policy.current) for policy in policies})
    return _boxes[key]


def possible_for(tenant) -> list[Match]:
    """Return the policies that fit or may fit a tenant and that it did not set aside, best fit first.

    All running policies are asked in one pass; only what is not ruled out is judged condition by condition.
    """
    policies = list(running().annotate(aside=SetAside.objects.of("pk", tenant.pk)))
    row = wide_row.row_of(tenant)
    words = box_of(policies).verdicts(wide_row.values_of(row))
    wanted = [
        policy
        for policy in policies
        if words[policy.pk] != Word.NOT_NOW and not policy.aside and may_apply(policy, tenant)
    ]
    return sorted(of_tenant(wanted, tenant, row), key=lambda match: match.order)


def of_tenant(policies: Iterable[Policy], tenant, row: TenantFact | None = None) -> list[Match]:
    """Return what these policies say of a tenant, in their order: one statement for what is known of it."""
    row = row or wide_row.row_of(tenant)
    values, known, now = wide_row.values_of(row), origins(row), timezone.now()
    return [Match(policy, judge(rule_of(policy.current), values), known, str(tenant), now) for policy in policies]


def of_rows(version: PolicyVersion, rows: Iterable[TenantFact]) -> list[Match]:
    """Return what a version says of each of these tenants, for officers."""
    rule = rule_of(version)
    policy = version.policy
    return [
        Match(policy, judge(rule, wide_row.values_of(row)), origins(row), str(row.tenant), of=version) for row in rows
    ]


def of_answers(policy: Policy, answers: Mapping[str, object]) -> Match:
    """Return what a policy says of somebody of whom only some answers are known. Nothing is kept."""
    return Match(policy, judge(rule_of(policy.current), answers), {key: Known("answer") for key in answers})


def masks(rule: Rule, answers: Mapping[str, object]) -> tuple[bool | None, int, int]:
    """Return the value of a rule and its two masks, by the generated function."""
    return _compiled(rule)({TENANT_FACTS[key].column: value for key, value in answers.items()})


def of_verdict(verdict: Verdict) -> Match:
    """Return a stored verdict in full, from the trace that was kept with it; what ran out is told as seen today."""
    version, day = verdict.version, wide_row.today()
    values = {entry["fact"]: entry["value"] for entry in verdict.trace}
    known = {entry["fact"]: Known.read(_seen(entry, day)) for entry in verdict.trace}
    return Match(version.policy, judge(rule_of(version), values), known, checked_at=verdict.judged_at, of=version)


def _seen(entry: Mapping, day: dt.date) -> Mapping:
    """Return an entry of a trace with its last day, where it is over."""
    over = entry.get("until") and dt.date.fromisoformat(entry["until"]) < day
    return entry | {"ended": entry["until"]} if over else entry


def settled_by(key: str, matches: Iterable[Match], without: Policy) -> int:
    """Return how many other policies wait for a fact."""
    return sum(
        match.policy.pk != without.pk and any(fact.key == key for fact in match.judgement.missing) for match in matches
    )
