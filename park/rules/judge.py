"""A rule judged for one subject: by the interpreter, with everything that can be said, or by a generated function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from park.rules import formula
from park.rules.formula import And, Formula, Literal, Or, value_of
from park.rules.states import State, Verdict
from park.rules.tree import All, AnyOf, Criterion, Node, Rule, criteria, tests
from park.rules.vocabulary import Fact, Op

OUT_OF_REACH = 1000  # more criteria than a rule can have: alternatives that do not apply


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """What was found of one criterion. ``hard``: it is not met and cannot change any more."""

    criterion: Criterion
    state: State
    hard: bool

    @property
    def index(self) -> int:
        return self.criterion.index


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule says of a subject.

    ``value`` is true, false or None for unknown; ``verdict`` is the word for people; ``blocking`` is how many criteria
    keep the subject from fitting, at the least; ``values`` are the facts as they were read.
    """

    rule: Rule
    value: bool | None
    verdict: Verdict
    blocking: int
    criteria: tuple[CriterionResult, ...]
    values: Mapping[str, object]

    @property
    def near(self) -> bool:
        """Tell whether exactly one criterion keeps the subject from fitting."""
        return self.blocking == 1

    @property
    def met(self) -> int:
        """Return the mask of criteria that are met or skipped."""
        return sum(1 << each.index for each in self.criteria if each.state in {State.MET, State.SKIPPED})

    @property
    def unknown(self) -> int:
        """Return the mask of criteria that are unknown or skipped."""
        return sum(1 << each.index for each in self.criteria if each.state in {State.UNKNOWN, State.SKIPPED})

    @property
    def missing(self) -> tuple[Fact, ...]:
        """Return the facts that are not known and stand between the subject and an answer, in order of mention."""

        def known(fact: Fact):
            return self.values[fact.key]

        open_ = (node for node in self.rule.conditions if value_of(formula.allows(node), known) is None)
        unsettled = (
            each for node in open_ for each in criteria(node) if self.criteria[each.index].state is State.UNKNOWN
        )
        asked = (test.fact for each in unsettled if not each.preferred for test in tests(each))
        return tuple(dict.fromkeys(fact for fact in asked if known(fact) is None))


def states(met: int, unknown: int, count: int) -> tuple[State, ...]:
    """Read two masks: a criterion in both is skipped, in neither not met."""
    words = {(1, 0): State.MET, (0, 1): State.UNKNOWN, (1, 1): State.SKIPPED, (0, 0): State.NOT_MET}
    return tuple(words[met >> i & 1, unknown >> i & 1] for i in range(count))


def reader(row: Mapping[str, object]) -> Callable[[Fact], object]:
    """Return how to read a fact from a row by column or by key. What is not there is not known."""

    def known(fact: Fact):
        value = row.get(fact.column)
        return fact.clean(row.get(fact.key) if value is None else value)

    return known


def judge(rule: Rule, row: Mapping[str, object]) -> Judgement:
    """Judge one subject. ``row`` maps columns or keys of facts to values; what is missing or None is not known."""
    read = reader(row)
    values = {fact.key: read(fact) for fact in rule.facts}

    def known(fact: Fact):
        return values[fact.key]

    value = value_of(formula.fits(rule), known)
    if value is True:
        verdict = Verdict.FITS
    elif value is False and value_of(formula.fits(rule), known, soft=True) is False:
        verdict = Verdict.NOT_NOW
    else:
        verdict = Verdict.MAY_FIT
    results = tuple(_result(criterion, known) for criterion in rule.criteria)
    return Judgement(rule, value, verdict, blocking(rule.root, known), results, values)


def _result(criterion: Criterion, known: Callable) -> CriterionResult:
    asked = formula.asks(criterion)
    if value_of(formula.applies(criterion), known) is False:
        state = State.SKIPPED
    else:
        state = {True: State.MET, False: State.NOT_MET, None: State.UNKNOWN}[value_of(asked, known)]
    hard = state is State.NOT_MET and value_of(asked, known, soft=True) is False
    return CriterionResult(criterion, state, hard)


def blocking(node: Node, known: Callable[[Fact], object]) -> int:
    """Return how many criteria, at the least, would have to be met besides for the node to allow."""
    if value_of(formula.allows(node), known) is True:
        return 0
    match node:
        case Criterion():
            return 1
        case All(nodes=nodes):
            return max(1, sum(blocking(child, known) for child in nodes))
        case AnyOf(nodes=nodes):
            return max(1, min((_to_hold(child, known) for child in nodes), default=1))


