"""A task of the form as a Django form: built from data, filled from what was typed, from the profile, or empty."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.forms.widgets import MultiWidget
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.pages.fields import DayField, MonthField
from park.pages.wording import local_date, money, plain_number
from talents.profiles.countries import name_of, nationalities, places
from talents.profiles.models import Degree
from talents.profiles.sectors import Sector

from .definition import Field, Task, holds

SOURCES = {"degrees": Degree, "sectors": Sector}
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
LONGEST = 20_000  # letters of one answer that are kept while it is typed


def choices_of(field: Field) -> list[tuple[str, str]]:
    """Return what can be chosen, in the active language."""
    if field.data.get("source"):
        return [(value, str(label)) for value, label in SOURCES[field.data["source"]].choices]
    if field.type == "country":
        return places()
    if field.type == "nationality":
        return nationalities()
    return [(value, str(label)) for value, label in YES_NO] if field.type == "yes_no" else field.choices


def build_field(field: Field) -> forms.Field:
    """Return the form field for one question. What depends on other answers is judged by the form as a whole."""
    words = {
        "label": field.label,
        "help_text": field.hint,
        "required": field.required and "when" not in field.data,
        "error_messages": {"required": missing(field)},
    }
    match field.type:
        case "text":
            built = forms.CharField(max_length=field.data.get("max_length", 200), **words)
        case "long_text":
            rows = {"rows": 4 if field.data.get("max_length", 2000) <= 500 else 8}
            built = forms.CharField(
                max_length=field.data.get("max_length", 2000), widget=forms.Textarea(attrs=rows), **words
            )
        case "choice" if len(choices_of(field)) <= 6:
            built = forms.ChoiceField(choices=choices_of(field), widget=forms.RadioSelect, **words)
        case "choice" | "country" | "nationality":
            built = forms.ChoiceField(choices=[("", _("Choose one")), *choices_of(field)], **words)
        case "choices":
            built = forms.MultipleChoiceField(
                choices=choices_of(field), widget=forms.CheckboxSelectMultiple, **words
            )
        case "yes_no":
            built = forms.ChoiceField(choices=choices_of(field), widget=forms.RadioSelect, **words)
        case "day":
            built = DayField(**words)
        case "month":
            built = MonthField(**words)
        case "whole_number":
            built = forms.IntegerField(
                min_value=field.data.get("min", 0), max_value=field.data.get("max", 10**9),
                widget=forms.TextInput(attrs={"inputmode": "numeric"}), **words,
            )  # fmt: skip
        case "money":
            built = forms.DecimalField(
                min_value=0, max_digits=18, decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                **words,
            )  # fmt: skip
    if field.data.get("autocomplete"):
        built.widget.attrs["autocomplete"] = field.data["autocomplete"]
    built.asked = field
    return built


class TaskForm(forms.Form):
    """One task. What is required follows from the answers themselves, on the server, whatever the page showed."""

    use_required_attribute = False

    def __init__(self, task: Task, data=None, others: dict | None = None, **kwargs):
        super().__init__(data, **kwargs)
        self.task, self.others = task, others or {}
        for field in task.fields:
            self.fields[field.key] = build_field(field)

    def clean(self):
        cleaned = super().clean()
        values = self.others | {f"{self.task.key}.{key}": value for key, value in cleaned.items()}
        for field in self.task.fields:
            if field.key in self.errors or "when" not in field.data or not holds(field.data["when"], values):
                continue
            if field.required and cleaned.get(field.key) in (None, "", []):
                self.add_error(field.key, missing(field))
        return cleaned

    def answers(self) -> dict:
        """Return the answers as JSON can carry them; what does not apply is left out."""
        values = self.others | {f"{self.task.key}.{key}": value for key, value in self.cleaned_data.items()}
        return {
            field.key: to_json(self.cleaned_data[field.key])
            for field in self.task.fields
            if holds(field.data.get("when"), values) and self.cleaned_data.get(field.key) not in (None, "", [])
        }

    def facts(self) -> dict:
        """Return what belongs into the profile, by its field there, as the profile holds it."""
        return {
            field.fact: {"yes": True, "no": False}[value] if field.type == "yes_no" else value
            for field in self.task.fields
            if field.fact and (value := self.cleaned_data.get(field.key)) not in (None, "")
        }


def missing(field: Field) -> str:
    """Say what to do about a question that was left open."""
    words = {"question": field.label.rstrip("?？")}
    if field.type in {"choice", "yes_no", "country", "nationality", "choices"}:
        return _("Choose an answer: %(question)s.") % words
    return _("Fill this in: %(question)s.") % words


def to_json(value):
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


# --- What was typed, kept as it was typed -----------------------------------------------------------------------------
def typed(form: TaskForm, data) -> dict[str, list[str]]:
    """Return what was typed into the questions of a form, and nothing else that was posted."""
    return {
        name: [text[:LONGEST] for text in data.getlist(name)]
        for bound in form
        for name in html_names(bound)
        if name in data
    }


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


# --- Answers in words -------------------------------------------------------------------------------------------------
def in_words(field: Field, value) -> str:
    """Return an answer, as JSON carries it, in words of the active language."""
    if value in (None, "", []):
        return _("not said")
    match field.type:
        case "choices":
            labels = dict(choices_of(field))
            return _(", ").join(labels.get(each, each) for each in value)
        case "choice" | "yes_no":
            return str(dict(choices_of(field)).get(value, value))
        case "country" | "nationality":
            return name_of(value)
        case "day":
            return local_date(dt.date.fromisoformat(value), "long")
        case "month":
            return local_date(dt.date.fromisoformat(value), "month")
        case "money":
            return money(value)
        case "whole_number" if field.unit:
            return _("%(number)s %(unit)s") % {"number": plain_number(value), "unit": field.unit}
        case "whole_number":
            return plain_number(value)
    return str(value)
