"""What is wrong with a rule although it can be read: what can never be met, what always is, what is said twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.rules import formula, scopes, words
from park.rules.formula import And, Formula, Literal, both, opposite
from park.rules.scopes import Scope
from park.rules.tree import AnyOf, Criterion, Node, Rule, RuleError, Test, parse, tests
from park.rules.vocabulary import Fact, Op, Type, Vocabulary

MOST_WAYS = 512  # ways to meet a formula that are tried before it is taken to be possible


class Severity(TextChoices):
    """An error keeps a rule from being released; a warning is shown to who writes it."""

    ERROR = "error", gettext_lazy("Error")
    WARNING = "warning", gettext_lazy("Warning")


@dataclass(frozen=True, slots=True)
class Finding:
    severity: Severity
    code: str
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def lint(data: Mapping, vocabulary: Vocabulary) -> list[Finding]:
    """Return all that is wrong with a rule's JSON, errors first. A rule that cannot be read has only errors."""
    try:
        rule = parse(data, vocabulary)
    except RuleError as refusal:
        return [Finding(Severity.ERROR, "unreadable", each.path, each.message) for each in refusal.problems]
    return lint_rule(rule)


def lint_rule(rule: Rule) -> list[Finding]:
    """Return all that is wrong with a rule that was read, errors first and in its order."""
    linter = _Linter(rule)
    linter.run()
    return sorted(linter.findings, key=lambda finding: finding.severity != Severity.ERROR)


class _Linter:
    def __init__(self, rule: Rule):
        self.rule = rule
        self.findings: list[Finding] = []

    def error(self, code: str, path: str, message: str) -> None:
        self.findings.append(Finding(Severity.ERROR, code, path, message))

    def warning(self, code: str, path: str, message: str) -> None:
        self.findings.append(Finding(Severity.WARNING, code, path, message))

    def run(self) -> None:
        if not self.rule.criteria:
            self.warning("empty", "", _("The rule asks for nothing: everybody fits."))
        self.branches(self.rule.root)
        for criterion in self.rule.criteria:
            self.criterion(criterion)
        certain = self.together()
        for node in self.rule.conditions:
            if isinstance(node, AnyOf):
                self.alternatives(node, certain)
            elif isinstance(node, Criterion) and node.when is not None:
                self.when(node, certain)
        if not self.findings and not possible(formula.fits(self.rule), {}):
            self.error("impossible", "", _("Nobody can meet all of these conditions together."))

    # --- Each for itself --------------------------------------------------------------------------------------------
    def branches(self, node: Node) -> None:
        if isinstance(node, Criterion):
            return
        if not node.nodes and node is not self.rule.root:
            self.error("empty", node.path, _("This list of conditions is empty."))
        seen: set[Formula] = set()
        for child in node.nodes:
            meaning = formula.allows(child) if not isinstance(child, Criterion) else formula.asks(child)
            if meaning in seen:
                self.error("duplicate", child.path, _("“%(condition)s” stands here twice.") % _said(child))
            seen.add(meaning)
            self.branches(child)

    def criterion(self, criterion: Criterion) -> None:
        sound = [self.test(test, criterion.path) for test in tests(criterion)]  # every one, also after the first fault
        if not all(sound):
            return
        meaning = formula.body(criterion)
        if not possible(meaning, {}):
            self.error("impossible", criterion.path, _("“%(condition)s” can never be met.") % _said(criterion))
        elif not possible(opposite(meaning), {}):
            self.error("always_true", criterion.path, _("“%(condition)s” is always met.") % _said(criterion))

    def test(self, test: Test, path: str) -> bool:
        fact, value = test.fact, test.value
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        strangers = [each for each in values if fact.type is Type.CHOICE and each not in fact.values]
        for each in strangers:
            known = {"value": each, "fact": fact.label}
            self.error("stranger", path, _("“%(value)s” is not one of the answers to “%(fact)s”.") % known)
        if test.op is Op.BETWEEN and value[0] > value[1]:
            ends = {"low": words.value(fact, value[0]), "high": words.value(fact, value[1])}
            self.error("empty_range", path, _("Nothing lies between %(low)s and %(high)s.") % ends)
            return False
        if fact.type is Type.RATIO and any(each >= 2 for each in values):
            self.warning("per_cent", path, _("%(value)s: a ratio is a fraction, 0.05 is 5%%.") % _value(fact, values))
        if fact.type is Type.PERCENTAGE and any(0 < each < 1 for each in values):
            self.warning(
                "per_cent", path, _("%(value)s: this fact counts in per cent, 50 is 50%%.") % _value(fact, values)
            )
        return not strangers

    # --- All together -----------------------------------------------------------------------------------------------
    def together(self) -> dict[Fact, Scope]:
        """Return what those who fit certainly are, and report conditions that contradict or repeat each other."""
        certain: dict[Fact, Scope] = {}
        for node in self.rule.conditions:
            if not isinstance(node, Criterion) or node.when is not None or node.preferred:
                continue
            narrowed = narrow(certain, formula.body(node))
            if narrowed is None:
                if possible(formula.body(node), {}):
                    self.error(
                        "impossible", node.path, _("“%(condition)s” contradicts the other conditions.") % _said(node)
                    )
                continue
            if certain and narrowed == certain and not isinstance(formula.body(node), bool):
                self.warning(
                    "repeated", node.path, _("“%(condition)s” follows from the other conditions.") % _said(node)
                )
            certain = narrowed
        return certain

    def alternatives(self, node: AnyOf, certain: dict[Fact, Scope]) -> None:
        alive = []
        for child in node.nodes:
            meaning = formula.body(child) if isinstance(child, Criterion) else formula.holds(child)
            if possible(meaning, certain):
                alive.append(child)
            elif possible(meaning, {}):
                self.error(
                    "dead", child.path, _("“%(condition)s” cannot be met beside the other conditions.") % _said(child)
                )
        if node.nodes and not alive:
            self.error("impossible", node.path, _("None of these alternatives can be met."))
        elif len(node.nodes) > 1 and not possible(opposite(formula.holds(node)), {}):
            self.error("always_true", node.path, _("One of these alternatives is always met."))

    def when(self, criterion: Criterion, certain: dict[Fact, Scope]) -> None:
        applies, path = formula.applies(criterion), f"{criterion.path}.when"
        if not possible(applies, certain):
            self.error("dead", path, _("“%(condition)s” never applies.") % _said(criterion))
        elif not possible(opposite(applies), certain):
            self.warning(
                "always_applies", path, _("“%(condition)s” always applies: leave out the “when”.") % _said(criterion)
            )
        elif not possible(both((applies, formula.body(criterion))), certain):
            self.error(
                "dead", criterion.path, _("Where “%(condition)s” applies, it can never be met.") % _said(criterion)
            )