def _to_hold(node: Node, known: Callable[[Fact], object]) -> int:
    """Return the same for an alternative: one that does not apply cannot help."""
    held = value_of(formula.holds(node), known)
    if held is False and value_of(formula.allows(node), known) is True:
        return OUT_OF_REACH
    return 0 if held is True else max(1, blocking(node, known))


# --- The same as a generated function ---------------------------------------------------------------------------------
SOURCE_OPS = {
    Op.EQ: "{x} == {v}", Op.NE: "{x} != {v}", Op.IN: "{x} in {v}", Op.NOT_IN: "{x} not in {v}",
    Op.GT: "{x} > {v}", Op.GTE: "{x} >= {v}", Op.LT: "{x} < {v}", Op.LTE: "{x} <= {v}",
    Op.IS_TRUE: "{x}", Op.IS_FALSE: "not {x}",
}  # fmt: skip


class _Writer:
    """Writes one Python function over a row. Values are handed over by name, never written into the source."""

    def __init__(self, columns: Sequence[str] | None):
        self.columns = None if columns is None else list(columns)
        self.lines: list[str] = []
        self.names: dict = {}
        self.space: dict[str, object] = {}

    def fact(self, fact: Fact) -> str:
        if fact not in self.names:
            name = self.names[fact] = f"x{len(self.names)}"
            place = f"get({fact.column!r})" if self.columns is None else f"row[{self.columns.index(fact.column)}]"
            self.lines.append(f"{name} = {place}")
        return self.names[fact]

    def constant(self, value) -> str:
        name = f"v{len(self.space)}"
        self.space[name] = frozenset(value) if isinstance(value, tuple) else value
        return name

    def write(self, thing: Formula) -> str:
        """Write the lines that work a formula out, and return the name that holds it."""
        if isinstance(thing, bool):
            return str(thing)
        if thing in self.names:
            return self.names[thing]
        match thing:
            case Literal(fact, op, value):
                x = self.fact(fact)
                test = SOURCE_OPS[op].format(x=x, v="" if value is None else self.constant(value))
                source = f"None if {x} is None else {test}"
            case And(parts):
                source = self.joined(parts, "False", "True")
            case Or(parts):
                source = self.joined(parts, "True", "False")
        name = self.names[thing] = f"t{len(self.names)}"
        self.lines.append(f"{name} = {source}")
        return name

    def joined(self, parts: Sequence[Formula], ends: str, otherwise: str) -> str:
        names = [self.write(part) for part in parts]
        ended = " or ".join(f"{name} is {ends}" for name in names)
        unknown = " or ".join(f"{name} is None" for name in names)
        return f"{ends} if {ended} else None if {unknown} else {otherwise}"

    def function(self, answer: str) -> Callable:
        start = [] if self.columns is not None else ["get = row.get"]
        source = "def judged(row):\n" + "".join(f"    {line}\n" for line in [*start, *self.lines, f"return {answer}"])
        exec(compile(source, "<rule>", "exec"), self.space)  # noqa: S102 - written above from a parsed rule, values apart
        return self.space["judged"]


def compile_python(rule: Rule, columns: Sequence[str] | None = None) -> Callable:
    """Return a function of a row that gives (value, met mask, unknown mask), as ``judge`` and the database do.

    The row maps columns to values as the database gives them; with ``columns``, it is a sequence in their order.
    """
    writer = _Writer(columns)
    value = writer.write(formula.fits(rule))
    met, unknown = [], []
    for criterion in rule.criteria:
        bit, when = 1 << criterion.index, writer.write(formula.applies(criterion))
        asked = writer.write(formula.asks(criterion))
        met.append(f"({bit} if {asked} is True else 0)")
        skipped = "" if when == "True" else f" or {when} is False"
        unknown.append(f"({bit} if {asked} is None{skipped} else 0)")
    return writer.function(f"{value}, {' | '.join(met) or 0}, {' | '.join(unknown) or 0}")


def compile_value(rule: Rule, columns: Sequence[str] | None = None) -> Callable:
    """Return a function of a row that gives only true, false or None."""
    writer = _Writer(columns)
    return writer.function(writer.write(formula.fits(rule)))
