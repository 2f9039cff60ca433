"""A rule as a tree that cannot change: what its JSON says, checked in full and cleaned.

    {"version": 1, "all": [ node, … ]}      every node must hold; {"any": […]} one is enough; {"not": node} the opposite
    node = {"all": …} | {"any": …} | {"not": …} | criterion
    criterion = {"fact": key, "op": op, "value": …}   and, if wanted:
        "when": node or [nodes]   it applies only where these hold, and is skipped where one does not
        "also": [tests]           it counts as met only if these hold as well
        "preferred": true         a bonus: explained, never counted
        "hard": true | false      whether a failure is final; if left out, the fact's own ``change`` decides
        "note": {"en": …, "zh": …}, "clause": …   for people

``not`` is pushed down to the criteria while reading, so that the tree itself knows only All, AnyOf and Criterion.
How it is judged stands in ``formula.py``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from park.rules.vocabulary import Fact, Op, Type, Vocabulary

VERSION = 1
MOST_CRITERIA = 60  # a mask of criteria is one bigint
DEEPEST = 8
LISTS = frozenset({Op.IN, Op.NOT_IN})
YES_OR_NO = frozenset({Op.IS_TRUE, Op.IS_FALSE})
BRANCHES = ("all", "any", "not")
CRITERION_KEYS = frozenset({"fact", "op", "value", "when", "also", "preferred", "hard", "note", "clause"})
TEST_KEYS = frozenset({"fact", "op", "value", "note"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: ``all.2.when.0.value``."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RuleError(ValueError):
    """A rule that cannot be read. ``problems`` names everything that is wrong with it, not only the first."""

    def __init__(self, problems: list[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Test:
    """One fact compared with one value, both of the fact's own Python type; a list is a tuple."""

    __test__ = False  # pytest: not one of yours
    fact: Fact
    op: Op
    value: object = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition in the order of the rule: bit ``index`` of a mask."""

    index: int
    path: str
    test: Test
    also: tuple[Test, ...] = ()
    when: "Node | None" = None
    negated: bool = False
    preferred: bool = False
    hard: bool | None = None
    note: tuple[tuple[str, str], ...] = ()
    clause: str = ""

    @property
    def tests(self) -> tuple[Test, ...]:
        return (self.test, *self.also)


@dataclass(frozen=True, slots=True)
class All:
    path: str
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    path: str
    nodes: tuple["Node", ...]


Node = Criterion | All | AnyOf


@dataclass(frozen=True)
class Rule:
    """A rule that was read: the tree, its criteria in order, and the JSON it came from."""

    root: Node
    vocabulary: Vocabulary
    source: Mapping = field(compare=False, repr=False)
    criteria: tuple[Criterion, ...]

    def __hash__(self) -> int:
        return hash(self.root)

    @property
    def conditions(self) -> tuple[Node, ...]:
        """Return what must hold at the top, one by one: a criterion, or alternatives of which one is enough."""
        return tuple(_flatten(self.root))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return every fact that the rule asks for, in order of first mention."""
        return tuple(dict.fromkeys(test.fact for test in tests(self.root)))


def _flatten(node: Node) -> Iterator[Node]:
    if isinstance(node, All):
        for child in node.nodes:
            yield from _flatten(child)
    else:
        yield node


def tests(node: Node) -> Iterator[Test]:
    """Yield every test of a tree: of criteria, of what must hold with them, and of when they apply."""
    if isinstance(node, Criterion):
        if node.when is not None:
            yield from tests(node.when)
        yield from node.tests
    else:
        for child in node.nodes:
            yield from tests(child)


def criteria(node: Node) -> Iterator[Criterion]:
    """Yield the criteria of a tree in the order in which it is read."""
    if isinstance(node, Criterion):
        yield node
    else:
        for child in node.nodes:
            yield from criteria(child)


def parse(data, vocabulary: Vocabulary) -> Rule:
    """Read a rule's JSON. Raises RuleError, which names every problem with its place."""
    reader = _Reader(vocabulary)
    root = reader.root(data)
    if not reader.problems and reader.count > MOST_CRITERIA:
        most = ngettext("A rule holds at most %(n)s criterion.", "A rule holds at most %(n)s criteria.", MOST_CRITERIA)
        reader.problem("", most % {"n": MOST_CRITERIA})
    if reader.problems:
        raise RuleError(reader.problems)
    return Rule(root, vocabulary, data, tuple(criteria(root)))


