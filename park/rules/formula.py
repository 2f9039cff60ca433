"""What a rule means: the one place that says so, for Python and SQL alike.

A criterion is true, false or unknown (a missing fact makes it unknown, never false); or it does not apply: it is
preferred only, or its ``when`` is false. From that, two formulas of every node say all there is to say:

    holds(n)    n applies, and is true
    allows(n)   n is true, or does not apply

    criterion   holds = when and body         allows = not when or body        body = fact and also…
    preferred   holds = false                 allows = true
    all         allows = all allow            holds = all allow and some hold
    any         holds = some hold             allows = some hold, or all allow

A rule fits where its root *allows*. So in an "all", what does not apply is passed over; in an "any" it neither
satisfies nor blocks, and alternatives none of which apply ask for nothing; "all" and "any" of nothing ask for nothing.
Formulas are Kleene's: an unknown ``when`` leaves the criterion unknown, unless the criterion is true anyhow.

The formulas are negation-free (De Morgan down to the tests), so that "certainly true", "possibly true" and "false" can
be read off test by test. A test is *soft* if it may still come to hold before a deadline; ``not now`` is said where the
rule is false even if every soft test is taken for unknown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from park.rules.tree import All, AnyOf, Criterion, Node, Rule, Test
from park.rules.vocabulary import NUMBERS, OPPOSITES, Change, Fact, Op, Type


@dataclass(frozen=True, slots=True)
class Literal:
    """A test in a formula. ``hard`` is what the criterion says of it; if it says nothing, the fact decides."""

    fact: Fact
    op: Op
    value: object
    hard: bool | None = None

    @property
    def soft(self) -> bool:
        return self.fact.can_come_to(self.op) if self.hard is None else not self.hard


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Formula", ...]


Formula = Literal | And | Or | bool


def both(formulas: Iterable[Formula]) -> Formula:
    """Join formulas by "and"; what is true anyhow is left out."""
    return _join(And, formulas, neutral=True)


def either(formulas: Iterable[Formula]) -> Formula:
    """Join formulas by "or"; what is false anyhow is left out."""
    return _join(Or, formulas, neutral=False)


def _join(kind, formulas: Iterable[Formula], neutral: bool) -> Formula:
    parts: dict[Formula, None] = {}
    for formula in formulas:
        if formula is (not neutral):
            return formula
        if isinstance(formula, kind):
            parts.update(dict.fromkeys(formula.parts))
        elif formula is not neutral:
            parts[formula] = None
    if len(parts) < 2:
        return next(iter(parts), neutral)
    return kind(tuple(parts))


def opposite(formula: Formula) -> Formula:
    """Return the formula that is true where this one is false, and unknown where it is unknown."""
    match formula:
        case bool():
            return not formula
        case And(parts):
            return either(map(opposite, parts))
        case Or(parts):
            return both(map(opposite, parts))
        case Literal(fact, op, value, hard):
            return Literal(fact, OPPOSITES[op], value, hard)


def literal(test: Test, hard: bool | None = None) -> Formula:
    """Return a test as a formula: with the parts of places, and ranges as their two ends."""
    fact, op, value = test.fact, test.op, test.value
    if fact.type is Type.BOOLEAN:
        yes = op is Op.IS_TRUE or (op in {Op.EQ, Op.NE} and value is (op is Op.EQ))
        return Literal(fact, Op.IS_TRUE if yes else Op.IS_FALSE, None, hard)
    if op is Op.BETWEEN:
        return both((Literal(fact, Op.GTE, value[0], hard), Literal(fact, Op.LTE, value[1], hard)))
    if op in {Op.GT, Op.GTE, Op.LT, Op.LTE}:
        return Literal(fact, op, value, hard)
    wanted = op in {Op.EQ, Op.IN}
    values = fact.with_parts(value if isinstance(value, tuple) else (value,))
    if fact.change is Change.GROWS and fact.type in NUMBERS:  # below the value there is hope, above it there is none
        same = either(both((Literal(fact, Op.GTE, each, hard), Literal(fact, Op.LTE, each, hard))) for each in values)
        return same if wanted else opposite(same)
    if len(values) == 1:
        return Literal(fact, Op.EQ if wanted else Op.NE, values[0], hard)
    return Literal(fact, Op.IN if wanted else Op.NOT_IN, values, hard)


@lru_cache(maxsize=4096)
def applies(criterion: Criterion) -> Formula:
    """Return the formula of ``when``."""
    return True if criterion.when is None else _of_when(criterion.when, criterion.hard)


def _of_when(node: Node, hard: bool | None) -> Formula:
    if isinstance(node, Criterion):
        return _body(node, hard if node.hard is None else node.hard)
    return (both if isinstance(node, All) else either)(_of_when(child, hard) for child in node.nodes)


def _body(criterion: Criterion, hard: bool | None) -> Formula:
    formula = both(literal(test, hard) for test in criterion.tests)
    return opposite(formula) if criterion.negated else formula


@lru_cache(maxsize=4096)
def body(criterion: Criterion) -> Formula:
    """Return the formula of the criterion itself, whether it applies or not."""
    return _body(criterion, criterion.hard)


def asks(criterion: Criterion) -> Formula:
    """Return where the criterion is met or does not apply, a preferred one like any other: what a person is shown."""
    return either((opposite(applies(criterion)), body(criterion)))


@lru_cache(maxsize=4096)
def holds(node: Node) -> Formula:
    """Return where the node applies and is true."""
    match node:
        case Criterion(preferred=True):
            return False
        case Criterion():
            return both((applies(node), body(node)))
        case All():
            return both((allows(node), *(() if always_applies(node) else (either(map(holds, node.nodes)),))))
        case AnyOf():
            return either(map(holds, node.nodes))


@lru_cache(maxsize=4096)
def allows(node: Node) -> Formula:
    """Return where the node is true or does not apply."""
    match node:
        case Criterion(preferred=True):
            return True
        case Criterion():
            return asks(node)
        case All():
            return both(map(allows, node.nodes))
        case AnyOf():
            if always_applies(node):
                return holds(node)
            return either((holds(node), both(map(allows, node.nodes))))


@lru_cache(maxsize=4096)
def always_applies(node: Node) -> bool:
    """Tell whether the node always applies."""
    if isinstance(node, Criterion):
        return node.when is None and not node.preferred
    return bool(node.nodes) and all(map(always_applies, node.nodes))


def fits(rule: Rule) -> Formula:
    """Return where the rule is met."""
    return allows(rule.root)


# --- Kleene's three values --------------------------------------------------------------------------------------------
COMPARE: dict[Op, Callable] = {
    Op.EQ: lambda x, value: x == value,
    Op.NE: lambda x, value: x != value,
    Op.IN: lambda x, value: x in value,
    Op.NOT_IN: lambda x, value: x not in value,
    Op.GT: lambda x, value: x > value,
    Op.GTE: lambda x, value: x >= value,
    Op.LT: lambda x, value: x < value,
    Op.LTE: lambda x, value: x <= value,
    Op.IS_TRUE: lambda x, value: x,
    Op.IS_FALSE: lambda x, value: not x,
}


def value_of(formula: Formula, known: Callable[[Fact], object], *, soft: bool = False) -> bool | None:
    """Return true, false, or None for unknown. With ``soft``, what may still come to hold is unknown, not false."""
    match formula:
        case bool():
            return formula
        case Literal(fact, op, value):
            actual = known(fact)
            if actual is None:
                return None
            found = COMPARE[op](actual, value)
            return None if not found and soft and formula.soft else found
        case And(parts):
            values = [value_of(part, known, soft=soft) for part in parts]
            return False if False in values else None if None in values else True
        case Or(parts):
            values = [value_of(part, known, soft=soft) for part in parts]
            return True if True in values else None if None in values else False
