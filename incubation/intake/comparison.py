"""Two versions of a form side by side: what was added, taken out, changed and moved, in words of the reader."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from park.files.kinds import label as paper_label
from park.pages.differences import ADDED, CHANGED, MOVED, REMOVED, SAME, TONES, WHAT
from park.rules import words
from park.rules.tree import RuleError

from .definition import Definition, Entry, Field, Paper, Task, in_language
from .editor_forms import COLUMN_LABELS, TASK_KINDS
from .vocabulary import SOURCES, TYPES, profile_label


@dataclass
class Change:
    """One entry in both versions. ``before`` and ``after`` are its lines of text; only those that differ are marked."""

    what: tuple[str, ...]
    depth: int
    label: str
    before: list[tuple[str, bool]] = field(default_factory=list)
    after: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def words(self) -> list[tuple[str, str]]:
        return [(str(WHAT[each]), TONES[each]) for each in self.what]

    @property
    def is_same(self) -> bool:
        return self.what == (SAME,)


def identity(entry: Entry) -> tuple[str, str]:
    """Return by what an entry of one version is known again in another, wherever it stands there."""
    name = entry.name if isinstance(entry, Field) else entry.key
    return type(entry).__name__, name


def rule_in_words(definition: Definition, data: dict | None) -> str:
    """Return a condition in a sentence; '' without one. What cannot be read says so."""
    try:
        rule = definition.rule(data)
    except RuleError as refusal:
        return _("cannot be read: %(why)s") % {"why": refusal}
    return words.sentence(rule.root) if rule else ""


def lines_of(entry: Entry) -> list[str]:
    """Return everything an entry says, line by line: its words in both languages, then what it does."""
    data = entry.data
    told = [f"{data.get(f'{name}_en', '')} · {data.get(f'{name}_zh', '')}" for name in ("label", "entry") if
            data.get(f"{name}_en") or data.get(f"{name}_zh")]  # fmt: skip
    names = {"hint": _("Hint"), "why": _("Why we ask"), "help": _("Help"), "unit": _("Unit")}
    for name, label in names.items():
        if text := in_language(data, name):
            told.append(_("%(what)s: %(text)s") % {"what": label, "text": text})
    told += list(_what_it_does(entry))
    for name, label in (("when", _("Asked if")), ("required_when", _("Needed if"))):
        if data.get(name):
            told.append(_("%(what)s: %(text)s") % {"what": label, "text": rule_in_words(entry.form, data[name])})
    return told


def _what_it_does(entry: Entry) -> Iterator[str]:
    data = entry.data
    if isinstance(entry, Task) and entry.kind != "fields":
        yield str(TASK_KINDS.get(entry.kind, entry.kind))
    if isinstance(entry, Paper):
        yield paper_label(entry.kind)
        yield _("Needed of everybody") if data.get("required") else _("Not needed of everybody")
    if not isinstance(entry, Field):
        return
    yield str(TYPES.get(entry.type, entry.type))
    if not entry.is_repeated:
        yield _("Must be answered") if entry.required else _("May be left open")
    ends = (("min", _("At least")), ("max", _("At most")), ("max_length", _("Most characters")))
    for name, label in ends:
        if name in data:
            yield _("%(what)s: %(text)s") % {"what": label, "text": data[name]}
    if data.get("source") in SOURCES:
        yield _("%(what)s: %(text)s") % {"what": _("Chosen from"), "text": SOURCES[data["source"]][0]}
    for choice in data.get("choices", []):
        yield f"• {choice['value']}: {choice.get('label_en', '')} · {choice.get('label_zh', '')}"
    if entry.fact:
        yield _("%(what)s: %(text)s") % {"what": _("Fills the profile"), "text": profile_label(entry.fact)}
    if data.get("column"):
        yield _("%(what)s: %(text)s") % {"what": _("Shown in lists as"), "text": COLUMN_LABELS[data["column"]]}


def compare(old: Definition, new: Definition) -> list[Change]:
    """Return every entry of both versions in the order of the new one; what was taken out stands where it stood."""
    before = {identity(each): each for each in old.entries}
    after = {identity(each): each for each in new.entries}
    moved = _moved(list(before.values()), list(after.values()))
    rows: list[Change] = []
    placed: dict[tuple[str, str], int] = {}
    for key, entry in after.items():
        rows.append(_change(before.get(key), entry, key in moved))
        placed[key] = len(rows)
    last: tuple[str, str] | None = None
    for key, entry in before.items():
        if key not in after:
            place = placed.get(last, 0)
            rows.insert(place, _change(entry, None, False))
            placed = {each: at + (at > place) for each, at in placed.items()}
            placed[key] = place + 1
        last = key
    return rows


def _change(old: Entry | None, new: Entry | None, moved: bool) -> Change:
    entry = new or old
    before, after = lines_of(old) if old else [], lines_of(new) if new else []
    what: tuple[str, ...] = (ADDED,) if old is None else (REMOVED,) if new is None else ()
    if not what:
        what = tuple(name for name, so in ((CHANGED, before != after), (MOVED, moved)) if so) or (SAME,)
    return Change(
        what, entry.path.count("."), entry.label or entry.key,
        [(line, line not in after) for line in before], [(line, line not in before) for line in after],
    )  # fmt: skip


def _moved(before: list[Entry], after: list[Entry]) -> set[tuple[str, str]]:
    """Return what stands elsewhere: in another holder, or in another order among those that stayed."""

    def held(entries: list[Entry]) -> dict[tuple, list[tuple[str, str]]]:
        found: dict[tuple, list[tuple[str, str]]] = {}
        by_path = {each.path: identity(each) for each in entries}
        for each in entries:
            holder = by_path.get(each.path.rpartition(".")[0], ("", ""))
            found.setdefault(holder, []).append(identity(each))
        return found

    old, new = held(before), held(after)
    homes = {key: holder for holder, keys in old.items() for key in keys}
    elsewhere = {key for holder, keys in new.items() for key in keys if key in homes and homes[key] != holder}
    for holder, keys in new.items():
        stayed = [key for key in keys if homes.get(key) == holder]
        order = {key: place for place, key in enumerate(old.get(holder, []))}
        elsewhere |= set(stayed) - set(_longest_run(stayed, order))
    return elsewhere


def _longest_run(keys: list, order: dict) -> list:
    """Return the most of them that still follow each other as before: the others are what was moved."""
    best: list[list] = []
    for place, key in enumerate(keys):
        runs = [best[i] for i in range(place) if order[best[i][-1]] < order[key]]
        best.append([*max(runs, key=len, default=[]), key])
    return max(best, key=len, default=[])


def tally(changes: list[Change]) -> dict[str, int]:
    """Return how many entries are new, taken out, changed and moved."""
    return {what: sum(what in change.what for change in changes) for what in (ADDED, REMOVED, CHANGED, MOVED)}
