"""A version of an application form, read: parts, tasks, questions and papers, with their words in both languages.

The whole form is data (``FormVersion.definition``), so staff make new versions while running applications keep theirs::

    {"parts": [{"key", "label_en", "label_zh", "tasks": [
        {"key", "label_…", "hint_…", "why_…", "kind": "fields", "when": rule, "fields": [
            {"key", "type", "label_…", "hint_…", "help_…", "required": true, "fact": …, "when": rule, …},
            {"key", "type": "entries", "min": 0, "max": 10, "entry_…", "fields": […]}]},
        {"key", "kind": "stays", …},
        {"key", "kind": "papers", "papers": [{"key", "kind", "required": true, "required_when": rule, "when": rule}]}
    ]}]}

Rules are those of ``park.rules`` over the questions that come before (``vocabulary``). What cannot work in a definition
is found by ``faults``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import get_language

from park.rules import words
from park.rules.judge import judge
from park.rules.tree import Rule, parse
from park.rules.vocabulary import Vocabulary

from .vocabulary import TYPES, facts_of

__all__ = ["KINDS", "TYPES", "Definition", "Entry", "Field", "Paper", "Part", "Task", "in_language"]

KINDS = ("fields", "stays", "papers")


def in_language(entry: Mapping, name: str) -> str:
    """Return a text of an entry in the active language; where it is missing, in the other."""
    first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
    return entry.get(f"{name}_{first}") or entry.get(f"{name}_{second}") or ""


@dataclass(frozen=True)
class Entry:
    """Something of the form that has words. ``path`` is its keys from the part down: ``you.personal.name``."""

    data: Mapping = field(repr=False)
    form: "Definition" = field(repr=False)
    path: str

    @property
    def key(self) -> str:
        return self.data["key"]

    @property
    def label(self) -> str:
        return in_language(self.data, "label")

    @property
    def hint(self) -> str:
        return in_language(self.data, "hint")

    def asks(self, name: str, values: Mapping[str, object]) -> bool:
        """Tell whether the rule of this name holds. Without a rule it holds; what is not known does not."""
        rule = self.form.rule(self.data.get(name))
        return rule is None or judge(rule, values).value is True

    def is_shown(self, values: Mapping[str, object]) -> bool:
        """Tell whether this is asked of a person who answered so far what ``values`` say, by fact."""
        return self.asks("when", values)


@dataclass(frozen=True)
class Field(Entry):
    """One question; or, of type ``entries``, questions that are answered once for each of several things."""

    name: str = ""  # as facts name it: task.field, or task.field.field inside repeated entries

    @property
    def type(self) -> str:
        return self.data["type"]

    @property
    def required(self) -> bool:
        return self.data.get("required", True)

    @property
    def is_conditional(self) -> bool:
        return bool(self.data.get("when"))

    @property
    def is_inside_entries(self) -> bool:
        return self.name.count(".") > 1

    @property
    def is_repeated(self) -> bool:
        return self.type == "entries"

    @property
    def fact(self) -> str:
        """The field of the profile that this question fills and is filled from; '' if it is asked here only."""
        return self.data.get("fact", "")

    @property
    def unit(self) -> str:
        return in_language(self.data, "unit")

    @property
    def help(self) -> str:
        return in_language(self.data, "help")

    @property
    def entry_label(self) -> str:
        """What one of the repeated entries is called: "Team member"."""
        return in_language(self.data, "entry") or self.label

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(choice["value"], in_language(choice, "label")) for choice in self.data.get("choices", [])]

    @property
    def fewest(self) -> int:
        return self.data.get("min", 0)

    @property
    def most(self) -> int:
        return self.data.get("max", 10)

    @cached_property
    def fields(self) -> list["Field"]:
        """The questions of one entry."""
        entries = self.data.get("fields", []) if self.is_repeated else []
        return [Field(each, self.form, f"{self.path}.{each['key']}", f"{self.name}.{each['key']}") for each in entries]


@dataclass(frozen=True)
class Paper(Entry):
    @property
    def kind(self) -> str:
        return self.data["kind"]

    @property
    def needed_if(self) -> str:
        """When this paper is needed, in words; '' where it is always or never."""
        rule = self.form.rule(self.data.get("required_when"))
        return words.sentence(rule.root) if rule else ""

    def is_required(self, values: Mapping[str, object]) -> bool:
        """Tell whether this paper is needed after what was answered."""
        if not self.is_shown(values):
            return False
        if self.data.get("required"):
            return True
        return bool(self.data.get("required_when")) and self.asks("required_when", values)


@dataclass(frozen=True)
class Task(Entry):
    part: "Part"
    number: int  # inside its part, from 1

    @property
    def kind(self) -> str:
        return self.data.get("kind", "fields")

    @property
    def why(self) -> str:
        return in_language(self.data, "why")

    @cached_property
    def fields(self) -> list[Field]:
        entries = self.data.get("fields", [])
        return [Field(each, self.form, f"{self.path}.{each['key']}", f"{self.key}.{each['key']}") for each in entries]

    @cached_property
    def papers(self) -> list[Paper]:
        return [Paper(entry, self.form, f"{self.path}.{entry['key']}") for entry in self.data.get("papers", [])]


@dataclass(frozen=True)
class Part(Entry):
    number: int

    @cached_property
    def tasks(self) -> list[Task]:
        entries = self.data.get("tasks", [])
        return [
            Task(entry, self.form, f"{self.path}.{entry['key']}", self, place)
            for place, entry in enumerate(entries, start=1)
        ]


class Definition:
    """A form version as people fill it in."""

    def __init__(self, data: Mapping):
        self.data = data
        self._rules: dict[int, Rule] = {}

    @cached_property
    def parts(self) -> list[Part]:
        return [Part(entry, self, entry["key"], place) for place, entry in enumerate(self.data["parts"], start=1)]

    @property
    def tasks(self) -> Iterator[Task]:
        return (task for part in self.parts for task in part.tasks)

    def task(self, key: str) -> Task | None:
        return next((task for task in self.tasks if task.key == key), None)

    @property
    def papers(self) -> list[Paper]:
        return [paper for task in self.tasks for paper in task.papers]

    def paper(self, key: str) -> Paper | None:
        return next((paper for paper in self.papers if paper.key == key), None)

    def entry(self, path: str) -> Entry | None:
        """Return the part, task, question or paper of a path; None if there is none."""
        return next((each for each in self.entries if each.path == path), None)

    @property
    def entries(self) -> Iterator[Entry]:
        """Yield everything that has words, in the order of the form."""
        for part in self.parts:
            yield part
            for task in part.tasks:
                yield task
                for each in task.fields:
                    yield each
                    yield from each.fields
                yield from task.papers

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Everything that a rule of this form may ask for."""
        return self.vocabulary_before(None)

    def vocabulary_before(self, entry: Entry | None) -> Vocabulary:
        """Return what is known when an entry is reached: of the person, and of the questions before it.

        The questions of repeated entries are known only beside them, inside the same entry.
        """
        known: dict[str, object] = {fact.key: fact for fact in facts_of(None)}
        holder = entry.path.rpartition(".")[0] if entry else ""
        for each in self.entries:
            if entry is not None and each.path == entry.path:
                break
            if not isinstance(each, Field) or (each.is_repeated and each.path == holder):
                continue  # how many entries there are is not known while one of them is written
            beside = each.path.rpartition(".")[0] == holder
            if entry is None or not each.is_inside_entries or beside:
                known |= {fact.key: fact for fact in facts_of(each)}
        return Vocabulary("application form", 1, tuple(known.values()))

    def rule(self, data: Mapping | None) -> Rule | None:
        """Return a rule of this form, read; None where nothing is asked. Raises RuleError."""
        if not data:
            return None
        if id(data) not in self._rules:
            self._rules[id(data)] = parse(data, self.vocabulary)
        return self._rules[id(data)]

    def deciding(self, data: Mapping | None) -> set[str]:
        """Return the names of the questions that a rule asks for."""
        rule = self.rule(data)
        return set() if rule is None else {fact.who for fact in rule.facts}


_read: dict[tuple[int, int, str | None], Definition] = {}


def read(version) -> Definition:
    """Return a form version, read. One that is in use cannot change any more: a process reads it once a language."""
    if version.published_at is None:
        return Definition(version.definition)
    key = version.pk, version.version, get_language()
    if key not in _read:
        _read[key] = Definition(version.definition)
    return _read[key]