def _said(node: Node) -> dict[str, str]:
    return {"condition": words.asked(node) if isinstance(node, Criterion) else words.sentence(node)}


def _value(fact: Fact, values: tuple) -> dict[str, str]:
    return {"value": words.one_of(fact, values)}


# --- What can be ------------------------------------------------------------------------------------------------------
def possible(thing: Formula, certain: Mapping[Fact, Scope]) -> bool:
    """Tell whether there can be a subject of which the formula is true beside what is certain."""
    return any(tried >= MOST_WAYS or _meet(certain, way) is not None for tried, way in enumerate(_ways(thing)))


def narrow(certain: Mapping[Fact, Scope], thing: Formula) -> dict[Fact, Scope] | None:
    """Return what is certain once the formula is true as well, None where the two exclude each other."""
    if isinstance(thing, Literal | And):
        plain = [part for part in (thing.parts if isinstance(thing, And) else (thing,)) if isinstance(part, Literal)]
        narrowed = _meet(certain, plain)
    else:
        narrowed = dict(certain)
    return narrowed if narrowed is not None and possible(thing, narrowed) else None


def _meet(certain: Mapping[Fact, Scope], literals) -> dict[Fact, Scope] | None:
    met = dict(certain)
    for literal in literals:
        scope = met.get(literal.fact, scopes.everything(literal.fact)) & scopes.of(literal)
        if scope.empty:
            return None
        met[literal.fact] = scope
    return met


def _ways(thing: Formula) -> Iterator[tuple[Literal, ...]]:
    """Yield every set of tests that makes a formula true."""
    match thing:
        case bool():
            if thing:
                yield ()
        case Literal():
            yield (thing,)
        case And(parts):
            for combination in product(*map(_Again, parts)):
                yield tuple(literal for way in combination for literal in way)
        case _:
            for part in thing.parts:
                yield from _ways(part)


class _Again:
    """The ways of a formula, to be gone through by ``product``, which reads each of them first."""

    def __init__(self, thing: Formula):
        self.thing = thing

    def __iter__(self) -> Iterator[tuple[Literal, ...]]:
        for count, way in enumerate(_ways(self.thing)):
            if count > MOST_WAYS:
                return
            yield way
