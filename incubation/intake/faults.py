"""What cannot work in an application form: each fault with its place and a sentence for the person who writes the form.

A fault that is ``unfinished`` may stand in a draft (a task that has no question yet); no other is let in. A form that
has any is neither sent for review nor published.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from park.files.kinds import KINDS as PAPER_KINDS
from park.rules import formula
from park.rules.linter import Severity, lint, possible
from park.rules.tree import Rule

from .definition import KINDS, Definition, Entry, Field, Paper, Part, Task, in_language
from .vocabulary import COLUMNS, COUNTED, PROFILE, SOURCES, TEXTS, TYPES, profile_label

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
WORDS = {  # the texts of each kind of entry; the first is needed
    Part: ("label",), Task: ("label", "hint", "why"), Field: ("label", "hint", "help", "unit", "entry"),
    Paper: ("label", "hint"),
}  # fmt: skip
ATTRIBUTES = {
    Part: {"key", "tasks"},
    Task: {"key", "kind", "when", "fields", "papers"},
    Field: {
        "key", "type", "required", "when", "fact", "column", "choices", "source", "min", "max", "max_length",
        "autocomplete", "fields",
    },
    Paper: {"key", "kind", "required", "required_when", "when"},
}  # fmt: skip
RULES = ("when", "required_when")
UNFINISHED = {"nothing", "empty_part", "empty_task", "empty_entries", "no_title"}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, at the entry of ``path`` ('' for the form as a whole)."""

    code: str
    path: str
    message: str

    @property
    def is_unfinished(self) -> bool:
        return self.code in UNFINISHED

    def __str__(self) -> str:
        return self.message


def faults_of(data) -> list[Fault]:
    """Return everything that is wrong with a form, in its order. What is no form at all has one fault a place."""
    misshapen = list(_misshapen(data))
    return misshapen or list(_Reader(Definition(data)).run())


def named(entry: Entry) -> str:
    """Name an entry as its writer knows it."""
    return entry.label or entry.key


# --- Is it a form at all? ---------------------------------------------------------------------------------------------
CHILDREN = {"": ("parts",), "parts": ("tasks",), "tasks": ("fields", "papers"), "fields": ("fields",), "papers": ()}
SHAPES = {
    "label_en": str, "label_zh": str, "hint_en": str, "hint_zh": str, "why_en": str, "why_zh": str, "help_en": str,
    "help_zh": str, "unit_en": str, "unit_zh": str, "entry_en": str, "entry_zh": str, "kind": str, "type": str,
    "fact": str, "column": str, "source": str, "autocomplete": str, "required": bool, "when": dict,
    "required_when": dict, "choices": list, "max_length": int, "min": (int, float), "max": (int, float),
}  # fmt: skip


def _misshapen(data, level: str = "", path: str = "") -> Iterator[Fault]:
    where = path or _("the form")
    if not isinstance(data, Mapping) or (level and not isinstance(data.get("key"), str)):
        yield Fault("shape", path, _("This is not a form: “%(place)s” has no key.") % {"place": where})
        return
    path = ".".join(filter(None, [path, data.get("key", "") if level else ""]))
    if level == "fields" and not isinstance(data.get("type"), str):
        yield Fault("shape", path, _("This is not a form: “%(place)s” has no type.") % {"place": path})
    if level == "papers" and not isinstance(data.get("kind"), str):
        yield Fault("shape", path, _("This is not a form: “%(place)s” has no kind of paper.") % {"place": path})
    for name, kind in SHAPES.items():
        wrong = name in data and (not isinstance(data[name], kind) or (kind is not bool and data[name] is True))
        if wrong:
            words = {"place": path or where, "name": name}
            yield Fault("shape", path, _("This is not a form: “%(name)s” of “%(place)s” is no such value.") % words)
    for choice in data.get("choices", []) if isinstance(data.get("choices"), list) else []:
        if not isinstance(choice, Mapping) or not isinstance(choice.get("value"), str):
            yield Fault("shape", path, _("This is not a form: a choice of “%(place)s” has no value.") % {"place": path})
    for name in CHILDREN[level]:
        entries = data.get(name, [] if level else None)
        if not isinstance(entries, list):
            yield Fault("shape", path, _("This is not a form: “%(place)s” has no list.") % {"place": path or where})
            continue
        for each in entries:
            yield from _misshapen(each, name, path)


