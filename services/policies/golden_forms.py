"""What is known of the subject of a golden case, asked fact by fact: those that the rule asks for, in its order."""

import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from park.rules import words
from park.rules.tree import RuleError
from park.rules.vocabulary import NUMBERS, Fact, Type, Vocabulary

from .models import PolicyVersion


class KnownFacts(forms.Widget):
    """A box for each fact; an empty one says that the fact is not known. Facts come and go as JSON, as they are kept.

    Where the boxes are not sent, the facts may be sent as data under the name of the field itself.
    """

    template_name = "policies/editor/known.html"
    use_fieldset = True

    def __init__(self, facts: Iterable[Fact], vocabulary: Vocabulary, attrs=None):
        super().__init__(attrs)
        self.facts, self.vocabulary = tuple(facts), vocabulary

    def id_for_label(self, id_):
        return ""

    def _render(self, template_name, context, renderer=None):
        return render_to_string(template_name, context)

    def get_context(self, name, value, attrs):
        known = _read(value)
        others = [self.vocabulary[key] for key in known if key in self.vocabulary]
        context = super().get_context(name, value, attrs)
        context["widget"]["boxes"] = [
            self._box(name, fact, known.get(fact.key)) for fact in dict.fromkeys((*self.facts, *others))
        ]
        return context

    def _box(self, name: str, fact: Fact, value) -> dict:
        called = f"{name}.{fact.key}"
        identity = {"id": f"id_{called}"}
        if fact.type is Type.BOOLEAN:
            choices = [("", _("not known")), ("true", _("Yes")), ("false", _("No"))]
            shown = {True: "true", False: "false"}.get(value, "")
            box = UnfoldAdminSelectWidget(choices=choices).render(called, shown, identity)
        elif fact.choices:
            choices = [("", _("not known")), *((each.value, each.label) for each in fact.choices)]
            box = UnfoldAdminSelectWidget(choices=choices).render(called, value or "", identity)
        else:
            box = UnfoldAdminTextInputWidget().render(called, _shown(fact, value), identity)
        return {"id": identity["id"], "label": fact.label, "counted": _counted(fact), "box": box}

    def value_from_datadict(self, data, files, name):
        begins = f"{name}."
        given = {key.removeprefix(begins): data[key].strip() for key in data if key.startswith(begins)}
        if not given:
            return data.get(name)
        return json.dumps(
            {key: self._typed(key, text) for key, text in given.items() if text}, ensure_ascii=False, sort_keys=True
        )

    def value_omitted_from_data(self, data, files, name):
        return name not in data and not any(key.startswith(f"{name}.") for key in data)

    def _typed(self, key: str, text: str):
        """Return what was typed as JSON keeps it; what cannot be read stays as it was typed, and is refused later."""
        fact = self.vocabulary.get(key)
        if fact is None:
            return text
        if fact.type is Type.BOOLEAN:
            return {"true": True, "false": False}.get(text, text)
        if fact.type not in NUMBERS:
            return text
        try:
            number = Decimal(text.translate({ord(each): None for each in " ,，%％"}))
            return fact.to_json(fact.clean(number / 100 if fact.type is Type.RATIO else number))
        except (InvalidOperation, ValueError):
            return text


def known_facts(version: PolicyVersion) -> KnownFacts:
    """Return the boxes for what the rule of a version asks for."""
    try:
        facts = version.parsed.facts
    except RuleError:
        facts = ()
    return KnownFacts(facts, version.vocabulary)


def _read(value) -> dict:
    try:
        known = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}


def _shown(fact: Fact, value) -> str:
    """Write a value as a person types it."""
    if value is None:
        return ""
    if fact.type is Type.RATIO:
        try:
            return f"{(Decimal(str(value)) * 100).normalize():f}"
        except InvalidOperation:
            return str(value)
    return str(value)


def _counted(fact: Fact) -> str:
    """Say in what a fact is counted, or how it is written."""
    if fact.type is Type.DATE:
        return _("year-month-day")
    if fact.type in {Type.RATIO, Type.PERCENTAGE} and fact.unit is None:
        return "%"
    if fact.type is Type.RATIO:
        return words.with_unit(fact, 2, "…%")
    return words.with_unit(fact, 2, "…") if fact.unit and fact.type in NUMBERS else ""
