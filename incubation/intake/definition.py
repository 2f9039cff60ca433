"""A version of the application form, read: parts, tasks, fields and papers, with their words in the reader's language.

The whole form is data (``FormVersion.definition``), so staff can make a new version while running applications keep
theirs. A definition that cannot be right is refused by ``Definition.faults``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import get_language

KINDS = {"fields", "stays", "papers"}
TYPES = {
    "text", "long_text", "choice", "choices", "country", "nationality", "day", "month", "yes_no", "whole_number",
    "money",
}  # fmt: skip
SOURCES = {"degrees", "sectors"}


def in_language(entry: dict, name: str) -> str:
    """Return a text of an entry in the active language; where it is missing, in the other."""
    first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
    return entry.get(f"{name}_{first}") or entry.get(f"{name}_{second}") or ""


def holds(condition: dict | None, values: dict[str, object]) -> bool:
    """Tell whether a condition holds; ``values`` are what was answered, by ``task.field``. None always holds.

    ``{"field": "technology.ip_owner", "in": ["shared"]}``; also ``not_in``, ``eq``, ``ne``.
    """
    if condition is None:
        return True
    value = values.get(condition["field"])
    value = "" if value is None else value
    if "in" in condition:
        return value in condition["in"]
    if "not_in" in condition:
        return value not in condition["not_in"]
    if "ne" in condition:
        return value != condition["ne"]
    return value == condition["eq"]


class Entry:
    """Something of the form that has words."""

    data: dict

    @property
    def key(self) -> str:
        return self.data["key"]

    @property
    def label(self) -> str:
        return in_language(self.data, "label")

    @property
    def hint(self) -> str:
        return in_language(self.data, "hint")


@dataclass(frozen=True)
class Field(Entry):
    data: dict = field(repr=False)

    @property
    def type(self) -> str:
        return self.data["type"]

    @property
    def required(self) -> bool:
        return self.data.get("required", True)

    @property
    def fact(self) -> str:
        """The field of the profile that this question fills and is filled from; '' if it is asked here only."""
        return self.data.get("fact", "")

    @property
    def unit(self) -> str:
        return in_language(self.data, "unit")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(choice["value"], in_language(choice, "label")) for choice in self.data.get("choices", [])]


@dataclass(frozen=True)
class Paper(Entry):
    data: dict = field(repr=False)

    @property
    def kind(self) -> str:
        return self.data["kind"]

    def is_required(self, values: dict[str, object]) -> bool:
        """Tell whether this paper is needed after what was answered."""
        if self.data.get("required"):
            return True
        return "required_when" in self.data and holds(self.data["required_when"], values)


@dataclass(frozen=True)
class Task(Entry):
    data: dict = field(repr=False)
    part: "Part"
    number: int  # inside its part, from 1

    @property
    def kind(self) -> str:
        return self.data.get("kind", "fields")

    @property
    def why(self) -> str:
        return in_language(self.data, "why")

    @property
    def fields(self) -> list[Field]:
        return [Field(entry) for entry in self.data.get("fields", [])]

    @property
    def papers(self) -> list[Paper]:
        return [Paper(entry) for entry in self.data.get("papers", [])]


@dataclass(frozen=True)
class Part(Entry):
    data: dict = field(repr=False)
    number: int

    @property
    def tasks(self) -> list[Task]:
        return [Task(entry, self, place) for place, entry in enumerate(self.data["tasks"], start=1)]


class Definition:
    """A form version as people fill it in."""

    def __init__(self, data: dict):
        self.data = data

    @property
    def parts(self) -> list[Part]:
        return [Part(entry, place) for place, entry in enumerate(self.data["parts"], start=1)]

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

    def faults(self) -> list[str]:
        """Return what is wrong with a definition, in words for the person who wrote it."""
        found, keys, names = [], [task.key for task in self.tasks], set()
        if len(keys) != len(set(keys)):
            found.append("two tasks share a key")
        for task in self.tasks:
            if task.kind not in KINDS:
                found.append(f"{task.key}: unknown kind {task.kind}")
            if not all(task.data.get(f"label_{code}") for code in ("en", "zh")):
                found.append(f"{task.key}: a label is missing in one language")
            for each in task.fields:
                names.add(f"{task.key}.{each.key}")
                if each.type not in TYPES:
                    found.append(f"{task.key}.{each.key}: unknown type {each.type}")
                if each.data.get("source", "degrees") not in SOURCES:
                    found.append(f"{task.key}.{each.key}: unknown source")
                if each.type in {"choice", "choices"} and not (each.choices or each.data.get("source")):
                    found.append(f"{task.key}.{each.key}: nothing to choose from")
        conditions = [each.data.get("when") for task in self.tasks for each in task.fields]
        conditions += [paper.data.get("required_when") for paper in self.papers]
        found += [f"a condition asks for {each['field']}" for each in conditions if each and each["field"] not in names]
        return found
