"""Why a rule says what it says: condition by condition, with the value known, its source and its date."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from park.rules import formula, words
from park.rules.formula import value_of
from park.rules.judge import Judgement
from park.rules.states import State
from park.rules.tree import AnyOf, Criterion, Node, Rule, criteria, tests

STATES = {True: State.MET, False: State.NOT_MET, None: State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Known:
    """Where a value comes from, and of which day it is. ``ended``: the last day it was good for, once that is past."""

    source: str = ""
    as_of: date | None = None
    ended: date | None = None

    @classmethod
    def read(cls, kept: Mapping) -> "Known":
        """Return it from what was kept of it with a fact."""
        days = (kept.get(name) for name in ("as_of", "ended"))
        return cls(kept["source"] or "", *(date.fromisoformat(day) if day else None for day in days))

    def kept(self) -> dict:
        """Return it as JSON keeps it with a fact."""
        said = {"source": str(self.source) or None, "as_of": self.as_of and self.as_of.isoformat()}
        return said | ({"ended": self.ended.isoformat()} if self.ended else {})


@dataclass(frozen=True, slots=True)
class Entry:
    """One condition explained. Alternatives are one entry, with an entry for each of them in ``alternatives``.

    ``hard``: it is not met and cannot change any more. ``group``: the place among the rule's conditions of the
    alternatives it is one of, None where it stands alone. ``settled``: it is not met, but another alternative is.
    ``ended``: a value it rests on is stale, good until that day only; ``stale`` is the fact to bring up to date.
    """

    key: str
    label: str
    state: State
    needed: str
    actual: str = ""
    source: str = ""
    as_of: date | None = None
    note: str = ""
    clause: str = ""
    group: int | None = None
    preferred: bool = False
    hard: bool = False
    settled: bool = False
    index: int | None = None
    missing: tuple[str, ...] = ()
    ended: date | None = None
    stale: str = ""
    alternatives: tuple["Entry", ...] = field(default=())

    def as_dict(self) -> dict:
        return asdict(self) | {"state": str(self.state), "alternatives": [each.as_dict() for each in self.alternatives]}

    def as_criterion(self) -> dict:
        """Return what the page component ``criterion.html`` takes; ``missing_keys`` are facts that can be asked for."""
        return {
            "state": str(self.state),
            "rule": self.needed,
            "evidence": self.actual,
            "source": self.source,
            "source_date": self.as_of,
            "ended": self.ended,
            "stale_key": self.stale,
            "clause": {"label": self.clause} if self.clause else None,
            "hard": self.hard,
            "missing": _missing_words(self),
            "missing_keys": self.missing,
            "note": self.note,
        }


def _missing_words(entry: Entry) -> str:
    if entry.state == State.UNKNOWN and len(entry.missing) == 1 and not entry.alternatives:
        return _("We do not know this of you yet.")
    if entry.state == State.UNKNOWN:
        return _("We do not know all of this of you yet.")
    return ""


def trace(judgement: Judgement, known: Mapping[str, Known] | None = None) -> list[Entry]:
    """Return one entry a criterion, in the order of the rule: also what does not apply, and what is preferred only.

    ``known`` says by key where each value comes from.
    """
    found = _Explainer(judgement, known or {})
    entries = []
    for place, condition in enumerate(judgement.rule.conditions):
        alone = isinstance(condition, Criterion)
        settled = not alone and found.state(condition) is State.MET
        for criterion in criteria(condition):
            entries.append(found.criterion(criterion, group=None if alone else place, settled=settled))
    return entries


def conditions(judgement: Judgement, known: Mapping[str, Known] | None = None) -> list[Entry]:
    """Return one entry a condition that counts for this subject: alternatives as one, nothing skipped or preferred."""
    found = _Explainer(judgement, known or {})
    return [found.entry(node, place) for place, node in enumerate(judgement.rule.conditions) if found.counts(node)]


def stale(judgement: Judgement, known: Mapping[str, Known]) -> dict[str, date]:
    """Return the facts past their last day that what ``conditions`` shows rests on, each with that day."""
    if not any(each.ended for each in known.values()):
        return {}
    found = _Explainer(judgement, known)
    over = [found.over(node) for node in judgement.rule.conditions if found.counts(node)]
    return {key: day for each in over for day, key in each}


def bonuses(judgement: Judgement, known: Mapping[str, Known] | None = None) -> list[Entry]:
    """Return one entry for each criterion that is preferred only and applies."""
    return [entry for entry in trace(judgement, known) if entry.preferred and entry.state != State.SKIPPED]


def in_words(rule: Rule) -> list[dict]:
    """Return what the rule asks for in sentences, one a condition, with its alternatives, note and clause."""
    said = []
    for node in rule.conditions:
        first = next(criteria(node), None)
        alone = isinstance(node, Criterion)
        said.append(
            {
                "rule": words.sentence(node),
                "alternatives": [] if alone else [words.sentence(child) for child in node.nodes],
                "preferred": alone and node.preferred,
                "note": note(first) if alone else "",
                "clause": first.clause if first else "",
                "keys": tuple(dict.fromkeys(test.fact.key for test in tests(node))),
            }
        )
    return said


def values_used(judgement: Judgement) -> dict[str, object]:
    """Return the facts that were judged as JSON can keep them beside a verdict; ``judge`` takes them back as a row."""
    facts = judgement.rule.vocabulary
    return {key: facts[key].to_json(value) for key, value in judgement.values.items()}


def note(criterion: Criterion | None) -> str:
    """Return the note in the reader's language, or in the one there is."""
    notes = dict(criterion.note) if criterion else {}
    language = (get_language() or "en").partition("-")[0]
    return notes.get(language) or next(iter(notes.values()), "")


