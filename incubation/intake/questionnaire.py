"""A task of the form as a Django form: built from data, filled from what was typed, from the profile, or empty.

Repeated entries stand in the form as one set of fields an entry, ``team-0-name``, and a count, ``team-count``.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from django import forms
from django.forms.widgets import MultiWidget
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from .definition import Field, Task
from .questions import OPEN, build_field, missing, opened, to_json
from .vocabulary import values_of

LONGEST = 20_000  # letters of one answer that are kept while it is typed


def counter(group: Field) -> str:
    """Return the name under which a page says how many entries stand on it."""
    return f"{group.key}-count"


def named(group: Field, entry: int, field: Field) -> str:
    return f"{group.key}-{entry}-{field.key}"


class TaskForm(forms.Form):
    """One task. What is asked and needed follows from the answers themselves, on the server, whatever the page showed.

    ``others`` are the facts known when the task is reached; ``stages`` those of the call. After cleaning, ``asked`` are
    the names of the questions that are asked after these answers (one to a question that is not asked does not count),
    and ``values`` all facts with those of this task.
    """

    use_required_attribute = False

    def __init__(self, task: Task, data=None, others: Mapping | None = None, stages: list[str] | None = None, **kwargs):
        super().__init__(data, **kwargs)
        self.task, self.others, self.stages = task, dict(others or {}), stages
        self.asked: set[str] = set()
        self.values: dict[str, object] = dict(self.others)
        for name, field in self._laid_out():
            self.fields[name] = build_field(field, stages)

    def _laid_out(self) -> Iterator[tuple[str, Field]]:
        for field in self.task.fields:
            if not field.is_repeated:
                yield field.key, field
                continue
            for entry in range(self.entries(field)):
                yield from ((named(field, entry, each), each) for each in field.fields)

    def entries(self, group: Field) -> int:
        """Return how many entries stand on the page."""
        said = str(self.data.get(counter(group), "")) if self.is_bound else ""
        wanted = int(said) if re.fullmatch(r"[0-9]{1,3}", said) else 0
        return max(group.fewest, min(wanted, group.most))

    def clean(self):
        """Judge question by question, in the order of the form, what is asked and what is missing."""
        cleaned = super().clean()
        self.asked, self.values = set(), dict(self.others)
        for field in self.task.fields:
            if not field.is_repeated:
                self._judge(field.key, field, self.values)
                continue
            names = range(self.entries(field))
            if not field.is_shown(self.values):
                self._drop(named(field, entry, each) for entry in names for each in field.fields)
                continue
            self.asked.add(field.key)
            before = dict(self.values)
            self.values |= values_of(field, list(names))
            for entry in names:
                beside = dict(before)
                for each in field.fields:
                    self._judge(named(field, entry, each), each, beside)
        return cleaned

    def _judge(self, name: str, field: Field, values: dict) -> None:
        """Judge one question by what is known before it, and add to that what was answered."""
        if not field.is_shown(values):
            self._drop([name])
            return
        self.asked.add(name)
        value = self.cleaned_data.get(name)
        if field.required and value in OPEN and name not in self.errors:
            self.add_error(name, missing(field) if self._stood_there(name, field) else opened(field))
        values.update(values_of(field, value))

    def _drop(self, names) -> None:
        for name in names:
            self.cleaned_data.pop(name, None)
            self._errors.pop(name, None)

    def _stood_there(self, name: str, field: Field) -> bool:
        """Tell whether the page that was sent showed a question that depends on others."""
        stood = self.data.getlist("asked") if "asked" in self.data and hasattr(self.data, "getlist") else None
        return not field.is_conditional or stood is None or name in stood

    @cached_property
    def shown(self) -> set[str]:
        """The names of the questions that the page shows."""
        twin = TaskForm(self.task, self.data if self.is_bound else {}, self.others, self.stages)
        twin.full_clean()
        return twin.asked

    # --- What was answered ------------------------------------------------------------------------------------------
    def answers(self) -> dict:
        """Return what is right as JSON can carry it; what does not apply or was left open is left out."""
        found = {}
        for field in self.task.fields:
            if field.key not in self.asked:
                continue
            if field.is_repeated:
                found[field.key] = [
                    self._given((named(field, entry, each), each) for each in field.fields)
                    for entry in range(self.entries(field))
                ]
            else:
                found |= self._given([(field.key, field)])
        return found

    def _given(self, places) -> dict:
        values = {field.key: self.cleaned_data.get(name) for name, field in places}
        return {key: to_json(value) for key, value in values.items() if value not in OPEN}

    def facts(self) -> dict:
        """Return what belongs into the profile, by its field there, as the profile holds it."""
        return {
            field.fact: {"yes": True, "no": False}[value] if field.type == "yes_no" else value
            for field in self.task.fields
            if field.fact and (value := self.cleaned_data.get(field.key)) not in (None, "")
        }

    # --- What the page shows ----------------------------------------------------------------------------------------
    def rows(self) -> list[dict]:
        """Return the questions as ``intake/questions.html`` takes them."""
        decisive = {name for field in each_field(self.task) for name in self.task.form.deciding(field.data.get("when"))}
        found = []
        for field in self.task.fields:
            row = self._row(field.key, field, decisive)
            if field.is_repeated:
                count = self.entries(field)
                row |= {
                    "group": field, "counter": counter(field), "count": count, "can_add": count < field.most,
                    "entries": [
                        {
                            "name": f"{field.key}-{n}",
                            "label": _("%(entry)s %(number)s") % {"entry": field.entry_label, "number": n + 1},
                            "can_remove": count > field.fewest,
                            "rows": [self._row(named(field, n, each), each, decisive) for each in field.fields],
                        }
                        for n in range(count)
                    ],
                }  # fmt: skip
            found.append(row)
        return found

    def _row(self, name: str, field: Field, decisive: set[str]) -> dict:
        return {
            "name": name,
            "field": None if field.is_repeated else self[name],
            "type": field.type,
            "unit": _("CNY") if field.type == "money" else field.unit,
            "help": field.help,
            "optional": not field.required,
            "is_conditional": field.is_conditional,
            "is_shown": not field.is_conditional or name in self.shown,
            "decides": field.name in decisive,
        }


def each_field(task: Task) -> Iterator[Field]:
    """Yield the questions of a task, those of repeated entries too."""
    for field in task.fields:
        yield field
        yield from field.fields


# --- What was typed, kept as it was typed -----------------------------------------------------------------------------
def typed(form: TaskForm, data) -> dict[str, list[str]]:
    """Return what was typed into the questions of a form, and nothing else that was posted."""
    counts = {counter(field): [str(form.entries(field))] for field in form.task.fields if field.is_repeated}
    return counts | {
        name: [text[:LONGEST] for text in data.getlist(name)]
        for bound in form
        for name in html_names(bound)
        if name in data
    }


def rearranged(task: Task, data: QueryDict) -> QueryDict | None:
    """Return what was posted with one entry more or less, where a button asked for it; else None."""
    groups = {field.key: field for field in task.fields if field.is_repeated}
    group = groups.get(data.get("add", "")) or groups.get(data.get("remove", "").rpartition("-")[0])
    if group is None:
        return None
    changed, count = data.copy(), TaskForm(task, data).entries(group)
    if "add" in data:
        changed[counter(group)] = str(min(count + 1, group.most))
        return changed
    gone = data["remove"].rpartition("-")[2]
    if not gone.isdecimal() or int(gone) >= count or count <= group.fewest:
        return changed
    pattern = re.compile(rf"{re.escape(group.key)}-([0-9]+)-(.+)", re.DOTALL)
    places = {name: (int(match[1]), match[2]) for name in data if (match := pattern.fullmatch(name))}
    for name, (entry, _rest) in places.items():
        if entry >= int(gone):
            del changed[name]
    for name, (entry, rest) in places.items():
        if entry > int(gone):
            changed.setlist(f"{group.key}-{entry - 1}-{rest}", data.getlist(name))
    changed[counter(group)] = str(count - 1)
    return changed


def kept(raw: dict, *, version: int, checked: bool = False, edit: str = "") -> dict:
    """Return what was typed into a task as an application keeps it."""
    return {
        "raw": raw, "checked": checked, "version": version + 1, "edit": edit, "at": timezone.now().isoformat(),
    }  # fmt: skip


def html_names(bound) -> list[str]:
    widget = bound.field.widget
    if isinstance(widget, MultiWidget):
        return [bound.html_name + suffix for suffix in widget.widgets_names]
    return [bound.html_name]


def as_data(raw: dict[str, list[str]]) -> QueryDict:
    """Return what was typed as a form takes it."""
    data = QueryDict(mutable=True)
    for name, texts in raw.items():
        data.setlist(name, texts)
    return data


def prefilled(task: Task, talent) -> dict[str, list[str]]:
    """Return what the profile already knows of a task's questions, as if it had been typed."""
    form, raw = TaskForm(task), {}
    for bound in form:
        fact = bound.field.asked.fact
        value = getattr(talent, fact, None) if fact else None
        if value in (None, ""):
            continue
        value = {True: "yes", False: "no"}.get(value, value)
        widget = bound.field.widget
        parts = widget.decompress(value) if isinstance(widget, MultiWidget) else [value]
        raw |= {name: [str(part)] for name, part in zip(html_names(bound), parts, strict=True)}
    return raw


def entry_to_see(data) -> str:
    """Return the id of the place that a button of repeated entries leads to."""
    return f"entry-{data['add']}-last" if "add" in data else f"entries-{data['remove'].rpartition('-')[0]}"
