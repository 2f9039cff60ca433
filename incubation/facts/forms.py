"""One question, one answer: how a fact is asked of a person."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from park.pages.fields import DayField
from park.rules.vocabulary import Fact, Type

from . import actions

FEW = 8  # up to so many answers stand side by side, more in a list
YES_OR_NO = (("yes", _("Yes")), ("no", _("No")))
UNITS = {Type.MONEY: _("yuan"), Type.RATIO: "%", Type.PERCENTAGE: "%"}
PLACES = {Type.MONEY: 2, Type.RATIO: 4, Type.PERCENTAGE: 3, Type.DECIMAL: 4}


class FactForm(forms.Form):
    """Asks for one fact of the vocabulary. ``cleaned_data["value"]`` is as the fact holds it."""

    def __init__(self, fact: Fact, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fact = fact
        self.fields["value"] = field_of(fact)

    @property
    def unit(self):
        return UNITS.get(self.fact.type, "")

    def clean_value(self):
        value = self.cleaned_data["value"]
        if self.fact.type is Type.BOOLEAN:
            value = value == "yes"
        elif self.fact.type is Type.RATIO:
            value = value / 100
        try:
            return actions.clean(self.fact.key, value)
        except ValueError as reason:
            raise forms.ValidationError(str(reason)) from None


def field_of(fact: Fact) -> forms.Field:
    """Return the form field that asks for a fact in its own words."""
    label = fact.question or fact.label
    match fact.type:
        case Type.BOOLEAN:
            return forms.ChoiceField(label=label, choices=YES_OR_NO, widget=forms.RadioSelect)
        case Type.CHOICE:
            answers = [(choice.value, choice.label) for choice in fact.choices]
            if len(answers) <= FEW:
                return forms.ChoiceField(label=label, choices=answers, widget=forms.RadioSelect)
            return forms.ChoiceField(label=label, choices=[("", _("Choose one")), *answers])
        case Type.DATE:
            return DayField(label=label)
        case Type.TEXT:
            return forms.CharField(label=label, max_length=200)
        case Type.INTEGER:
            return forms.IntegerField(
                label=label, widget=forms.TextInput(attrs={"inputmode": "numeric"}), localize=False
            )
    return forms.DecimalField(
        label=label, max_digits=18, decimal_places=PLACES[fact.type],
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


def shown(fact: Fact, value):
    """Return a known value as the form shows it."""
    if value is None:
        return None
    if fact.type is Type.BOOLEAN:
        return "yes" if value else "no"
    if fact.type is Type.RATIO:
        return (Decimal(value) * 100).normalize()
    return value


def thanks(said) -> str:
    """Return what somebody reads who has just answered; ``said`` is the fact that was recorded."""
    if said.held_back:
        return gettext("Thank you. Another source says otherwise and holds for now; an officer will look at both.")
    return gettext("Saved. Every policy is checked with this answer from now on.")
