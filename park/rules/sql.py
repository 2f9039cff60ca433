"""A rule compiled for all subjects at once: conditions and expressions over any table with the columns of its facts.

Nothing here is negated by Django (whose NOT makes NULL true): formulas come without negation, every test has a lookup
for its opposite, and NULL stays what it is in SQL, unknown. ``prefix`` leads over a join, as in "facts__".
"""

from functools import reduce
from operator import add, and_, or_

from django.db.models import BigIntegerField, BooleanField, CharField, IntegerField, Q, Value
from django.db.models.expressions import Case, Combinable, ExpressionWrapper, When
from django.db.models.fields import Field
from django.db.models.functions import Greatest, Least
from django.db.models.lookups import Exact, In

from park.rules import formula
from park.rules.formula import And, Formula, Literal, Or, opposite
from park.rules.judge import OUT_OF_REACH
from park.rules.states import Verdict
from park.rules.tree import All, AnyOf, Criterion, Node, Rule
from park.rules.vocabulary import Op


@Field.register_lookup
class NotEqual(Exact):
    """``<>``: unknown where the column is NULL, unlike ``exclude()``."""

    lookup_name = "ne"

    def get_rhs_op(self, connection, rhs):
        return f"<> {rhs}"

    def as_sql(self, compiler, connection):
        return super(Exact, self).as_sql(compiler, connection)


@Field.register_lookup
class NotIn(In):
    """``NOT IN``: unknown where the column is NULL, unlike ``exclude()``."""

    lookup_name = "not_in"

    def get_rhs_op(self, connection, rhs):
        return f"NOT IN {rhs}"


LOOKUPS = {
    Op.EQ: "", Op.NE: "__ne", Op.IN: "__in", Op.NOT_IN: "__not_in",
    Op.GT: "__gt", Op.GTE: "__gte", Op.LT: "__lt", Op.LTE: "__lte",
}  # fmt: skip


def compile_q(rule: Rule, prefix: str = "") -> Q:
    """Return the condition of those who fit, and of nobody else: neither who does not, nor of whom it is not known."""
    return _true(formula.fits(rule), prefix)


def compile_possible(rule: Rule, prefix: str = "") -> Q:
    """Return the condition of those of whom the rule is not false: they fit, or something is not known."""
    return _not_false(formula.fits(rule), prefix)


def compile_verdict_q(rule: Rule, verdict: Verdict, prefix: str = "") -> Q:
    """Return the condition of those of whom the rule says this word."""
    match verdict:
        case Verdict.FITS:
            return compile_q(rule, prefix)
        case Verdict.NOT_NOW:
            return _true(opposite(formula.fits(rule)), prefix, soft=True)
        case Verdict.MAY_FIT:
            fits = formula.fits(rule)
            return _not_false(opposite(fits), prefix) & _not_false(fits, prefix, soft=True)
    raise ValueError(verdict)


def compile_near(rule: Rule, prefix: str = "") -> Q:
    """Return the condition of those whom exactly one criterion keeps from fitting."""
    return Q(Exact(compile_blocking(rule, prefix), Value(1)))


def compile_value(rule: Rule, prefix: str = "") -> Combinable:
    """Return the rule as an expression that is true, false, or NULL for unknown."""
    return _value(formula.fits(rule), prefix)


def compile_verdict(rule: Rule, prefix: str = "") -> Case:
    """Return the word of the rule as an expression: fits, may_fit or not_now."""
    return Case(
        When(compile_q(rule, prefix), then=Value(Verdict.FITS.value)),
        When(compile_verdict_q(rule, Verdict.NOT_NOW, prefix), then=Value(Verdict.NOT_NOW.value)),
        default=Value(Verdict.MAY_FIT.value),
        output_field=CharField(),
    )


def compile_masks(rule: Rule, prefix: str = "") -> tuple[Combinable, Combinable]:
    """Return two bigint expressions, bit i for criterion i: met or skipped, unknown or skipped."""
    met, unknown = [], []
    for criterion in rule.criteria:
        asked, bit = formula.asks(criterion), 1 << criterion.index
        skipped = _true(opposite(formula.applies(criterion)), prefix)
        met.append(_case((_true(asked, prefix), bit), default=0))
        unknown.append(
            _case((skipped, bit), (_true(asked, prefix), 0), (_true(opposite(asked), prefix), 0), default=bit),
        )
    return _sum(met, BigIntegerField()), _sum(unknown, BigIntegerField())


