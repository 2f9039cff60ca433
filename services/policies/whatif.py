"""What would be if: other values in place of what is known, every policy judged again, and nothing kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from incubation.facts.forms import UNITS, field_of, shown
from incubation.facts.vocabulary import TENANT_FACTS
from park.rules.judge import judge
from park.rules.vocabulary import Change, Fact, Type

from . import cards, coaching
from .judging import Match

WHO = {
    "tenant": gettext_lazy("The tenant"), "enterprise": gettext_lazy("The company"),
    "talent": gettext_lazy("The founder"), "project": gettext_lazy("The project"),
}  # fmt: skip
FIRST = 8  # inputs that stand open: those that would turn most
UNKNOWN = ("", pgettext_lazy("value", "Not known"))


class WhatIfForm(forms.Form):
    """Every fact that could become another and that a running policy asks for, as known now. Empty is not known."""

    use_required_attribute = False

    def __init__(self, facts: list[Fact], values: Mapping[str, object], data=None):
        super().__init__(data)
        self.facts = facts
        for fact in facts:
            field = field_of(fact)
            field.label, field.required, field.initial = fact.label, False, shown(fact, values.get(fact.key))
            if isinstance(field, forms.ChoiceField):
                choices = [choice for choice in field.choices if choice[0] != ""]
                field.widget = forms.Select()
                field.choices = [UNKNOWN, *choices]
            self.fields[fact.key] = field

    def clean(self):
        for fact in self.facts:
            value = self.cleaned_data.get(fact.key)
            if value is None or value == "":
                self.cleaned_data[fact.key] = None
                continue
            if fact.type is Type.BOOLEAN:
                value = value == "yes"
            elif fact.type is Type.RATIO:
                value = value / 100
            try:
                self.cleaned_data[fact.key] = fact.clean(value)
            except ValueError as reason:
                self.add_error(fact.key, str(reason))
        return self.cleaned_data

    def groups(self, first: list[str]) -> list[dict]:
        """Return the inputs as the page shows them: those that matter most, then the others by whom they are about."""
        first = [key for key in first if key in self.fields]
        found = [{"legend": _("These would turn most"), "fields": [self._drawn(key) for key in first], "open": True}]
        for who, legend in WHO.items():
            rest = [fact.key for fact in self.facts if fact.who == who and fact.key not in first]
            wrong = any(key in self.errors for key in rest) if self.is_bound else False
            found.append({"legend": legend, "fields": [self._drawn(key) for key in rest], "open": wrong})
        return [group for group in found if group["fields"]]

    def _drawn(self, key: str) -> dict:
        return {"field": self[key], "unit": UNITS.get(TENANT_FACTS[key].type, "")}


@dataclass(frozen=True, slots=True)
class Turned:
    """A policy whose verdict would become another."""

    before: Match
    after: Match


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would be with other values: which verdicts would become another, and how many fit before and after."""

    changes: tuple[Turned, ...]
    before: dict[str, int]
    after: dict[str, int]


def inputs(matches: list[Match]) -> list[Fact]:
    """Return the facts that could become another, or are not known, and that these policies ask for."""
    asked = {fact.key for match in matches for fact in match.judgement.rule.facts}
    known = {key: value for match in matches for key, value in match.judgement.values.items()}
    return [
        fact
        for fact in TENANT_FACTS.facts
        if fact.key in asked and fact.who in WHO and (fact.change is not Change.NO or known.get(fact.key) is None)
    ]


def known_values(matches: list[Match]) -> dict[str, object]:
    return {key: value for match in matches for key, value in match.judgement.values.items()}


def most_turning(matches: list[Match], facts: list[Fact]) -> list[str]:
    """Return the inputs that stand open: those that near misses wait for, and the answers that would settle most."""
    near = [key for each in coaching.suggestions(matches) for key in each.query]
    asked = [question.fact.key for question in coaching.questions(matches, most=FIRST)]
    there = {fact.key for fact in facts}
    return [key for key in dict.fromkeys((*near, *asked)) if key in there][:FIRST]


def outcome(matches: list[Match], given: Mapping[str, object]) -> Outcome:
    """Judge these policies again with other values. Only policies that ask for one of the changed facts are judged."""
    before = known_values(matches)
    changed = {key: value for key, value in given.items() if before.get(key) != value}
    after, found = [], []
    for match in matches:
        values = match.judgement.values
        mine = {key: value for key, value in changed.items() if key in values}
        new = match
        if mine:
            new = Match(match.policy, judge(match.judgement.rule, {**values, **mine}), subject=match.subject)
            if new.verdict != match.verdict:
                found.append(Turned(match, new))
        after.append(new)
    found.sort(key=lambda each: (each.after.order, each.before.order))
    return Outcome(tuple(found), _count(matches), _count(after))


def _count(matches: list[Match]) -> dict[str, int]:
    words = [match.verdict for match in matches]
    return {word: words.count(word) for word in ("fits", "may_fit", "not_now")}


def shown_outcome(found: Outcome) -> dict:
    """Return an outcome as the page shows it."""
    return {
        "before": found.before,
        "after": found.after,
        "policies": [
            cards.card(each.after.policy, each.after) | {"before": each.before.verdict} for each in found.changes
        ],
    }


def start(matches: list[Match], asked: Mapping[str, str]) -> dict[str, object]:
    """Return the values a page starts with: what is known, and in its place what the address asks to try."""
    values = known_values(matches)
    for key, text in asked.items():
        fact = TENANT_FACTS.get(key)
        if fact is None or key not in values:
            continue
        try:
            values[key] = fact.clean({"True": True, "False": False}.get(text, text))
        except ValueError:
            continue
    return values
