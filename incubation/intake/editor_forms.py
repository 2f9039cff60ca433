"""What the editor of forms asks of the person who writes one: a form for each kind of entry, and for a condition.

These forms listen: each gives an entry as data; the verb ``write`` keeps it or says why not.
"""

import re
from decimal import Decimal

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from park.files.kinds import KINDS as PAPER_KINDS
from park.rules.vocabulary import NUMBERS, Fact, Op, Type

from .definition import KINDS
from .vocabulary import COLUMNS, COUNTED, LARGEST, PROFILE, SOURCES, TEXTS, TYPES, profile_label

TASK_KINDS = {
    "fields": gettext_lazy("Questions"), "stays": gettext_lazy("The record of the time abroad"),
    "papers": gettext_lazy("Papers"),
}  # fmt: skip
COLUMN_LABELS = {"title": gettext_lazy("Title of the application"), "sector": gettext_lazy("Field of the application")}
EN, ZH = gettext_lazy("English"), gettext_lazy("Chinese")


def line(label, **options) -> forms.CharField:
    return forms.CharField(label=label, widget=UnfoldAdminTextInputWidget, **{"max_length": 300} | options)


def lines(label, **options) -> forms.CharField:
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
    return forms.CharField(label=label, widget=widget, **{"max_length": 4000} | options)


def select(label, choices, **options) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), widget=UnfoldAdminSelectWidget, **options)


def whole(label, **options) -> forms.IntegerField:
    return forms.IntegerField(label=label, widget=UnfoldAdminTextInputWidget, required=False, **options)