def compile_blocking(rule: Rule, prefix: str = "") -> Combinable:
    """Return how many criteria, at the least, keep a subject from fitting: 0 for those who fit, 1 for those near."""
    return _blocking(rule.root, prefix)


# --- Formulas as conditions -------------------------------------------------------------------------------------------
def _lookup(literal: Literal, prefix: str) -> Q:
    name = f"{prefix}{literal.fact.column}"
    if literal.op in {Op.IS_TRUE, Op.IS_FALSE}:
        return Q(**{name: literal.op is Op.IS_TRUE})
    return Q(**{f"{name}{LOOKUPS[literal.op]}": literal.value})


def _known(truth: bool) -> Q:
    return Q(Value(truth, output_field=BooleanField()))


def _join(thing: And | Or, parts) -> Q:
    return reduce(and_ if isinstance(thing, And) else or_, parts)


def _true(thing: Formula, prefix: str, *, soft: bool = False) -> Q:
    """Return where a formula is true. With ``soft``, where it is so even if what might change is taken for unknown.

    Only for the opposite of a formula is ``soft`` of use: a test there says what fails, and is left standing only
    where the failure is final.
    """
    match thing:
        case bool():
            return _known(thing)
        case Literal() as literal:
            if soft and Literal(literal.fact, formula.OPPOSITES[literal.op], literal.value, literal.hard).soft:
                return _known(False)
            return _lookup(literal, prefix)
        case And(parts) | Or(parts):
            return _join(thing, (_true(part, prefix, soft=soft) for part in parts))


def _not_false(thing: Formula, prefix: str, *, soft: bool = False) -> Q:
    """Return where a formula is true or unknown. With ``soft``, where it is so or may still come to be so."""
    match thing:
        case bool():
            return _known(thing)
        case Literal() as literal:
            if soft and literal.soft:
                return _known(True)
            return _lookup(literal, prefix) | Q(**{f"{prefix}{literal.fact.column}__isnull": True})
        case And(parts) | Or(parts):
            return _join(thing, (_not_false(part, prefix, soft=soft) for part in parts))


def _value(thing: Formula, prefix: str) -> Combinable:
    if isinstance(thing, bool):
        return Value(thing, output_field=BooleanField())
    return ExpressionWrapper(_three_valued(thing, prefix), output_field=BooleanField())


def _three_valued(thing: Formula, prefix: str) -> Q:
    if isinstance(thing, Literal):
        return _lookup(thing, prefix)
    return _join(thing, (_three_valued(part, prefix) for part in thing.parts))


# --- Numbers ----------------------------------------------------------------------------------------------------------
def _case(*whens: tuple[Q, int | Combinable], default: int | Combinable) -> Case:
    values = [When(condition, then=_number(number)) for condition, number in whens]
    return Case(*values, default=_number(default), output_field=BigIntegerField())


def _number(number: int | Combinable) -> Combinable:
    return Value(number, output_field=BigIntegerField()) if isinstance(number, int) else number


def _sum(numbers: list[Combinable], field: Field) -> Combinable:
    return ExpressionWrapper(reduce(add, numbers, Value(0, output_field=field)), output_field=field)


def _blocking(node: Node, prefix: str) -> Combinable:
    return _case((_true(formula.allows(node), prefix), 0), default=_missing(node, prefix))


def _missing(node: Node, prefix: str) -> Combinable:
    """Return how many criteria are missing to a node that does not allow; as ``judge.blocking``."""
    match node:
        case Criterion():
            return Value(1, output_field=IntegerField())
        case All(nodes=nodes):
            return Greatest(Value(1), _sum([_blocking(child, prefix) for child in nodes], IntegerField()))
        case AnyOf(nodes=nodes):
            found = [_to_hold(child, prefix) for child in nodes]
            return Greatest(Value(1), Least(*found) if len(found) > 1 else next(iter(found), Value(1)))


def _to_hold(node: Node, prefix: str) -> Combinable:
    held, allowed = formula.holds(node), formula.allows(node)
    out_of_reach = _true(opposite(held), prefix) & _true(allowed, prefix)
    within = Greatest(Value(1), _blocking(node, prefix))
    return _case((_true(held, prefix), 0), (out_of_reach, OUT_OF_REACH), default=within)
