"""What a gate asks of one tenant and how far it has come: criteria judged over its facts, papers with their age."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from incubation.facts import wide_row
from incubation.facts.vocabulary import TENANT_FACTS
from park.files.models import DocumentState
from park.rules import explain
from park.rules.explain import Entry, Known
from park.rules.judge import Judgement, judge
from park.rules.states import State

from .models import Evidence, Gate, GateTerms, Tenant, in_language

FRESH, STALE, MISSING, UNREAD = "fresh", "stale", "missing", "unread"


@dataclass(frozen=True)
class Paper:
    """One kind of paper that a gate asks for, with the one that a tenant shows."""

    key: str
    kind: str
    label: str
    mandatory: bool
    fresh_days: int | None
    shown: Evidence | None
    state: str
    until: dt.date | None

    @property
    def counts(self) -> bool:
        return self.state == FRESH


@dataclass(frozen=True)
class Standing:
    """How a tenant stands before a gate: criteria and papers, each with its state."""

    terms: GateTerms
    judgement: Judgement
    known: Mapping[str, Known]
    papers: list[Paper] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """One entry a condition, in the order of the criteria; its place is ``place`` in ``places``."""
        return explain.conditions(self.judgement, self.known)

    @property
    def met(self) -> int:
        return sum(entry.state == State.MET for entry in self.entries)

    @property
    def share(self) -> float:
        return self.met / len(self.entries) if self.entries else 1.0

    @property
    def missing_papers(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.mandatory and not paper.counts]

    def open_conditions(self) -> list[tuple[str, str, str]]:
        """Return what is not shown yet as (name, words, state): conditions by place, mandatory papers by key."""
        conditions = [
            (f"criterion:{n}", entry.needed, str(entry.state))
            for n, entry in enumerate(self.entries)
            if entry.state != State.MET
        ]
        return conditions + [(f"evidence:{paper.key}", paper.label, paper.state) for paper in self.missing_papers]


def terms_for(stage: str) -> GateTerms | None:
    """Return the terms that a new case at the gate out of this stage starts with."""
    return GateTerms.objects.in_use().filter(stage=stage).first()


def stand(tenant: Tenant, terms: GateTerms, day: dt.date | None = None) -> Standing:
    """Judge a tenant by the terms of a gate, over what is known of it today."""
    wide_row.refresh(Tenant.objects.filter(pk=tenant.pk))
    row = wide_row.row_of(tenant)
    known = wide_row.explained(row.origins, day)
    return Standing(terms, judge(terms.rule, wide_row.values_of(row)), known, papers(tenant, terms, day))


def stood(gate: Gate, facts: list[dict]) -> Standing:
    """Return how a tenant stood when these facts of it were written down with the gate."""
    values = {each["fact"]: TENANT_FACTS[each["fact"]].clean(each["value"]) for each in facts}
    known = {each["fact"]: Known.read(each) for each in facts}
    return Standing(gate.terms, judge(gate.terms.rule, values), known)


def written_down(standing: Standing) -> list[dict]:
    """Return the facts that were judged, each with value, source and day, as they are kept with the gate."""
    return [
        {"fact": key, "value": value} | (standing.known.get(key) or Known()).kept()
        for key, value in explain.values_used(standing.judgement).items()
    ]


def papers(tenant: Tenant, terms: GateTerms, day: dt.date | None = None) -> list[Paper]:
    """Return the papers that the terms ask for, each with the one that the tenant shows and whether it counts."""
    day = day or wide_row.today()
    shown = {each.key: each for each in tenant.evidence.current().select_related("document")}
    return [_paper(entry, shown.get(entry["key"]), day) for entry in terms.evidence]


def _paper(entry: dict, shown: Evidence | None, day: dt.date) -> Paper:
    until = None
    if shown is not None:
        ends = [shown.document.valid_until] if shown.document.valid_until else []
        if entry.get("fresh_days"):
            ends.append(shown.issued_on + relativedelta(days=entry["fresh_days"]))
        until = min(ends, default=None)
    if shown is None:
        state = MISSING
    elif until is not None and until < day:
        state = STALE
    elif shown.document.state == DocumentState.QUARANTINED:
        state = UNREAD
    else:
        state = FRESH
    return Paper(
        key=entry["key"], kind=entry.get("kind", "other"), label=in_language(entry),
        mandatory=bool(entry.get("mandatory")), fresh_days=entry.get("fresh_days"), shown=shown, state=state,
        until=until,
    )  # fmt: skip


def paper_words(paper: Paper) -> str:
    """Return in a few words what is wrong with a paper that does not count."""
    return {
        MISSING: _("%(paper)s: not there yet"),
        STALE: _("%(paper)s: too old, a newer one is needed"),
        UNREAD: _("%(paper)s: the file was held back"),
        FRESH: "%(paper)s",
    }[paper.state] % {"paper": paper.label}
