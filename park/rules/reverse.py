"""The reverse question: which of many rules does one subject meet? All of them answered in one pass.

Every rule is turned into ways: sets of tests that make it true together. Each different test of all rules has a bit, so
a way is one number, and a subject is two: the tests that are true of it, and those that are true, unknown, or may still
come to hold. A rule fits where the first number holds all bits of one of its ways, and is not ruled out where the
second one does; formulas are free of negation, so that is the same as judging each rule by itself.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field

from park.rules import formula
from park.rules.formula import COMPARE, And, Formula, Literal, Or
from park.rules.judge import judge, reader
from park.rules.states import Verdict
from park.rules.tree import Rule
from park.rules.vocabulary import Fact

MOST_WAYS = 512  # of one rule; one with more is judged by itself


class TooMany(Exception):
    """A rule can be met in more ways than are worth laying out."""


@dataclass
class Box:
    """Rules laid out for the reverse question. ``ways`` holds one (way, key of its rule) after another."""

    bits: dict[Literal, int] = field(default_factory=dict)
    ways: list[tuple[int, Hashable]] = field(default_factory=list)
    alone: dict[Hashable, Rule] = field(default_factory=dict)
    keys: list[Hashable] = field(default_factory=list)

    @classmethod
    def of(cls, rules: Mapping[Hashable, Rule]) -> "Box":
        box = cls()
        for key, rule in rules.items():
            box.add(key, rule)
        return box

    def add(self, key: Hashable, rule: Rule) -> None:
        self.keys.append(key)
        try:
            masks = smallest(self._masks(formula.fits(rule)))
        except TooMany:
            self.alone[key] = rule
        else:
            self.ways += [(mask, key) for mask in masks]

    def _masks(self, thing: Formula) -> set[int]:
        """Return every way to make a formula true, each as the bits of its tests."""
        match thing:
            case bool():
                return {0} if thing else set()
            case Literal():
                return {1 << self.bits.setdefault(thing, len(self.bits))}
            case And(parts):
                found = {0}
                for part in parts:
                    found = _few({one | other for one in found for other in self._masks(part)})
                return found
            case Or(parts):
                return _few({mask for part in parts for mask in self._masks(part)})

    def verdicts(self, row: Mapping[str, object]) -> dict[Hashable, Verdict]:
        """Return what each rule says of a subject, which maps columns or keys of facts to values as ``judge`` takes."""
        read, values = reader(row), {}

        def known(fact: Fact):
            if fact not in values:
                values[fact] = read(fact)
            return values[fact]

        true, possible = self._subject(known)
        lacks, excludes = ~true, ~possible
        may = {key for way, key in self.ways if not way & excludes}
        fits = {key for way, key in self.ways if not way & lacks}
        found = {
            key: Verdict.FITS if key in fits else Verdict.MAY_FIT if key in may else Verdict.NOT_NOW
            for key in self.keys
        }
        return found | {key: judge(rule, row).verdict for key, rule in self.alone.items()}

    def _subject(self, known: Callable[[Fact], object]) -> tuple[int, int]:
        """Return a subject as two numbers: the tests that are true, and those that are not ruled out."""
        true = possible = 0
        for literal, place in self.bits.items():
            actual = known(literal.fact)
            if actual is None:
                possible |= 1 << place
            elif COMPARE[literal.op](actual, literal.value):
                true |= 1 << place
            elif literal.soft:
                possible |= 1 << place
        return true, true | possible


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
