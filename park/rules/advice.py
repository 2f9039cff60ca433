"""What a subject could do so that a rule fits: which facts, by how much. Nothing is advised that was not tried.

Of the smallest sets of criteria that turn the verdict, the first is taken whose facts can be brought to values under
which the whole rule holds: also where one fact serves two criteria, or a change makes another condition apply.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product

from django.utils.translation import gettext as _

from park.rules import formula, words
from park.rules.flips import Flip, flips
from park.rules.formula import Formula, Literal, value_of
from park.rules.judge import Judgement
from park.rules.tree import Criterion, Rule, tests
from park.rules.vocabulary import NUMBERS, Change, Fact, Type

MOST_SETS = 12  # smallest sets that are tried for one rule
MOST_TRIES = 3000  # combinations of values that are tried for one set
MOST_VALUES = 24  # of one fact
STEP = {Type.INTEGER: Decimal(1), Type.MONEY: Decimal(1), Type.RATIO: Decimal("0.0001")}
SMALL = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Step:
    """One fact and the nearest value that helps. ``now`` is None where it is not known: then it has to be told."""

    fact: Fact
    now: object
    to: object
    criterion: Criterion

    @property
    def told(self) -> bool:
        """Tell whether nothing has to be done but to answer."""
        return self.now is None

    @property
    def by(self):
        """Return by how much a number has to rise (or fall, below zero); None where there is no number to change."""
        if self.told or self.fact.type not in NUMBERS:
            return None
        return self.to - self.now

    def in_words(self) -> str:
        """Say what has to change, and by how much."""
        needed = words.asked(self.criterion)
        if self.told:
            return _("Tell us whether this holds: %(needed)s") % {"needed": needed}
        now, to = words.value(self.fact, self.now), words.value(self.fact, self.to)
        if self.by is None:
            return _("%(needed)s (now: %(now)s)") % {"needed": needed, "now": now}
        known = {"fact": self.fact.label, "now": now, "to": to, "by": words.value(self.fact, abs(self.by))}
        if self.by > 0:
            return _("%(fact)s: %(by)s more, from %(now)s to at least %(to)s") % known
        return _("%(fact)s: %(by)s less, from %(now)s to at most %(to)s") % known


@dataclass(frozen=True, slots=True)
class Advice:
    """Steps that together make the rule fit, and the criteria they serve."""

    steps: tuple[Step, ...]
    flip: Flip

    @property
    def changes(self) -> dict[str, object]:
        """Return the facts as they would be, by key."""
        return {step.fact.key: step.to for step in self.steps}

    @property
    def only_telling(self) -> bool:
        return all(step.told for step in self.steps)


def advise(judgement: Judgement) -> Advice | None:
    """Return what would make the rule fit, the least first; None where it fits, or nothing within reach helps."""
    if judgement.value is True:
        return None
    for flip in islice((each for each in flips(judgement) if each.within_reach), MOST_SETS):
        if changes := solve(judgement.rule, judgement.values, flip.criteria):
            return Advice(tuple(_step(judgement, flip, key, to) for key, to in changes.items()), flip)
    return None


def _step(judgement: Judgement, flip: Flip, key: str, to) -> Step:
    serving = (each for each in flip.criteria if any(test.fact.key == key for test in tests(each)))
    return Step(judgement.rule.vocabulary[key], judgement.values[key], to, next(serving))


def solve(rule: Rule, values: Mapping[str, object], wanted: Iterable[Criterion]) -> dict[str, object] | None:
    """Return the changes, as few and as small as can be, under which the whole rule holds; None where none do."""
    wanted = tuple(wanted)
    fits = formula.fits(rule)
    asked = turning_points(rule)
    choices: list[list[tuple[int, Decimal, Fact, object]]] = []
    for fact in dict.fromkeys(test.fact for criterion in wanted for test in tests(criterion)):
        loosened = any(each.hard is False and any(t.fact is fact for t in tests(each)) for each in wanted)
        choices.append(list(_choices(fact, values.get(fact.key), asked.get(fact, ()), loosened)))
    tried = islice(product(*choices), MOST_TRIES)
    for way in sorted(tried, key=lambda way: (sum(each[0] for each in way), sum(each[1] for each in way))):
        changed = {fact.key: to for changes, _far, fact, to in way if changes}

        def known(fact: Fact, changed=changed):
            return changed.get(fact.key, values.get(fact.key))

        if changed and value_of(fits, known) is True:
            return changed
    return None


def turning_points(rule: Rule) -> dict[Fact, list]:
    """Return by fact the values at which something in the rule turns, in the order of the rule."""
    asked: dict[Fact, list] = {}
    for literal in _literals(formula.fits(rule)):
        asked.setdefault(literal.fact, []).extend(_around(literal))
    return {fact: list(dict.fromkeys(values)) for fact, values in asked.items()}


def _literals(thing: Formula) -> Iterator[Literal]:
    if isinstance(thing, Literal):
        yield thing
    elif not isinstance(thing, bool):
        for part in thing.parts:
            yield from _literals(part)


def _around(literal: Literal) -> list:
    """Return the values at which a test turns: what it names, and what lies just beside."""
    fact, value = literal.fact, literal.value
    if fact.type is Type.BOOLEAN:
        return [True, False]
    values = list(value) if isinstance(value, tuple) else [value]
    if fact.type is Type.CHOICE:
        return [*values, *(choice.value for choice in fact.choices)]
    if fact.type is Type.TEXT:
        return values
    if fact.type is Type.DATE:
        return [day for each in values for day in (each, each + timedelta(days=1), each - timedelta(days=1))]
    step = STEP.get(fact.type, SMALL)
    near = [number for each in values for number in (each, each + step, each - step)]
    low, high = fact.minimum, fact.maximum
    return [fact.clean(n) for n in near if (low is None or n >= low) and (high is None or n <= high)]


def _choices(fact: Fact, now, asked: Iterable, loosened: bool) -> Iterator[tuple[int, Decimal, Fact, object]]:
    """Yield what a fact may become: whether that is a change, how far off it is, the fact and the value."""
    if now is not None:
        yield 0, Decimal(0), fact, now
        if fact.change is Change.NO and not loosened:
            return
    far = [(_distance(now, to, place), place, to) for place, to in enumerate(dict.fromkeys(asked)) if to != now]
    rising = fact.change is Change.GROWS and now is not None and not loosened
    for distance, _place, to in sorted(far, key=lambda each: each[:2])[:MOST_VALUES]:
        if not (rising and to < now):
            yield 1, distance, fact, to


def _distance(now, to, place: int) -> Decimal:
    """Return how far a value is off, in parts of what it is now; among names, and of what is not known, their place."""
    if now is None or isinstance(to, bool | str):
        return Decimal(place) / 1000
    if isinstance(to, date):
        return Decimal(abs((to - now).days)) / 365
    return abs(Decimal(to) - Decimal(now)) / max(abs(Decimal(now)), abs(Decimal(to)), SMALL)