class EntryForm(forms.Form):
    """What every entry has: its words in both languages, and its key."""

    texts: tuple[str, ...] = ("hint",)
    label = gettext_lazy("Name")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, data_of: dict, taken: set[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.before, self.taken = data_of, taken
        for name, words in self._texts():
            for code, language in (("en", EN), ("zh", ZH)):
                make = lines if name in {"why", "help"} else line
                label = _("%(text)s (%(language)s)") % {"text": words, "language": language}
                self.fields[f"{name}_{code}"] = make(
                    label, required=name == "label", initial=data_of.get(f"{name}_{code}", "")
                )
        self.add()
        self.fields["key"] = line(
            _("Key"), required=False, max_length=40, initial=data_of.get("key", ""),
            help_text=_("Its name in data: small letters, digits, underscores. Left empty, it is made from the words."),
        )  # fmt: skip

    def _texts(self) -> list[tuple[str, str]]:
        words = {
            "hint": _("Hint"), "why": _("Why we ask"), "help": _("Help, folded"), "unit": _("Unit"),
            "entry": _("Name of one entry"),
        }  # fmt: skip
        return [("label", str(self.label)), *((name, words[name]) for name in self.texts)]

    def add(self) -> None:
        """Add what this kind of entry has besides."""

    def clean_key(self):
        wanted = self.cleaned_data["key"].strip() or suggested(self.data.get("label_en", ""))
        if not wanted:
            raise forms.ValidationError(_("Write a key: small letters, digits and underscores."))
        if self.cleaned_data["key"].strip() or wanted == self.before.get("key"):
            return wanted
        number, key = 2, wanted
        while key in self.taken:
            key, number = f"{wanted}_{number}", number + 1
        return key

    def entry(self) -> dict:
        """Return the entry as it is now; what this form does not ask for stays as it was."""
        names = [f"{name}_{code}" for name, _words in self._texts() for code in ("en", "zh")]
        words = {name: self.cleaned_data[name].strip() for name in names}
        kept = {name: value for name, value in self.before.items() if name not in {*names, "key", *self.own()}}
        texts = {name: text for name, text in words.items() if text}
        return {"key": self.cleaned_data["key"], **texts, **self.values(), **kept}

    def own(self) -> tuple[str, ...]:
        """Return the attributes that this form writes besides words and key."""
        return ()

    def values(self) -> dict:
        found = {name: self.cleaned_data.get(name) for name in self.own()}
        return {name: value for name, value in found.items() if value not in (None, "")}


def suggested(words: str) -> str:
    """Make a key out of English words."""
    return re.sub(r"^[^a-z]+", "", slugify(words).replace("-", "_"))[:40].strip("_")


class PartForm(EntryForm):
    texts = ()


class TaskForm(EntryForm):
    texts = ("hint", "why")

    def add(self):
        held = self.before.get("fields") or self.before.get("papers")
        self.fields["kind"] = select(
            _("What it asks for"), [(kind, TASK_KINDS[kind]) for kind in KINDS], disabled=bool(held),
            initial=self.before.get("kind", "fields"),
        )  # fmt: skip

    def own(self):
        return ("kind",)


class PaperForm(EntryForm):
    def add(self):
        self.fields["kind"] = select(_("Kind of paper"), PAPER_KINDS.items(), initial=self.before.get("kind"))
        sometimes = bool(self.before.get("required_when"))
        self.fields["required"] = forms.BooleanField(
            label=_("Needed of everybody"), required=False, initial=self.before.get("required", False),
            widget=UnfoldBooleanSwitchWidget, disabled=sometimes,
            help_text=_("It is needed in some cases, as its condition says.") if sometimes else "",
        )  # fmt: skip

    def own(self):
        return ("kind", "required")


class QuestionForm(EntryForm):
    """One question of a type; what it asks for follows from the type."""

    label = gettext_lazy("Question")

    def __init__(self, *args, type_: str, inside: bool = False, **kwargs):
        self.type, self.inside = type_, inside
        counted = type_ in COUNTED
        self.texts = ("hint", "help", *(("unit",) if counted and type_ != "money" else ()))
        if type_ == "entries":
            self.texts = ("hint", "entry")
        super().__init__(*args, **kwargs)

    def add(self):
        before = self.before
        if self.type != "entries":
            self.fields["required"] = forms.BooleanField(
                label=_("Must be answered"), required=False, initial=before.get("required", True),
                widget=UnfoldBooleanSwitchWidget,
            )  # fmt: skip
        if self.type in TEXTS and self.type not in ("email", "phone", "web"):
            most = 2000 if self.type == "long_text" else 200
            self.fields["max_length"] = whole(
                _("Most characters"), min_value=1, max_value=20_000, initial=before.get("max_length", most)
            )
        if self.type in COUNTED or self.type == "entries":
            ends = {"min_value": 0, "max_value": 50 if self.type == "entries" else LARGEST}
            self.fields["min"] = whole(_("At least"), initial=before.get("min", 0), **ends)
            self.fields["max"] = whole(
                _("At most"), initial=before.get("max", 10 if self.type == "entries" else None), **ends
            )
        if self.type in ("choice", "choices"):
            self._add_choices(before)
        self._add_links(before)

    def _add_choices(self, before: dict) -> None:
        sources = [("", _("The choices below")), *((key, str(label)) for key, (label, _list) in SOURCES.items())]
        self.fields["source"] = select(_("Chosen from"), sources, required=False, initial=before.get("source", ""))
        written = [
            f"{each['value']} | {each.get('label_en', '')} | {each.get('label_zh', '')}"
            for each in before.get("choices", [])
        ]
        self.fields["choices"] = lines(
            _("Choices"), required=False, initial="\n".join(written), max_length=20_000,
            help_text=_("One a line: key | English | Chinese. For example: pilot | Tried out | 客户试用"),
        )  # fmt: skip

    def _add_links(self, before: dict) -> None:
        """Add where else the answer goes. Answers inside repeated entries go nowhere else."""
        if self.inside:
            return
        facts = [(name, profile_label(name)) for name, types in PROFILE.items() if self.type in types]
        if facts:
            self.fields["fact"] = select(
                _("Fills the profile"), [("", _("Asked here only")), *facts], required=False,
                initial=before.get("fact", ""),
                help_text=_("What is known there is filled in, and no later form asks for it again."),
            )  # fmt: skip
        columns = [(name, COLUMN_LABELS[name]) for name, types in COLUMNS.items() if self.type in types]
        if columns:
            self.fields["column"] = select(
                _("Shown in lists as"), [("", "–"), *columns], required=False, initial=before.get("column", "")
            )

    def clean_choices(self):
        found = []
        for number, text in enumerate(filter(str.strip, self.cleaned_data["choices"].splitlines()), start=1):
            parts = [part.strip() for part in text.replace("｜", "|").split("|")]
            if len(parts) != 3 or not all(parts):
                raise forms.ValidationError(
                    _("Line %(number)s: write key | English | Chinese.") % {"number": number}
                )
            found.append(dict(zip(("value", "label_en", "label_zh"), parts, strict=True)))
        return found

    def own(self):
        names = ("required", "max_length", "min", "max", "source", "choices", "fact", "column")
        return ("type", *names, "autocomplete")

    def values(self):
        found = super().values()
        if found.get("required") is True:
            del found["required"]  # as long as nothing else is said
        if not found.get("choices"):
            found.pop("choices", None)
        if self.type == "entries":
            found["required"] = False
        kept = {"autocomplete": self.before["autocomplete"]} if "autocomplete" in self.before else {}
        return {"type": self.type, **found, **kept}


def type_choices(inside: bool) -> list[tuple[str, str]]:
    """Return the types of questions there are; entries cannot stand in entries."""
    return [(name, str(label)) for name, label in TYPES.items() if not (inside and name == "entries")]


# --- Conditions -------------------------------------------------------------------------------------------------------
NUMBER_OPS = {
    Op.GTE: gettext_lazy("at least"), Op.GT: gettext_lazy("more than"), Op.LTE: gettext_lazy("at most"),
    Op.LT: gettext_lazy("less than"), Op.EQ: gettext_lazy("exactly"), Op.NE: gettext_lazy("not"),
}  # fmt: skip
DATE_OPS = {
    Op.GTE: gettext_lazy("on this day or later"), Op.GT: gettext_lazy("after"),
    Op.LTE: gettext_lazy("on this day or earlier"), Op.LT: gettext_lazy("before"),
}  # fmt: skip
LIST_OPS = {Op.IN: gettext_lazy("one of these"), Op.NOT_IN: gettext_lazy("none of these")}
FEW = 30


class CriterionForm(forms.Form):
    """One criterion over one fact, as it is asked of the person who writes the form."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, fact: Fact, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fact = fact
        if fact.type is Type.BOOLEAN:
            no = fact.negative or _("Not so: %(statement)s") % {"statement": fact.label}
            self._ops({Op.IS_TRUE: fact.label, Op.IS_FALSE: no})
        elif fact.type is Type.CHOICE:
            self._ops(LIST_OPS)
            widget = forms.CheckboxSelectMultiple if len(fact.choices) <= FEW else forms.SelectMultiple({"size": 12})
            self.fields["value"] = forms.MultipleChoiceField(
                label=fact.label, choices=[(each.value, each.label) for each in fact.choices], widget=widget
            )
        elif fact.type is Type.DATE:
            self._ops(DATE_OPS)
            self.fields["value"] = forms.DateField(label=_("Day"), widget=UnfoldAdminDateWidget)
        elif fact.type in NUMBERS:
            self._ops(NUMBER_OPS)
            places = 0 if fact.type is Type.INTEGER else 4
            self.fields["value"] = forms.DecimalField(
                label=_("Value"), decimal_places=places, max_digits=18, widget=UnfoldAdminTextInputWidget
            )

    def _ops(self, ops: dict) -> None:
        self.fields["op"] = forms.ChoiceField(
            label=self.fact.label if self.fact.type is not Type.BOOLEAN else _("What must hold"),
            choices=[(str(op), label) for op, label in ops.items()], widget=UnfoldAdminRadioSelectWidget,
        )  # fmt: skip

    def criterion(self) -> dict:
        """Return the criterion as JSON carries it."""
        op, value = self.cleaned_data["op"], self.cleaned_data.get("value")
        found = {"fact": self.fact.key, "op": op}
        if value is None:
            return found
        if isinstance(value, Decimal):
            value = int(value) if value == value.to_integral_value() else float(value)
        elif self.fact.type is Type.DATE:
            value = value.isoformat()
        return found | {"value": value}