class _Explainer:
    """Explains the nodes of one judgement."""

    def __init__(self, judgement: Judgement, known: Mapping[str, Known]):
        self.judgement, self.known = judgement, known

    def read(self, fact):
        return self.judgement.values[fact.key]

    def value(self, thing, *, soft: bool = False):
        return value_of(thing, self.read, soft=soft)

    def counts(self, node: Node) -> bool:
        """Tell whether the node asks anything of this subject."""
        return not (self.value(formula.holds(node)) is False and self.value(formula.allows(node)) is True)

    def over(self, node: Node) -> list[tuple[date, str]]:
        """Return the values that a node rests on which ran out, each with its last day."""
        return [
            (known.ended, test.fact.key)
            for test in self.asked(node)
            if (known := self.known.get(test.fact.key)) and known.ended and self.read(test.fact) is not None
        ]

    def ended(self, node: Node) -> dict:
        """Return which of the values that a node rests on ran out first, and when."""
        ended, stale = min(self.over(node), default=(None, ""))
        return {"ended": ended, "stale": stale}

    def shown(self, node: Node) -> list[Node]:
        """Return the parts of a node that say why it is as it is: of alternatives, one that is met says enough."""
        children = [child for child in node.nodes if self.counts(child)]
        if isinstance(node, AnyOf) and self.state(node) is State.MET:
            return [child for child in children if self.state(child) is State.MET][:1]
        return children

    def asked(self, node: Node) -> list:
        """Return the tests that a node rests on."""
        if isinstance(node, Criterion):
            return list(node.tests)
        return [test for child in self.shown(node) for each in criteria(child) for test in each.tests]

    def state(self, node: Node) -> State:
        return STATES[self.value(formula.allows(node))]

    def entry(self, node: Node, group: int | None = None) -> Entry:
        if isinstance(node, Criterion):
            return self.criterion(node)
        children = [child for child in node.nodes if self.counts(child)]
        parts = [self.entry(child, group) for child in children]
        state = self.state(node)
        first = parts[children.index(self.shown(node)[0])]
        return Entry(
            key=parts[0].key,
            label=parts[0].label,
            state=state,
            needed=words.sentence(node),
            actual=words.found(self.asked(node), self.judgement.values, named=True),
            source=first.source,
            as_of=first.as_of,
            clause=parts[0].clause,
            group=group,
            hard=state is State.NOT_MET and self.value(formula.allows(node), soft=True) is False,
            missing=tuple(dict.fromkeys(key for part in parts for key in part.missing if state is State.UNKNOWN)),
            alternatives=tuple(parts) if isinstance(node, AnyOf) else (),
            **self.ended(node),
        )

    def criterion(self, criterion: Criterion, group: int | None = None, settled: bool = False) -> Entry:
        result = self.judgement.criteria[criterion.index]
        fact = criterion.test.fact
        known = self.known.get(fact.key) or Known()
        actual = words.found(criterion.tests, self.judgement.values)
        asked = dict.fromkeys(test.fact for test in tests(criterion))
        missing = [each.key for each in asked if self.read(each) is None] if result.state is State.UNKNOWN else []
        return Entry(
            key=fact.key,
            label=str(fact.label),
            state=result.state,
            needed=words.sentence(criterion),
            actual=actual,
            source=str(known.source) if actual else "",
            as_of=known.as_of if actual else None,
            note=note(criterion),
            clause=criterion.clause,
            group=group,
            preferred=criterion.preferred,
            hard=result.hard,
            settled=settled and result.state is not State.MET,
            index=criterion.index,
            missing=tuple(missing),
            **self.ended(criterion),
        )
