"""Lists of texts in two languages, as rows of boxes: what a policy brings, which papers it asks, how it goes."""

import json
from decimal import Decimal, InvalidOperation

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from .kinds import BenefitKind

MORE, MOST = 3, 60  # empty rows below those that are written, and rows at all


class Entries(forms.Widget):
    """A row for each entry: Chinese, English, of benefits what they are and the ceiling. An emptied row is taken out.

    What else is kept with an entry goes along untouched. Where no rows are sent, the list may be sent as data under
    the name of the field itself.
    """

    template_name = "policies/editor/entries.html"
    use_fieldset = True

    def __init__(self, attrs=None, *, paid: bool = False):
        super().__init__(attrs)
        self.paid = paid

    def id_for_label(self, id_):
        return ""

    def _render(self, template_name, context, renderer=None):
        return render_to_string(template_name, context)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        entries = _read(value)
        context["widget"]["rows"] = [
            self._row(f"{name}.{n}", each) for n, each in enumerate([*entries, *([{}] * MORE)][:MOST])
        ]
        return context

    def _row(self, name: str, entry: dict) -> dict:
        labels = {"zh": _("in Chinese"), "en": _("in English")}
        if self.paid:
            labels["amount_max"] = _("at the most, in yuan")
            labels["type"] = _("what it is")
        boxes = []
        for part, label in labels.items():
            identity = f"id_{name}.{part}"
            shown = "" if entry.get(part) is None else str(entry[part])
            box = _kind_box(shown) if part == "type" else UnfoldAdminTextInputWidget()
            boxes.append(
                {"id": identity, "label": label, "box": box.render(f"{name}.{part}", shown, {"id": identity})}
            )
        rest = {key: kept for key, kept in entry.items() if key not in labels}
        return {"boxes": boxes, "name": f"{name}.rest", "rest": json.dumps(rest, ensure_ascii=False) if rest else ""}

    def value_from_datadict(self, data, files, name):
        if f"{name}.0.zh" not in data:
            return data.get(name)
        found = [self._entry(data, f"{name}.{n}") for n in range(MOST) if f"{name}.{n}.zh" in data]
        return json.dumps([each for each in found if each], ensure_ascii=False)

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}.0.zh" not in data

    def _entry(self, data, name: str) -> dict | None:
        en, zh, amount = (data.get(f"{name}.{part}", "").strip() for part in ("en", "zh", "amount_max"))
        if not (en or zh or amount):
            return None
        try:
            rest = json.loads(data.get(f"{name}.rest") or "{}")
        except ValueError:
            rest = {}
        said = {language: text for language, text in (("en", en), ("zh", zh)) if text}
        entry = said | (rest if isinstance(rest, dict) else {})
        if self.paid:
            entry["type"] = data.get(f"{name}.type", "")
            entry["amount_max"] = _number(amount) if amount else None
            if amount and not entry.get("currency"):
                entry["currency"] = "CNY"
        return entry


def _kind_box(shown: str) -> forms.Select:
    """Return the box in which an officer says what a benefit is; what was kept and is no known kind can be seen."""
    kept = [] if shown in {"", *BenefitKind.values} else [(shown, shown)]
    return UnfoldAdminSelectWidget(choices=[("", _("Choose")), *BenefitKind.choices, *kept])


def ceilings_are_numbers(entries: list[dict]) -> bool:
    return all(isinstance(_number(str(each.get("amount_max") or 0)), int | float) for each in entries)


def _number(text: str):
    """Read an amount as JSON keeps it; what is no number stays as it was typed, and is refused later."""
    try:
        number = Decimal(text.translate({ord(each): None for each in " ,，"}))
    except InvalidOperation:
        return text
    if not number.is_finite() or number < 0 or number.adjusted() > 14:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def _read(value) -> list[dict]:
    try:
        listed = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return []
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
