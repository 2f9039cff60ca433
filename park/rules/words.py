"""Rules in sentences, in the language of the reader: "R&D spending at least 5% of revenue"."""

from collections.abc import Mapping, Sequence

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from park.pages.wording import language, local_date, money, plain_number
from park.rules.tree import All, AnyOf, Criterion, Node, Test
from park.rules.vocabulary import NUMBERS, OPPOSITES, Fact, Op, Type

LISTS = {"en": "en_GB", "zh": "zh_Hans_CN"}  # whose commas a list follows
COUNTED = frozenset({Type.INTEGER, Type.DECIMAL})


def value(fact: Fact, value) -> str:
    """Write a value of a fact with its unit: "5% of revenue", "CN¥5 million", "3 people"."""
    if value is None:
        return ""
    return with_unit(fact, value, bare(fact, value))


def bare(fact: Fact, value) -> str:
    """Write a value without its unit."""
    match fact.type:
        case Type.BOOLEAN:
            return _("Yes") if value else _("No")
        case Type.INTEGER | Type.DECIMAL:
            return plain_number(value, 4)
        case Type.RATIO:
            return f"{plain_number(value * 100, 4)}%"
        case Type.PERCENTAGE:
            return f"{plain_number(value, 3)}%"
        case Type.MONEY:
            return money(value)
        case Type.DATE:
            return local_date(value)
        case Type.CHOICE:
            return str(fact.label_of(value))
        case Type.TEXT:
            return value


def with_unit(fact: Fact, value, written: str) -> str:
    if fact.unit is None or fact.type not in NUMBERS:
        return written
    count = int(value) if value == int(value) else 2
    return fact.unit % {"value": written, "count": count}


def one_of(fact: Fact, values: Sequence) -> str:
    """Write a list of values of which one is enough: "Biomedicine or Medical devices"."""
    return format_list([value(fact, each) for each in values], style="or", locale=LISTS[language()])


def test(asked: Test, negated: bool = False) -> str:
    """Write what a test asks for."""
    fact, op, wanted = asked.fact, asked.op, asked.value
    if op is Op.BETWEEN:
        pattern = (
            _("%(fact)s not between %(low)s and %(high)s") if negated else _("%(fact)s between %(low)s and %(high)s")
        )
        return pattern % {"fact": fact.label, **_ends(fact, *wanted)}
    if negated:
        op = OPPOSITES[op]
    if fact.type is Type.BOOLEAN:
        return _statement(fact, op is Op.IS_TRUE or (op in {Op.EQ, Op.NE} and wanted is (op is Op.EQ)))
    if isinstance(wanted, tuple) and len(wanted) == 1:
        op, wanted = {Op.IN: Op.EQ, Op.NOT_IN: Op.NE}[op], wanted[0]
    written = one_of(fact, wanted) if isinstance(wanted, tuple) else value(fact, wanted)
    return _pattern(fact, op) % {"fact": fact.label, "value": written}


def _ends(fact: Fact, low, high) -> dict[str, str]:
    """Write both ends of a range; the unit stands once where it follows the number."""
    short, full = bare(fact, low), value(fact, low)
    return {"low": short if full.startswith(short) else full, "high": value(fact, high)}


def _statement(fact: Fact, holds: bool) -> str:
    if holds:
        return str(fact.label)
    return str(fact.negative) if fact.negative else _("Not so: %(statement)s") % {"statement": fact.label}


def _pattern(fact: Fact, op: Op) -> str:
    counted, dated = fact.type in COUNTED, fact.type is Type.DATE
    match op:
        case Op.EQ | Op.IN:
            return _("%(fact)s exactly %(value)s") if fact.type in NUMBERS else _("%(fact)s: %(value)s")
        case Op.NE | Op.NOT_IN:
            return _("%(fact)s: not %(value)s")
        case Op.GTE if dated:
            return _("%(fact)s: %(value)s or later")
        case Op.GT if dated:
            return _("%(fact)s: after %(value)s")
        case Op.LTE if dated:
            return _("%(fact)s: %(value)s or earlier")
        case Op.LT if dated:
            return _("%(fact)s: before %(value)s")
        case Op.GTE:
            return pgettext("count", "%(fact)s at least %(value)s") if counted else _("%(fact)s at least %(value)s")
        case Op.GT:
            return _("%(fact)s more than %(value)s")
        case Op.LTE:
            return _("%(fact)s at most %(value)s")
        case Op.LT:
            return pgettext("count", "%(fact)s less than %(value)s") if counted else _("%(fact)s less than %(value)s")
    raise ValueError(op)


def both(sentences: Sequence[str]) -> str:
    """Join conditions that must hold together."""
    said = sentences[0]
    for sentence in sentences[1:]:
        said = _("%(before)s; and %(next)s") % {"before": said, "next": sentence}
    return said


def either(sentences: Sequence[str]) -> str:
    """Join conditions of which one is enough."""
    said = sentences[0]
    for sentence in sentences[1:]:
        said = _("%(before)s; or %(next)s") % {"before": said, "next": sentence}
    return said


def sentence(node: Node) -> str:
    """Write what a node of a rule asks for, whether it applies or not included."""
    match node:
        case Criterion():
            said = asked(node)
            if node.when is not None:
                said = _("%(condition)s (if: %(when)s)") % {"condition": said, "when": sentence(node.when)}
            return said
        case All(nodes=()) | AnyOf(nodes=()):
            return _("No condition")
        case All(nodes=nodes):
            return both([sentence(child) for child in nodes])
        case AnyOf(nodes=(only,)):
            return sentence(only)
        case AnyOf(nodes=nodes):
            return _("One of: %(conditions)s") % {"conditions": either([_alternative(child) for child in nodes])}


def _alternative(node: Node) -> str:
    """Write an alternative; one of several parts in brackets."""
    several = bool(node.also) if isinstance(node, Criterion) else len(node.nodes) > 1
    return _("(%(conditions)s)") % {"conditions": sentence(node)} if several else sentence(node)


def asked(criterion: Criterion) -> str:
    """Write what a criterion asks for where it applies."""
    if not criterion.negated:
        return both([test(each) for each in criterion.tests])
    if not criterion.also:
        return test(criterion.test, negated=True)
    return _("Not together: %(conditions)s") % {"conditions": both([test(each) for each in criterion.tests])}


def found(tests: Sequence[Test], values: Mapping[str, object], *, named: bool = False) -> str:
    """Write what is known of the facts that were asked for; what is not known is left out.

    A single fact is not named, its condition stands beside it; unless ``named`` asks for it.
    """
    facts = list(dict.fromkeys(each.fact for each in tests))
    known = [fact for fact in facts if values.get(fact.key) is not None]
    if len(facts) == 1 and not named:
        return value(facts[0], values[facts[0].key]) if known else ""
    lines = [_("%(fact)s: %(value)s") % {"fact": fact.label, "value": value(fact, values[fact.key])} for fact in known]
    return format_list(lines, style="unit", locale=LISTS[language()]) if lines else ""
