"""Sets of values of one fact: what a test leaves over of everything the fact could be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from park.rules.formula import Literal
from park.rules.vocabulary import Fact, Op, Type

WHOLE = frozenset({Type.INTEGER, Type.DATE})
INFINITY = Decimal("Infinity")
# A cut lies just before (0) or just after (1) a value; a span reaches from one cut to a later one.
Cut = tuple[Decimal, int]


@dataclass(frozen=True)
class Spans:
    """Stretches of the number line, apart from each other and in order."""

    spans: tuple[tuple[Cut, Cut], ...]

    @property
    def empty(self) -> bool:
        return not self.spans

    def __and__(self, other: Spans) -> Spans:
        pairs = ((max(a, c), min(b, d)) for a, b in self.spans for c, d in other.spans)
        return Spans(tuple(sorted((a, b) for a, b in pairs if a < b)))

    def __le__(self, other: Spans) -> bool:
        return self & other == self


@dataclass(frozen=True)
class Names:
    """Some names, or all names but some. ``every`` is the closed set, None where any text may be."""

    names: frozenset
    but: bool = False
    every: frozenset | None = None

    @property
    def kept(self) -> frozenset | None:
        """Return the names themselves, None where they are without number."""
        if not self.but:
            return self.names if self.every is None else self.names & self.every
        return None if self.every is None else self.every - self.names

    @property
    def empty(self) -> bool:
        return self.kept is not None and not self.kept

    def __and__(self, other: Names) -> Names:
        if self.but and other.but:
            return Names(self.names | other.names, True, self.every)
        if self.but or other.but:
            kept, dropped = (other, self) if self.but else (self, other)
            return Names(kept.names - dropped.names, False, self.every)
        return Names(self.names & other.names, False, self.every)

    def __le__(self, other: Names) -> bool:
        mine, both = self.kept, (self & other).kept
        return self.names >= other.names and other.but if mine is None else mine == both


Scope = Spans | Names


def everything(fact: Fact) -> Scope:
    """Return all that the fact could be."""
    if fact.type is Type.BOOLEAN:
        return Names(frozenset(), True, frozenset({True, False}))
    if fact.type in {Type.TEXT, Type.CHOICE}:
        return Names(frozenset(), True, fact.values or None)
    low = -INFINITY if fact.minimum is None else fact.minimum
    high = INFINITY if fact.maximum is None else fact.maximum
    return _spans(fact, ((low, 0), (high, 1)))


def of(literal: Literal) -> Scope:
    """Return what a test leaves over."""
    fact, op, value = literal.fact, literal.op, literal.value
    if op in {Op.IS_TRUE, Op.IS_FALSE}:
        return Names(frozenset({op is Op.IS_TRUE}), False, frozenset({True, False}))
    values = value if isinstance(value, tuple) else (value,)
    if fact.type in {Type.TEXT, Type.CHOICE}:
        return Names(frozenset(values), op in {Op.NE, Op.NOT_IN}, fact.values or None) & everything(fact)
    at = sorted(_number(each) for each in values)
    match op:
        case Op.EQ | Op.IN:
            spans = [((each, 0), (each, 1)) for each in at]
        case Op.NE | Op.NOT_IN:
            cuts = [(-INFINITY, 0), *((each, side) for each in at for side in (0, 1)), (INFINITY, 1)]
            spans = list(zip(cuts[::2], cuts[1::2], strict=True))
        case Op.GTE | Op.GT:
            spans = [((at[0], int(op is Op.GT)), (INFINITY, 1))]
        case _:
            spans = [((-INFINITY, 0), (at[0], int(op is Op.LTE)))]
    return _spans(fact, *spans) & everything(fact)


def _spans(fact: Fact, *spans: tuple[Cut, Cut]) -> Spans:
    if fact.type in WHOLE:  # between two whole numbers there is nothing: after 4 is before 5
        spans = tuple((_whole(start), _whole(end)) for start, end in spans)
    return Spans(tuple(sorted(span for span in spans if span[0] < span[1])))


def _whole(cut: Cut) -> Cut:
    value, side = cut
    return (value + 1, 0) if side and value.is_finite() else cut


def _number(value) -> Decimal:
    return Decimal(value.toordinal() if isinstance(value, date) else value)
