"""What the rule editor asks for: which fact, how it is compared, with what. The forms listen; the verb writes."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDateWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from park.rules import words
from park.rules.tree import LISTS
from park.rules.vocabulary import NUMBERS, Fact, Op, Type, Vocabulary

WHO = {
    "tenant": gettext_lazy("The tenant"), "enterprise": gettext_lazy("The company"),
    "talent": gettext_lazy("The founder"), "project": gettext_lazy("The project"),
    "park": gettext_lazy("The park"), "institution": gettext_lazy("The institution"),
    "other": gettext_lazy("Others"),
}  # fmt: skip
NUMBER_OPS = {
    Op.GTE: gettext_lazy("at least"), Op.GT: gettext_lazy("more than"), Op.LTE: gettext_lazy("at most"),
    Op.LT: gettext_lazy("less than"), Op.BETWEEN: gettext_lazy("between (both ends belong to it)"),
    Op.EQ: gettext_lazy("exactly"), Op.NE: gettext_lazy("not"), Op.IN: gettext_lazy("one of these"),
    Op.NOT_IN: gettext_lazy("none of these"),
}  # fmt: skip
DATE_OPS = NUMBER_OPS | {
    Op.GTE: gettext_lazy("on this day or later"), Op.GT: gettext_lazy("after"),
    Op.LTE: gettext_lazy("on this day or earlier"), Op.LT: gettext_lazy("before"),
}  # fmt: skip
NAME_OPS = {
    Op.EQ: gettext_lazy("exactly"), Op.NE: gettext_lazy("not"), Op.IN: gettext_lazy("one of these"),
    Op.NOT_IN: gettext_lazy("none of these"),
}  # fmt: skip
YUAN, TEN_THOUSAND = "1", "10000"
MONEY_UNITS = ((YUAN, pgettext_lazy("unit", "yuan")), (TEN_THOUSAND, pgettext_lazy("unit", "10,000 yuan")))
HARD = (
    ("", gettext_lazy("As the fact itself says")),
    ("true", gettext_lazy("Final: it cannot change before the deadline")),
    ("false", gettext_lazy("It can still change before the deadline")),
)  # fmt: skip
APART = re.compile(r"[;；、\n]+|,\s+|，")
MOST_DIGITS = 15  # of a number that JSON carries to the last digit


class FactForm(forms.Form):
    """Which fact a condition asks for, by whom it is about. With JavaScript, the list can be searched."""

    fact = forms.ChoiceField(label=gettext_lazy("It depends on"), widget=UnfoldAdminSelect2Widget)

    def __init__(self, vocabulary: Vocabulary, *args, **kwargs):
        super().__init__(*args, **kwargs)
        groups: dict[str, list] = {}
        for fact in vocabulary.facts:
            groups.setdefault(fact.who, []).append((fact.key, fact.label))
        self.fields["fact"].choices = [(WHO.get(who, who), facts) for who, facts in groups.items()]


class ConditionForm(forms.Form):
    """One test of a fact; of a condition of the rule itself also its notes and how much it weighs.

    What was not changed is kept to the letter, so that a rule opened and saved stays what it was.
    """

    lock = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, fact: Fact, *args, before: Mapping | None = None, whole: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fact, self.before, self.whole = fact, dict(before or {}), whole
        same = self.before.get("fact") == fact.key
        self.was = {key: self.before[key] for key in ("op", "value") if same and key in self.before}
        self._tests()
        self._texts()

    # --- What it asks for -------------------------------------------------------------------------------------------
    def _tests(self) -> None:
        fact, value = self.fact, self.was.get("value")
        match fact.type:
            case Type.BOOLEAN:
                self._ops({Op.IS_TRUE: fact.label, Op.IS_FALSE: self._not_so()}, initial=self._holds(self.was))
            case Type.CHOICE:
                self._ops(NAME_OPS)
                self.fields["values"] = forms.MultipleChoiceField(
                    label=fact.label, required=False, initial=[str(each) for each in _listed(value)],
                    choices=[(each.value, each.label) for each in fact.choices],
                    widget=UnfoldAdminCheckboxSelectMultipleWidget,
                )  # fmt: skip
            case Type.TEXT:
                self._ops(NAME_OPS)
                self._line("values", _("Value"), " ; ".join(_listed(value)), _("Several with a semicolon between."))
            case Type.DATE:
                self._ops(DATE_OPS)
                days = _listed(value)
                self.fields["value"] = self._day(_("Day"), days[0] if days else None)
                self.fields["high"] = self._day(_("Last day, for “between”"), days[1] if len(days) > 1 else None)
            case _:
                self._numbers(value)

    def _numbers(self, value) -> None:
        self._ops(NUMBER_OPS)
        shown = [_plain(self._out(each)) for each in _listed(value)]
        between = self.was.get("op") == Op.BETWEEN
        first, last = (shown[0], shown[1]) if between else (" ; ".join(shown), "")
        self._line("value", _("Value"), first, _("Several with a semicolon between."))
        self._line("high", _("Highest value, for “between”"), last)
        if self.fact.type is Type.MONEY:
            self.fields["unit"] = forms.ChoiceField(
                label=_("Counted in"), choices=MONEY_UNITS, initial=self._unit(value), widget=UnfoldAdminSelectWidget
            )

    @property
    def unit(self) -> str:
        """Say in what a number is counted."""
        if self.fact.type in {Type.RATIO, Type.PERCENTAGE}:
            return "%" if self.fact.unit is None else words.with_unit(self.fact, 2, "…%")
        return words.with_unit(self.fact, 2, "…") if self.fact.unit and self.fact.type in NUMBERS else ""

    def _unit(self, value) -> str:
        numbers = [Decimal(str(each)) for each in _listed(value)]
        return TEN_THOUSAND if numbers and all(each and each % 10_000 == 0 for each in numbers) else YUAN

    def _out(self, raw) -> Decimal:
        """Return a number as a person counts it."""
        number = Decimal(str(raw))
        if self.fact.type is Type.RATIO:
            return number * 100
        if self.fact.type is Type.MONEY and self._unit(self.was.get("value")) == TEN_THOUSAND:
            return number / 10_000
        return number

    def _ops(self, ops: dict, initial=None) -> None:
        known = {op: label for op, label in ops.items() if op in self.fact.ops}
        label = _("What must hold") if self.fact.type is Type.BOOLEAN else self.fact.label
        self.fields["op"] = forms.ChoiceField(
            label=label, choices=[(str(op), text) for op, text in known.items()],
            initial=str(initial or self.was.get("op") or next(iter(known))),
            widget=UnfoldAdminRadioSelectWidget if self.fact.type is Type.BOOLEAN else UnfoldAdminSelectWidget,
        )  # fmt: skip

    def _not_so(self) -> str:
        return self.fact.negative or _("Not so: %(statement)s") % {"statement": self.fact.label}

    @staticmethod
    def _holds(test: Mapping) -> Op | None:
        """Return what a test of a statement asks for: that it holds, or that it does not."""
        if "op" not in test:
            return None
        op = Op(test["op"])
        return op if op in {Op.IS_TRUE, Op.IS_FALSE} else Op.IS_TRUE if test["value"] is (op is Op.EQ) else Op.IS_FALSE

    def _line(self, name: str, label: str, initial="", help_text="", most: int = 300) -> None:
        self.fields[name] = forms.CharField(
            label=label, initial=initial, required=False, max_length=most, help_text=help_text,
            widget=UnfoldAdminTextInputWidget,
        )  # fmt: skip

    @staticmethod
    def _day(label: str, initial) -> forms.DateField:
        return forms.DateField(label=label, required=False, initial=initial, widget=UnfoldAdminDateWidget)

    # --- What is said with it ---------------------------------------------------------------------------------------
    def _texts(self) -> None:
        note = self._note()
        self._line("note_en", _("Note in English"), note.get("en", ""), most=500)
        self._line("note_zh", _("Note in Chinese"), note.get("zh", ""), most=500)
        if not self.whole:
            return
        self._line("clause", _("Clause of the source"), self.before.get("clause") or "", most=120)
        self.fields["preferred"] = forms.BooleanField(
            label=_("An advantage only: explained, never counted"), required=False,
            initial=bool(self.before.get("preferred")), widget=UnfoldBooleanWidget,
        )  # fmt: skip
        hard = self.before.get("hard")
        self.fields["hard"] = forms.ChoiceField(
            label=_("If it is not met"), choices=HARD, required=False, widget=UnfoldAdminSelectWidget,
            initial="" if hard is None else str(hard).lower(),
        )  # fmt: skip

    def _note(self) -> dict:
        note = self.before.get("note")
        return {"en": note} if isinstance(note, str) else dict(note or {})

    # --- What was answered ------------------------------------------------------------------------------------------
    def clean(self):
        given = super().clean()
        if "op" not in given or self.errors:
            return given
        try:
            given["test"] = self._test(given)
        except ValueError as reason:
            self.add_error(
                "values" if "values" in self.fields else "value" if "value" in self.fields else "op", str(reason)
            )
        return given

    def _test(self, given: Mapping) -> dict:
        """Return fact, op and value as JSON carries them. Raises ValueError with a sentence."""
        op = Op(given["op"])
        if self.fact.type is Type.BOOLEAN:
            if op is self._holds(self.was):
                return {"fact": self.fact.key, **self.was}
            return {"fact": self.fact.key, "op": str(op)}
        values = self._values(given, op)
        if op is Op.BETWEEN:
            raw = values
        elif op in LISTS:
            raw = list(dict.fromkeys(values))
        elif len(values) > 1:
            raise ValueError(_("Give one value, or choose “one of these”."))
        else:
            raw = values[0]
        if op == self.was.get("op") and self._same(raw, self.was.get("value")):
            raw = self.was["value"]
        return {"fact": self.fact.key, "op": str(op), "value": raw}

    def _values(self, given: Mapping, op: Op) -> list:
        if self.fact.type is Type.CHOICE:
            found = list(given["values"])
        elif self.fact.type is Type.TEXT:
            found = [part.strip() for part in re.split(r"[;；\n]+", given["values"]) if part.strip()]
        elif self.fact.type is Type.DATE:
            found = [given[name].isoformat() for name in ("value", *(("high",) * (op is Op.BETWEEN))) if given[name]]
        else:
            ends = (given["value"], given["high"]) if op is Op.BETWEEN else APART.split(given["value"])
            found = [self._number(text, given) for text in ends if text.strip()]
        if not found:
            raise ValueError(_("Give a value."))
        if op is Op.BETWEEN and len(found) != 2:
            raise ValueError(_("Give the lowest and the highest value."))
        return found

    def _number(self, text: str, given: Mapping):
        """Read a number as a person writes it, and return it as JSON carries it."""
        plain = re.sub(r"[\s,，%％]", "", text).replace("−", "-")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise ValueError(_("“%(text)s” is not a number.") % {"text": text.strip()}) from None
        if not number.is_finite() or len(number.normalize().as_tuple().digits) > MOST_DIGITS or number.adjusted() > 14:
            raise ValueError(_("“%(text)s” is not a number.") % {"text": text.strip()})
        if self.fact.type is Type.RATIO:
            number /= 100
        elif self.fact.type is Type.MONEY and given.get("unit") == TEN_THOUSAND:
            number *= 10_000
        number = Decimal(self.fact.clean(number))
        return int(number) if number == number.to_integral_value() else float(number)

    def _same(self, new, old) -> bool:
        """Tell whether two values say the same; of names, in whatever order."""
        old = [self.fact.clean(each) for each in _listed(old)]
        new = [self.fact.clean(each) for each in _listed(new)]
        return set(new) == set(old) if self.fact.type in {Type.CHOICE, Type.TEXT} else new == old

    def node(self) -> dict:
        """Return the condition, with all that stood with it and was not asked for here."""
        given = self.cleaned_data
        node = {key: value for key, value in self.before.items() if key not in {"op", "value"} or key in given["test"]}
        node.update(given["test"])
        self._set(node, "note", self._said(given), self.before.get("note"))
        if self.whole:
            self._set(node, "clause", given["clause"] or None, self.before.get("clause") or None)
            self._set(node, "preferred", given["preferred"] or None, self.before.get("preferred") or None)
            hard = {"true": True, "false": False}.get(given["hard"])
            self._set(node, "hard", hard, self.before.get("hard"))
        return node

    def _said(self, given: Mapping):
        said = {"en": given["note_en"], "zh": given["note_zh"]}
        was = self._note()
        if all(said[language] == was.get(language, "") for language in said):
            return self.before.get("note")
        return {language: text for language, text in (was | said).items() if text} or None

    @staticmethod
    def _set(node: dict, key: str, value, was) -> None:
        """Write a part of a condition; what says the same as before stays as it was written."""
        if value == was:
            return
        if value is None:
            node.pop(key, None)
        else:
            node[key] = value


def _listed(value) -> list:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _plain(number: Decimal) -> str:
    """Write a number as it is typed: no commas, no idle noughts."""
    return f"{number.normalize():f}"
