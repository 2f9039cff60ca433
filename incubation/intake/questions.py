"""A question as a field of a Django form, and an answer in words."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from django import forms
from django.core.validators import RegexValidator
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.pages.fields import DayField, MonthField
from park.pages.wording import local_date, money, plain_number
from talents.profiles.countries import name_of

from .definition import Field, Task
from .vocabulary import LARGEST, LISTS, choices_of

PHONE = RegexValidator(
    r"^\+?[0-9][0-9 ()./-]{5,24}$",
    gettext_lazy("Write the number with the code of the country, for example +49 30 123456."),
)
TOKENS = {"person_name": "name", "email": "email", "phone": "tel", "web": "url"}  # what a browser may fill in
OPEN = (None, "", [])


class Ready(BaseChoiceIterator):
    """Choices that are in order as they are: Django walks through all of them for every field that it builds."""

    def __init__(self, choices: list[tuple[str, str]]):
        self.choices = choices

    def __iter__(self):
        return iter(self.choices)

    def __len__(self) -> int:
        return len(self.choices)


def build_field(field: Field, stages: list[str] | None = None) -> forms.Field:
    """Return the form field for one question. What depends on other answers is judged by the form as a whole."""
    words = {
        "label": field.label,
        "help_text": field.hint,
        "required": field.required and not field.is_conditional,
        "error_messages": {"required": missing(field)},
    }
    choices = choices_of(field, stages) if field.type in LISTS else []
    match field.type:
        case "long_text":
            rows = {"rows": 4 if field.data.get("max_length", 2000) <= 500 else 8}
            built = forms.CharField(
                max_length=field.data.get("max_length", 2000), widget=forms.Textarea(attrs=rows), **words
            )
        case "email":
            built = forms.EmailField(max_length=254, **words)
        case "phone":
            built = forms.CharField(
                max_length=30, validators=[PHONE], widget=forms.TextInput(attrs={"inputmode": "tel"}), **words
            )
        case "web":
            built = forms.URLField(max_length=500, assume_scheme="https", **words)
            built.widget = forms.TextInput(attrs={"inputmode": "url"})
        case "choices":
            built = forms.MultipleChoiceField(choices=Ready(choices), widget=forms.CheckboxSelectMultiple, **words)
        case kind if kind in LISTS and len(choices) <= 6:
            built = forms.ChoiceField(choices=Ready(choices), widget=forms.RadioSelect, **words)
        case kind if kind in LISTS:
            built = forms.ChoiceField(choices=Ready([("", _("Choose one")), *choices]), **words)
        case "day":
            built = DayField(**words)
        case "month":
            built = MonthField(**words)
        case "whole_number":
            built = forms.IntegerField(
                min_value=field.data.get("min", 0), max_value=field.data.get("max", LARGEST),
                widget=forms.TextInput(attrs={"inputmode": "numeric"}), **words,
            )  # fmt: skip
        case "decimal" | "money":
            built = forms.DecimalField(
                min_value=field.data.get("min", 0), max_value=field.data.get("max"), max_digits=18,
                decimal_places=2 if field.type == "money" else 4,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}), **words,
            )  # fmt: skip
        case _:
            built = forms.CharField(max_length=field.data.get("max_length", 200), **words)
    if token := field.data.get("autocomplete") or TOKENS.get(field.type, ""):
        built.widget.attrs["autocomplete"] = token
    built.asked = field
    return built


def opened(field: Field) -> str:
    """Say that an answer brought one more question."""
    return _("Your answers bring one more question: %(question)s") % {"question": field.label}


def missing(field: Field) -> str:
    """Say what to do about a question that was left open."""
    words = {"question": field.label.rstrip("?？")}
    if field.type in LISTS:
        return _("Choose an answer: %(question)s.") % words
    return _("Fill this in: %(question)s.") % words


def to_json(value):
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


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
        case "whole_number" | "decimal":
            number = plain_number(Decimal(str(value)), 4)
            return _("%(number)s %(unit)s") % {"number": number, "unit": field.unit} if field.unit else number
    return str(value)


def in_rows(task: Task, answers: Mapping, leaving_out: Collection[str] = ()) -> list[dict]:
    """Return the questions of a task with their answers in words; repeated entries one after the other."""
    rows = []
    for field in task.fields:
        if field.key in leaving_out:
            continue
        value = answers.get(field.key)
        if not field.is_repeated:
            if value not in OPEN or not field.is_conditional:
                rows.append({"label": field.label, "value": in_words(field, value)})
        elif not value:
            rows.append({"label": field.label, "value": _("none")})
        for number, entry in enumerate(value or [] if field.is_repeated else [], start=1):
            name = _("%(entry)s %(number)s") % {"entry": field.entry_label, "number": number}
            told = [(each.label, in_words(each, entry[each.key])) for each in field.fields if each.key in entry]
            lines = [_("%(question)s: %(answer)s") % {"question": label, "answer": said} for label, said in told]
            rows.append({"label": name, "value": "\n".join(lines) or _("not said")})
    return rows
