"""Which facts of a tenant are verified and fresh, and whether every condition is met by those alone.

Verified is what park staff, the park's records or a register say, and what a paper on file proves. A fact that its home
computes anew each day is as fresh as that day; any other one counts by its own day and its last day.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from incubation.facts import wide_row
from incubation.facts.models import Fact, Source, TenantFact
from incubation.facts.vocabulary import TENANT_FACTS
from park.files.models import DocumentState
from park.rules.judge import judge
from park.rules.states import Verdict as Word
from services.policies import judging
from services.policies.models import Policy

from .models import Terms

VERIFIED = (Source.STAFF, Source.PARK, Source.REGISTER)


class Why(models.TextChoices):
    """Why the normal way is needed."""

    SELF_DECLARED = "self_declared", _("said by you, and not proven by a paper")
    STALE = "stale", _("too old")
    EXPIRED = "expired", _("past its last day")
    NO_BUDGET = "no_budget", _("no money is left on the fund line at present")
    ENDED = "ended", _("it stood ready for you, and was not confirmed")


@dataclass
class Look:
    """What a policy says of a tenant by trusted facts alone. ``reasons`` name the facts that stand in the way."""

    match: judging.Match
    fits: bool  # by everything that is known
    reasons: list[dict] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.match.judgement.verdict == Word.FITS


def look(policy: Policy, tenant, terms: Terms) -> Look:
    """Judge one tenant by the facts that can be trusted today."""
    row = wide_row.row_of(tenant)
    return look_at(policy, tenant, terms, row, facts_behind([row]))


def facts_behind(rows: Iterable[TenantFact]) -> dict[int, Fact]:
    """Return the recorded facts that hold in these rows, by id: one statement for all."""
    ids = {entry[2] for row in rows for entry in row.origins.values() if entry[2]}
    return {fact.pk: fact for fact in Fact.objects.filter(pk__in=ids).select_related("proof")}


def look_at(policy: Policy, tenant, terms: Terms, row: TenantFact, facts: Mapping[int, Fact]) -> Look:
    day, rule = wide_row.today(), judging.rule_of(policy.current)
    values, doubts = wide_row.values_of(row), {}
    for key, (source, as_of) in wide_row.origins_of(row).items():
        doubt = _doubt(source, as_of, facts.get(row.origins[key][2]), row, terms.fresh_days, day)
        if doubt:
            doubts[key] = {"fact": key, "why": str(doubt), "source": str(source), "as_of": as_of.isoformat()}
    trusted = {column: value for column, value in values.items() if _key_of(column) not in doubts}
    known = wide_row.explained(row.origins, day)
    judgement = judge(rule, trusted)
    match = judging.Match(policy, judgement, {key: known[key] for key in known if key not in doubts}, str(tenant))
    fits = judgement.verdict == Word.FITS or judge(rule, values).verdict == Word.FITS
    reasons = [doubts[fact.key] for fact in judgement.missing if fact.key in doubts]
    return Look(match, fits, reasons)


_KEYS = {fact.column: fact.key for fact in TENANT_FACTS.facts}


def _key_of(column: str) -> str:
    return _KEYS[column]


def _doubt(source, as_of: dt.date, fact: Fact | None, row: TenantFact, fresh_days: int, day: dt.date) -> Why | None:
    """Return why a fact is not to be relied on, or None."""
    proof = fact.proof if fact else None
    proven = (
        proof is not None
        and proof.state == DocumentState.AVAILABLE
        and (proof.valid_until is None or proof.valid_until >= day)
    )
    if source not in VERIFIED and not proven:
        return Why.SELF_DECLARED
    if fact is None:
        return None if row.derived_on == day else Why.STALE
    if fact.good_until and fact.good_until < day:
        return Why.EXPIRED
    return Why.STALE if as_of < day - dt.timedelta(days=fresh_days) else None
