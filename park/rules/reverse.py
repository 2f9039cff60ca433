"""The reverse question: which of many rules does one subject meet? All of them answered in one pass.

Every rule is turned into ways: sets of tests that make it true together. All ways of all rules stand in one row, each
with a bit, and for every fact it is laid out beforehand which ways fail by which value: thresholds are sorted, so one
step finds all that are too high. What a subject has of each fact gives one number, and two sums of them are the answer:
a rule fits where one of its ways fails by nothing, and is not ruled out where one fails by nothing that is known and
cannot change. Formulas are free of negation, so that is the same as judging each rule by itself.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, compress
from operator import or_

from park.rules import formula
from park.rules.formula import And, Formula, Literal, Or
from park.rules.judge import judge, reader
from park.rules.states import Verdict
from park.rules.tree import Rule
from park.rules.vocabulary import Fact, Op

MOST_WAYS = 512  # of one rule; one with more is judged by itself
HOLDS = bytes.maketrans(b"01", b"\x01\x00")  # a way that does not fail holds

Ways = int  # a set of ways: one bit each
Way = tuple[Literal, ...]


class TooMany(Exception):
    """A rule can be met in more ways than are worth laying out."""


@dataclass(frozen=True)
class Sieve:
    """The tests of one kind of one fact: ``fails`` returns the ways that fail by a value."""

    fails: Callable[[object], Ways]
    hard: bool


@dataclass(frozen=True)
class Box:
    """Rules laid out for the reverse question."""

    unasked: Mapping[Hashable, Verdict]  # what is said of each rule that no way leads to
    ways: tuple[tuple[Way, Hashable], ...]  # each with the key of its rule
    alone: Mapping[Hashable, Rule]
    facts: tuple[tuple[Fact, Ways, tuple[Sieve, ...]], ...]  # each with the ways that ask for it
    owners: tuple[Hashable, ...]  # the keys of the ways, the last one first: as numbers are written

    @classmethod
    def of(cls, rules: Mapping[Hashable, Rule]) -> "Box":
        ways, alone = [], {}
        for key, rule in rules.items():
            try:
                ways += [(way, key) for way in ways_of(rule)]
            except TooMany:
                alone[key] = rule
        facts = tuple(_by_fact([way for way, _key in ways]))
        owners = tuple(key for _way, key in reversed(ways))
        return cls(dict.fromkeys(rules, Verdict.NOT_NOW), tuple(ways), alone, facts, owners)

    def verdicts(self, row: Mapping[str, object]) -> dict[Hashable, Verdict]:
        """Return what each rule says of a subject, which maps columns or keys of facts to values as ``judge`` takes."""
        read = reader(row)
        lacking = excluded = 0
        for fact, asking, sieves in self.facts:
            actual = read(fact)
            if actual is None:
                lacking |= asking
                continue
            for sieve in sieves:
                failed = sieve.fails(actual)
                lacking |= failed
                if sieve.hard:
                    excluded |= failed
        found = dict(self.unasked)
        found.update(dict.fromkeys(self._without(excluded), Verdict.MAY_FIT))
        found.update(dict.fromkeys(self._without(lacking), Verdict.FITS))
        found.update((key, judge(rule, row).verdict) for key, rule in self.alone.items())
        return found

    def _without(self, failed: Ways) -> Iterator[Hashable]:
        """Return the keys of the rules with a way that is not among these."""
        return compress(self.owners, f"{failed:0{len(self.owners)}b}".encode().translate(HOLDS)) if self.owners else ()


# --- The ways of a rule -----------------------------------------------------------------------------------------------
def ways_of(rule: Rule) -> list[Way]:
    """Return the smallest sets of tests that make a rule true. Raises ``TooMany``."""
    places: dict[Literal, int] = {}
    masks = list(smallest(_masks(formula.fits(rule), places)))
    literals = list(places)
    return [tuple(literals[place] for place in range(mask.bit_length()) if mask >> place & 1) for mask in masks]


def _masks(thing: Formula, places: dict[Literal, int]) -> set[int]:
    """Return every way to make a formula true, each as the bits of its tests."""
    match thing:
        case bool():
            return {0} if thing else set()
        case Literal():
            return {1 << places.setdefault(thing, len(places))}
        case And(parts):
            found = {0}
            for part in parts:
                found = _few({one | other for one in found for other in _masks(part, places)})
            return found
        case Or(parts):
            return _few({mask for part in parts for mask in _masks(part, places)})


def _few(masks: set[int]) -> set[int]:
    if len(masks) > MOST_WAYS:
        raise TooMany
    return masks


def smallest(masks: set[int]) -> Iterator[int]:
    """Yield the ways that hold no other one: whoever meets a larger one meets a smaller one as well."""
    kept: list[int] = []
    for mask in sorted(masks, key=int.bit_count):
        if not any(one & mask == one for one in kept):
            kept.append(mask)
            yield mask


# --- All ways, by what they ask ---------------------------------------------------------------------------------------
def _by_fact(ways: list[Way]) -> Iterator[tuple[Fact, Ways, tuple[Sieve, ...]]]:
    """Return for each fact the ways that ask for it, and its tests by their kind."""
    places: dict[Literal, list[int]] = {}
    for place, way in enumerate(ways):
        for literal in way:
            places.setdefault(literal, []).append(place)
    kinds: dict[Fact, dict[tuple[Op, bool], dict[object, Ways]]] = {}
    for literal, those in places.items():
        kinds.setdefault(literal.fact, {}).setdefault((literal.op, not literal.soft), {})
        values = kinds[literal.fact][literal.op, not literal.soft]
        values[literal.value] = values.get(literal.value, 0) | _bits(those, len(ways))
    for fact, tests in kinds.items():
        sieves = tuple(Sieve(_fails(op, values), hard) for (op, hard), values in tests.items())
        yield fact, _any(mask for values in tests.values() for mask in values.values()), sieves


def _bits(places: list[int], size: int) -> Ways:
    bits = bytearray(size // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def _any(masks: Iterable[Ways]) -> Ways:
    return reduce(or_, masks, 0)


def _fails(op: Op, ways: dict[object, Ways]) -> Callable[[object], Ways]:
    """Return a function from what a subject has to the ways that fail by it. ``ways``: by the value they ask for."""
    every = _any(ways.values())
    match op:
        case Op.GT | Op.GTE:  # what is higher fails, for GT also what is the same
            thresholds, find = sorted(ways), bisect_right if op is Op.GTE else bisect_left
            above = list(accumulate((ways[each] for each in reversed(thresholds)), or_, initial=0))[::-1]
            return lambda actual: above[find(thresholds, actual)]
        case Op.LT | Op.LTE:  # what is lower fails, for LT also what is the same
            thresholds, find = sorted(ways), bisect_left if op is Op.LTE else bisect_right
            below = list(accumulate((ways[each] for each in thresholds), or_, initial=0))
            return lambda actual: below[find(thresholds, actual)]
        case Op.IS_TRUE:
            return lambda actual: 0 if actual else every
        case Op.IS_FALSE:
            return lambda actual: every if actual else 0
    asked = [((value if isinstance(value, tuple) else (value,)), mask) for value, mask in ways.items()]
    wanted = op in {Op.EQ, Op.IN}
    named = {each for values, _mask in asked for each in values}
    known = {each: _any(mask for values, mask in asked if (each in values) is not wanted) for each in named}
    otherwise = every if wanted else 0
    return lambda actual: known.get(actual, otherwise)