# --- Can it work? -----------------------------------------------------------------------------------------------------
class _Reader:
    """Reads a form that is shaped like one."""

    def __init__(self, definition: Definition):
        self.form = definition
        self.everything = {} if any(self._doubled()) else definition.vocabulary_before(None)
        self.by_name = {each.name: each for each in definition.entries if isinstance(each, Field)}

    def run(self) -> Iterator[Fault]:
        if not self.form.parts:
            yield Fault("nothing", "", _("The form has no part yet."))
        yield from (doubled := list(self._doubled()))
        for entry in self.form.entries:
            yield from self._words(entry)
            yield from getattr(self, f"_{type(entry).__name__.lower()}")(entry)
            if not doubled:
                yield from self._rules(entry)
        yield from self._whole()

    def _doubled(self) -> Iterator[Fault]:
        """Yield every key that stands twice where it must be one of its own."""
        kinds = {
            Part: lambda entry: entry.key, Task: lambda entry: entry.key, Paper: lambda entry: entry.key,
            Field: lambda entry: entry.path,
        }  # fmt: skip
        seen: Counter = Counter()
        for entry in self.form.entries:
            place = (type(entry), kinds[type(entry)](entry))
            seen[place] += 1
            if seen[place] == 2:
                yield Fault("double", entry.path, _("Two entries have the key “%(key)s”.") % {"key": entry.key})

    def _words(self, entry: Entry) -> Iterator[Fault]:
        words = {"entry": named(entry)}
        if not KEY.fullmatch(entry.key):
            yield Fault(
                "key", entry.path,
                _("“%(key)s” is no key: write small letters, digits and underscores.") % {"key": entry.key},
            )  # fmt: skip
        for place, name in enumerate(WORDS[type(entry)]):
            texts = [bool(str(entry.data.get(f"{name}_{code}", "")).strip()) for code in ("en", "zh")]
            if any(texts) != all(texts) or (place == 0 and not any(texts)):
                missing = _("Chinese") if texts[0] else _("English")
                told = words | {"language": missing, "text": TEXT_NAMES[name]()}
                yield Fault("language", entry.path, _("“%(entry)s”: %(text)s is missing in %(language)s.") % told)
        known = ATTRIBUTES[type(entry)] | {f"{name}_{code}" for name in WORDS[type(entry)] for code in ("en", "zh")}
        for name in sorted(set(entry.data) - known):
            yield Fault("attribute", entry.path, _("“%(entry)s”: “%(name)s” is not known.") % (words | {"name": name}))

    def _part(self, part: Part) -> Iterator[Fault]:
        if not part.tasks:
            yield Fault("empty_part", part.path, _("The part “%(part)s” has no task yet.") % {"part": named(part)})

    def _task(self, task: Task) -> Iterator[Fault]:
        words = {"task": named(task)}
        if task.kind not in KINDS:
            yield Fault("task_kind", task.path, _("“%(task)s” is of a kind that is not known.") % words)
        elif (task.fields and task.kind != "fields") or (task.papers and task.kind != "papers"):
            yield Fault("task_kind", task.path, _("“%(task)s” holds what its kind cannot hold.") % words)
        if (task.kind == "fields" and not task.fields) or (task.kind == "papers" and not task.papers):
            yield Fault("empty_task", task.path, _("The task “%(task)s” asks for nothing yet.") % words)
        if task.key == "person" or (KEY.fullmatch(task.key) and not _is_free(task.key)):
            yield Fault("key", task.path, _("“%(key)s” is taken: choose another key.") % {"key": task.key})

    def _field(self, field: Field) -> Iterator[Fault]:
        words = {"question": named(field)}
        if field.type not in TYPES:
            yield Fault("type", field.path, _("“%(question)s” is of a type that is not known.") % words)
            return
        source, chooses = field.data.get("source"), field.type in ("choice", "choices")
        if source and (source not in SOURCES or not chooses):
            yield Fault("source", field.path, _("“%(question)s” chooses from a list that is not known.") % words)
        if chooses and not source:
            yield from self._choices(field)
        low, high = field.data.get("min", 0), field.data.get("max")
        counted = field.type in COUNTED or field.is_repeated
        if counted and (low > (high if high is not None else 10**9) or (field.is_repeated and field.most < 1)):
            yield Fault("range", field.path, _("“%(question)s”: the most is less than the least.") % words)
        whole = isinstance(low, int) and isinstance(field.most, int)
        if field.is_repeated and (not whole or field.most > 50 or low < 0):
            yield Fault("range", field.path, _("“%(question)s”: there can be 0 to 50 entries.") % words)
        if field.type in TEXTS and not 1 <= field.data.get("max_length", 200) <= 20_000:
            yield Fault("range", field.path, _("“%(question)s”: a text has 1 to 20,000 characters.") % words)
        if field.is_repeated:
            if field.is_inside_entries:
                yield Fault("nested", field.path, _("“%(question)s”: entries cannot stand in entries.") % words)
            elif not field.fields:
                yield Fault("empty_entries", field.path, _("“%(question)s”: an entry asks for nothing yet.") % words)
        yield from self._kept_as(field)

    def _choices(self, field: Field) -> Iterator[Fault]:
        words, values = {"question": named(field)}, [value for value, _label in field.choices]
        if not values:
            yield Fault("choices", field.path, _("“%(question)s”: there is nothing to choose from.") % words)
        if len(values) != len(set(values)) or not all(re.fullmatch(r"[A-Za-z0-9_-]{1,40}", each) for each in values):
            yield Fault(
                "choices", field.path,
                _("“%(question)s”: each choice needs a key of its own, of letters, digits and underscores.") % words,
            )  # fmt: skip
        for choice in field.data.get("choices", []):
            if not (choice.get("label_en") and choice.get("label_zh")):
                told = words | {"choice": in_language(choice, "label") or choice["value"]}
                yield Fault(
                    "language", field.path, _("“%(question)s”: the choice “%(choice)s” lacks a language.") % told
                )

    def _kept_as(self, field: Field) -> Iterator[Fault]:
        """Look at where else the answer goes: into the profile, into the list of applications."""
        words = {"question": named(field), "name": field.fact}
        if field.fact and field.fact not in PROFILE:
            yield Fault("fact", field.path, _("“%(question)s”: the profile knows no “%(name)s”.") % words)
        elif field.fact and (field.type not in PROFILE[field.fact] or field.is_inside_entries):
            told = words | {"name": profile_label(field.fact)}
            yield Fault("fact", field.path, _("“%(question)s” cannot fill “%(name)s” of the profile.") % told)
        column = field.data.get("column")
        if column and (field.type not in COLUMNS.get(column, ()) or field.is_inside_entries):
            yield Fault("column", field.path, _("“%(question)s” cannot be shown in the list of applications.") % words)

    def _paper(self, paper: Paper) -> Iterator[Fault]:
        if paper.kind not in PAPER_KINDS:
            words = {"paper": named(paper), "kind": paper.kind}
            yield Fault("paper_kind", paper.path, _("“%(paper)s”: “%(kind)s” is no kind of paper.") % words)
        if paper.data.get("required") and paper.data.get("required_when"):
            sentence = _("“%(paper)s” is needed always and in some cases: choose one.")
            yield Fault("required", paper.path, sentence % {"paper": named(paper)})

    def _whole(self) -> Iterator[Fault]:
        """Look at what a form may have once, and what it must have."""
        fields = [each for each in self.form.entries if isinstance(each, Field)]
        for name in ("fact", "column"):
            counts = Counter(each.data[name] for each in fields if each.data.get(name))
            for value in (value for value, count in counts.items() if count > 1):
                last = [each for each in fields if each.data.get(name) == value][-1]
                yield Fault("asked_twice", last.path, _("“%(question)s” is asked twice.") % {"question": named(last)})
        if sum(task.kind == "stays" for task in self.form.tasks) > 1:
            last = [task for task in self.form.tasks if task.kind == "stays"][-1]
            yield Fault("asked_twice", last.path, _("The record of the time abroad is asked for twice."))
        if self.form.parts and not any(each.data.get("column") == "title" for each in fields):
            yield Fault("no_title", "", _("No question gives the application its title."))

    # --- Rules ------------------------------------------------------------------------------------------------------
    def _rules(self, entry: Entry) -> Iterator[Fault]:
        sound = True
        for name in RULES:
            if not entry.data.get(name):
                continue
            found = list(self._rule(entry, name))
            sound &= not found
            yield from found
        if not sound:
            return
        words = {"entry": named(entry)}
        if entry.data.get("when") and not self._can_be(entry, "when"):
            yield Fault("unreachable", entry.path, _("Nobody can ever reach “%(entry)s”.") % words)
        elif entry.data.get("required_when") and not self._can_be(entry, "when", "required_when"):
            yield Fault("unreachable", entry.path, _("“%(entry)s” can never be needed.") % words)

    def _rule(self, entry: Entry, name: str) -> Iterator[Fault]:
        data, words = entry.data[name], {"entry": named(entry)}
        before, strange = self.form.vocabulary_before(entry), False
        for key in dict.fromkeys(facts_in(data)):
            if key in before:
                continue
            strange, told = True, words | {"question": self._name_of(key)}
            if key in self.everything:
                sentence = _("“%(entry)s” depends on “%(question)s”, which comes later or stands elsewhere.")
                yield Fault("later", entry.path, sentence % told)
            elif key in self.by_name:
                sentence = _("“%(entry)s” depends on “%(question)s”, whose answers cannot be compared.")
                yield Fault("incomparable", entry.path, sentence % told)
            else:
                sentence = _("“%(entry)s” depends on “%(question)s”, which this form does not ask.")
                yield Fault("stranger", entry.path, sentence % told)
        for finding in [] if strange else lint(data, before):
            if finding.severity == Severity.ERROR or finding.code == "empty":
                told = words | {"problem": finding.message}
                yield Fault("rule", entry.path, _("The condition of “%(entry)s” cannot work. %(problem)s") % told)

    def _name_of(self, key: str) -> str:
        field = self.by_name.get(key) or self.by_name.get(key.rpartition(".")[0])
        return named(field) if field else key

    def _can_be(self, entry: Entry, *names: str) -> bool:
        """Tell whether anybody can come to an entry: its rules hold together with those of all they depend on."""
        rules, seen = [], set()
        waiting = [(entry, names)]
        while waiting:
            each, wanted = waiting.pop()
            if (each.path, wanted) in seen:
                continue
            seen.add((each.path, wanted))
            for rule in filter(None, (self._read(each, name) for name in wanted)):
                rules.append(rule)
                waiting += [(self.by_name[fact.who], ("when",)) for fact in rule.facts if fact.who in self.by_name]
            holder = self.form.entry(each.path.rpartition(".")[0])
            if holder is not None:
                waiting.append((holder, ("when",)))
        return possible(formula.both(formula.fits(rule) for rule in rules), {})

    def _read(self, entry: Entry, name: str) -> Rule | None:
        try:
            return self.form.rule(entry.data.get(name))
        except ValueError:  # a fault of its own, at its own place
            return None


TEXT_NAMES = {
    "label": lambda: _("the name or question"), "hint": lambda: _("the hint"), "why": lambda: _("“why we ask”"),
    "help": lambda: _("the help"), "unit": lambda: _("the unit"), "entry": lambda: _("the name of an entry"),
}  # fmt: skip


def facts_in(rule) -> Iterator[str]:
    """Yield every fact that a rule's JSON names, whether it can be read or not."""
    if isinstance(rule, Mapping):
        if isinstance(rule.get("fact"), str):
            yield rule["fact"]
        rule = rule.values()
    if not isinstance(rule, str):
        for each in rule if isinstance(rule, list | tuple | type({}.values())) else ():
            yield from facts_in(each)


def _is_free(key: str) -> bool:
    """Tell whether a task of this key has an address of its own."""
    try:
        return resolve(reverse("intake:task", args=["x", key])).url_name == "task"
    except Resolver404:
        return False
