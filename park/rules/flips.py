"""A rule turned round: the smallest sets of criteria whose change turns the verdict.

Who does not fit is told which criteria would have to be met; who fits, which would have to fail. A criterion that does
not apply stays as it is, and none is named without need: every set is smallest, no part of it would do.

The formulas of a rule are free of negation, so the sets of an "or" are those of its parts together, and the sets of an
"and" are the unions of one of each part; whatever holds another one is dropped. Sets are masks of criteria.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from park.rules import formula
from park.rules.formula import value_of
from park.rules.judge import Judgement
from park.rules.tree import AnyOf, Criterion, Node
from park.rules.vocabulary import Fact

MOST = 256  # sets that are kept of a node, the smallest first: more than any rule of a dozen criteria can have


@dataclass(frozen=True, slots=True)
class Flip:
    """Criteria that turn the verdict together. ``within_reach``: none of them fails for good."""

    mask: int
    criteria: tuple[Criterion, ...]
    within_reach: bool = True

    def __len__(self) -> int:
        return len(self.criteria)


def flips(judgement: Judgement) -> tuple[Flip, ...]:
    """Return the smallest sets that turn the verdict: to "fits", or from "fits" to another word. Small ones first.

    No set is returned where no criterion can turn it: nothing is asked, or nothing that applies.
    """
    masks = losing(judgement) if judgement.value is True else gaining(judgement)
    return tuple(_flip(judgement, mask) for mask in masks if mask)


def gaining(judgement: Judgement) -> tuple[int, ...]:
    """Return the smallest sets of criteria that make a rule hold once they apply and are met."""
    return _Turner(judgement, wanted=True).root()


def losing(judgement: Judgement) -> tuple[int, ...]:
    """Return the smallest sets of criteria that keep a rule from holding once they apply and are not met."""
    return _Turner(judgement, wanted=False).root()


def _flip(judgement: Judgement, mask: int) -> Flip:
    found = tuple(each.criterion for each in judgement.criteria if mask >> each.index & 1)
    return Flip(mask, found, not any(judgement.criteria[each.index].hard for each in found))


def smallest(masks: Iterable[int]) -> tuple[int, ...]:
    """Return the sets that hold no other one, small ones first and in the order of their criteria."""
    kept: list[int] = []
    for mask in sorted(set(masks), key=lambda mask: (mask.bit_count(), _reversed(mask))):
        if not any(one & mask == one for one in kept):
            kept.append(mask)
            if len(kept) == MOST:
                break
    return tuple(kept)


def _reversed(mask: int) -> int:
    """Return a number by which sets of one size stand in the order of their first criteria."""
    return -int(f"{mask:064b}"[::-1], 2)


NEVER: tuple[int, ...] = ()
ALREADY: tuple[int, ...] = (0,)


class _Turner:
    """Finds the sets that make nodes allow and hold (``wanted``), or keep them from it."""

    def __init__(self, judgement: Judgement, wanted: bool):
        self.judgement, self.wanted = judgement, wanted
        self.every, self.one = (_crossed, _joined) if wanted else (_joined, _crossed)

    def root(self) -> tuple[int, ...]:
        return self.allows(self.judgement.rule.root)

    def value(self, thing) -> bool | None:
        def known(fact: Fact):
            return self.judgement.values[fact.key]

        return value_of(thing, known)

    def criterion(self, criterion: Criterion, meaning: Callable) -> tuple[int, ...]:
        if (self.value(meaning(criterion)) is True) is self.wanted:
            return ALREADY
        if criterion.preferred or self.value(formula.applies(criterion)) is False:
            return NEVER
        return (1 << criterion.index,)

    def allows(self, node: Node) -> tuple[int, ...]:
        """Return how a node comes to be true or not to apply; as ``formula.allows``."""
        if isinstance(node, Criterion):
            return self.criterion(node, formula.allows)
        if not isinstance(node, AnyOf):
            return self.every([self.allows(child) for child in node.nodes])
        held = self.one([self.holds(child) for child in node.nodes])
        if formula.always_applies(node):
            return held
        return self.one([held, self.every([self.allows(child) for child in node.nodes])])

    def holds(self, node: Node) -> tuple[int, ...]:
        """Return how a node comes to apply and be true; as ``formula.holds``."""
        if isinstance(node, Criterion):
            return self.criterion(node, formula.holds)
        held = self.one([self.holds(child) for child in node.nodes])
        if isinstance(node, AnyOf):
            return held
        allowed = self.every([self.allows(child) for child in node.nodes])
        return allowed if formula.always_applies(node) else self.every([allowed, held])


def _joined(families: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the sets of which one is enough."""
    return smallest(mask for family in families for mask in family)


def _crossed(families: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the sets that take one of each family."""
    found = ALREADY
    for family in families:
        found = smallest(one | other for one in found for other in family)
    return found