class _Reader:
    """Reads one rule and remembers what is wrong with it."""

    def __init__(self, vocabulary: Vocabulary):
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.count = 0

    def problem(self, path: str, message: str) -> None:
        self.problems.append(Problem(path.lstrip("."), message))

    def root(self, data) -> Node | None:
        if not isinstance(data, Mapping):
            return self.problem("", _("A rule is an object with “all”, “any”, “not” or “fact”."))
        if data.get("version") != VERSION or isinstance(data.get("version"), bool):
            self.problem("version", _("The version of a rule is %(version)s.") % {"version": VERSION})
        return self.node({key: value for key, value in data.items() if key != "version"}, "", negated=False)

    def node(self, data, path: str, *, negated: bool, counted: bool = True) -> Node | None:
        if path.count(".") > 2 * DEEPEST:
            return self.problem(path, _("The rule is nested too deeply."))
        if not isinstance(data, Mapping):
            return self.problem(path, _("This must be an object with “all”, “any”, “not” or “fact”."))
        if "fact" in data:
            return self.criterion(data, path, negated, counted)
        branch = next((name for name in BRANCHES if name in data), None)
        if branch is None or len(data) > 1:
            return self.problem(path, _("This must hold exactly one of “all”, “any”, “not” or “fact”."))
        if branch == "not":
            return self.node(data["not"], f"{path}.not", negated=not negated, counted=counted)
        return self.branch(data[branch], f"{path}.{branch}", (branch == "all") != negated, negated, counted)

    def branch(self, nodes, path: str, is_all: bool, negated: bool, counted: bool) -> Node | None:
        if not isinstance(nodes, list | tuple):
            return self.problem(path, _("This must be a list."))
        read = [self.node(node, f"{path}.{i}", negated=negated, counted=counted) for i, node in enumerate(nodes)]
        if any(node is None for node in read):
            return None
        return (All if is_all else AnyOf)(path.lstrip("."), tuple(read))

    def criterion(self, data, path: str, negated: bool, counted: bool) -> Criterion | None:
        index = self.count
        self.count += counted
        allowed = CRITERION_KEYS if counted else TEST_KEYS | {"also"}
        self.only(data, allowed, path)
        test = self.test(data, path)
        also = self.also(data.get("also"), f"{path}.also")
        when = self.when(data["when"], f"{path}.when") if counted and data.get("when") is not None else None
        preferred, hard = data.get("preferred", False), data.get("hard")
        if not isinstance(preferred, bool):
            self.problem(f"{path}.preferred", _("Write true or false."))
        if not isinstance(hard, bool | None):
            self.problem(f"{path}.hard", _("Write true or false."))
        note = self.note(data.get("note"), f"{path}.note")
        clause = data.get("clause") or ""
        if not isinstance(clause, str):
            self.problem(f"{path}.clause", _("Write a text."))
        if test is None or None in also:
            return None
        return Criterion(index, path.lstrip("."), test, also, when, negated, preferred is True, hard, note, str(clause))

    def only(self, data, allowed: frozenset, path: str) -> None:
        for key in data:
            if key not in allowed:
                self.problem(f"{path}.{key}", _("“%(key)s” is not known here.") % {"key": key})

    def also(self, data, path: str) -> tuple:
        if data is None:
            return ()
        if not isinstance(data, list | tuple):
            self.problem(path, _("This must be a list."))
            return (None,)
        found = []
        for i, each in enumerate(data):
            if not isinstance(each, Mapping):
                self.problem(f"{path}.{i}", _("This must be an object with “fact”, “op” and “value”."))
                found.append(None)
                continue
            self.only(each, TEST_KEYS, f"{path}.{i}")
            found.append(self.test(each, f"{path}.{i}"))
        return tuple(found)

    def when(self, data, path: str) -> Node | None:
        if isinstance(data, list | tuple):
            return self.branch(data, path, is_all=True, negated=False, counted=False)
        return self.node(data, path, negated=False, counted=False)

    def note(self, data, path: str) -> tuple[tuple[str, str], ...]:
        if not data:
            return ()
        if isinstance(data, str):
            return (("en", data),)
        if isinstance(data, Mapping) and all(isinstance(text, str) for text in data.values()):
            return tuple((str(language), text) for language, text in data.items())
        self.problem(path, _("Write a text, or one text a language."))
        return ()

    def test(self, data, path: str) -> Test | None:
        fact = self.vocabulary.get(data.get("fact")) if isinstance(data.get("fact"), str) else None
        if fact is None:
            return self.problem(f"{path}.fact", _("No fact is called “%(key)s”.") % {"key": data.get("fact")})
        op = data.get("op")
        if not isinstance(op, str) or op not in fact.ops:
            known = {"op": op, "fact": fact.label}
            return self.problem(f"{path}.op", _("“%(op)s” cannot be asked of “%(fact)s”.") % known)
        try:
            return Test(fact, Op(op), self.value(fact, Op(op), data.get("value"), f"{path}.value"))
        except ValueError as reason:
            return self.problem(f"{path}.value", str(reason))

    def value(self, fact: Fact, op: Op, raw, path: str):
        if op in YES_OR_NO:
            if raw is None or raw is (op is Op.IS_TRUE):
                return None
            raise ValueError(_("Leave the value out: “%(op)s” says it all.") % {"op": op})
        if op in LISTS:
            if not isinstance(raw, list | tuple) or not raw:
                raise ValueError(_("Write a list with at least one value."))
            return tuple(dict.fromkeys(self.scalar(fact, each) for each in raw))
        if op is Op.BETWEEN:
            if not isinstance(raw, list | tuple) or len(raw) != 2:
                raise ValueError(_("Write a list of two values, the lowest and the highest."))
            return tuple(self.scalar(fact, each) for each in raw)
        return self.scalar(fact, raw)

    @staticmethod
    def scalar(fact: Fact, raw):
        if fact.type not in {Type.DATE, Type.TEXT, Type.CHOICE} and isinstance(raw, str):
            raise ValueError(
                _("Write a number, not a text.") if fact.type != Type.BOOLEAN else _("Write true or false.")
            )
        value = fact.clean(raw)
        if value is None:
            raise ValueError(_("Write a value."))
        return value


def from_eligibility(entries: list[Mapping]) -> dict:
    """Turn the flat list of a policy file into a rule's JSON, in the order of the list.

    Criteria are joined by "all"; those that share a ``group`` become alternatives where the first of them stands.
    """
    nodes: list[dict] = []
    groups: dict[str, list[dict]] = {}
    for entry in entries:
        node = {_RENAMED.get(key, key): value for key, value in entry.items() if key != "group" and value is not None}
        for part in ("when", "also"):
            if part in node:
                node[part] = [{_RENAMED.get(key, key): each[key] for key in each} for each in node[part]]
        group = entry.get("group")
        if group is None:
            nodes.append(node)
        elif group in groups:
            groups[group].append(node)
        else:
            groups[group] = [node]
            nodes.append({"any": groups[group]})
    return {"version": VERSION, "all": nodes}


_RENAMED = {"field": "fact"}
