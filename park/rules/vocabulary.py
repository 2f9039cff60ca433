"""What may be asked about a subject: facts, their types, the words for them, and the column that holds each.

A vocabulary is data. It names no model: rules over it work on any table, mapping or form that has the columns.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Type(StrEnum):
    """How a fact is counted. Money is Decimal yuan; a ratio is a fraction (0.05) that is shown as per cent."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    RATIO = "ratio"
    PERCENTAGE = "percentage"
    MONEY = "money"
    DATE = "date"
    TEXT = "text"
    CHOICE = "choice"


class Op(StrEnum):
    """How a fact is compared. Both ends of BETWEEN belong to it."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    BETWEEN = "between"
    IS_TRUE = "is_true"
    IS_FALSE = "is_false"


_PAIRS = ((Op.EQ, Op.NE), (Op.IN, Op.NOT_IN), (Op.GT, Op.LTE), (Op.GTE, Op.LT), (Op.IS_TRUE, Op.IS_FALSE))
OPPOSITES = dict(_PAIRS) | {b: a for a, b in _PAIRS}  # holds exactly where the other fails; BETWEEN has no single one

_MEASURED = frozenset({Op.EQ, Op.NE, Op.IN, Op.NOT_IN, Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN})
_NAMED = frozenset({Op.EQ, Op.NE, Op.IN, Op.NOT_IN})
OPS = {
    Type.BOOLEAN: frozenset({Op.EQ, Op.NE, Op.IS_TRUE, Op.IS_FALSE}),
    Type.INTEGER: _MEASURED,
    Type.DECIMAL: _MEASURED,
    Type.RATIO: _MEASURED,
    Type.PERCENTAGE: _MEASURED,
    Type.MONEY: _MEASURED,
    Type.DATE: _MEASURED,
    Type.TEXT: _NAMED,
    Type.CHOICE: _NAMED,
}
NUMBERS = frozenset({Type.INTEGER, Type.DECIMAL, Type.RATIO, Type.PERCENTAGE, Type.MONEY})
WIDEST_INTEGER = 2**31 - 1


class Change(StrEnum):
    """Whether the value of a fact can still become another before a deadline some weeks away.

    NO: it is settled (a birthplace, last year's accounts). YES: the subject can do something about it.
    GROWS: it rises by itself or by work and never falls (age, years in post, patents held).
    """

    NO = "no"
    YES = "yes"
    GROWS = "grows"


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One value of a closed set. ``within`` names the value it is part of: a zone in a zone, a city in a province."""

    value: str
    label: str
    within: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """One thing that can be known of a subject.

    ``label`` reads before "at least …"; of a boolean it is the statement that holds, and ``negative`` the one that
    holds where it does not. ``unit`` is a pattern with ``%(value)s``, plural by ``count`` where it is a plural.
    """

    key: str
    type: Type
    label: str
    question: str = ""
    who: str = ""
    unit: str | None = None
    choices: tuple[Choice, ...] = ()
    negative: str | None = None
    change: Change = Change.YES
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    column: str = ""

    def __post_init__(self):
        if not self.column:
            object.__setattr__(self, "column", self.key.replace(".", "_"))

    @property
    def ops(self) -> frozenset[Op]:
        return OPS[self.type]

    @property
    def changeable(self) -> bool:
        return self.change is not Change.NO

    def can_come_to(self, op: Op) -> bool:
        """Return whether a test by ``op`` that fails today may hold before the deadline."""
        if self.change is Change.GROWS:
            return op not in {Op.LT, Op.LTE}
        return self.changeable

    @property
    def values(self) -> frozenset[str]:
        return frozenset(choice.value for choice in self.choices)

    def label_of(self, value: str) -> str:
        """Return the words for a value of a closed set; a value that is not in the set speaks for itself."""
        return next((choice.label for choice in self.choices if choice.value == value), value)

    def with_parts(self, values: Iterable) -> tuple:
        """Return the values together with everything that lies within them, in the order of the set."""
        found = set(values)
        if not any(choice.within for choice in self.choices):
            return tuple(dict.fromkeys(values))
        while more := {choice.value for choice in self.choices if choice.within in found} - found:
            found |= more
        known = [choice.value for choice in self.choices if choice.value in found]
        return (*known, *sorted(found - set(known)))

    def clean(self, value):
        """Return a value as this fact holds it, None for "not known". Raises ValueError with a sentence."""
        return None if value is None or value == "" else CLEANERS[self.type](value)

    def to_json(self, value):
        """Return a clean value as JSON can carry it; ``clean`` takes it back unchanged."""
        if isinstance(value, Decimal | date):
            return str(value)
        return value


def _boolean(value) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(_("Write true or false."))


def _integer(value) -> int:
    number = _decimal(value)
    if number != int(number) or abs(number) > WIDEST_INTEGER:
        raise ValueError(_("Write a whole number."))
    return int(number)


def _decimal(value) -> Decimal:
    try:
        if isinstance(value, bool):
            raise TypeError
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except (InvalidOperation, TypeError):
        raise ValueError(_("Write a number.")) from None
    if not number.is_finite() or number.adjusted() > 17:
        raise ValueError(_("Write a number."))
    return number


def _date(value) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(_("Write a date as year-month-day.")) from None


def _text(value) -> str:
    if isinstance(value, str) and "\0" not in value:
        return str(value)
    raise ValueError(_("Write a text."))


CLEANERS = {
    Type.BOOLEAN: _boolean,
    Type.INTEGER: _integer,
    Type.DECIMAL: _decimal,
    Type.RATIO: _decimal,
    Type.PERCENTAGE: _decimal,
    Type.MONEY: _decimal,
    Type.DATE: _date,
    Type.TEXT: _text,
    Type.CHOICE: _text,
}


@dataclass(frozen=True, eq=False)
class Vocabulary(Mapping):
    """The facts that a kind of rule may ask for, by key. ``version`` is kept beside every verdict."""

    name: str
    version: int
    facts: tuple[Fact, ...]
    _by_key: dict[str, Fact] = field(init=False, repr=False)

    def __post_init__(self):
        object.__setattr__(self, "_by_key", {fact.key: fact for fact in self.facts})
        columns = {fact.column for fact in self.facts}
        if len(self._by_key) != len(self.facts) or len(columns) != len(self.facts):
            raise ValueError(f"The vocabulary {self.name} names a fact or a column twice.")

    def __getitem__(self, key: str) -> Fact:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self.facts)

    def about(self, *who: str) -> tuple[Fact, ...]:
        """Return the facts about these kinds of subject, in their order."""
        return tuple(fact for fact in self.facts if fact.who in who)
