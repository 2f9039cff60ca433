"""Dates as people type them: boxes with a name each, never a picker alone."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DAY = pgettext_lazy("box of a date", "Day")
MONTH = pgettext_lazy("box of a date", "Month")
YEAR = pgettext_lazy("box of a date", "Year")


class Boxes(forms.MultiWidget):
    """Some small boxes in a row, each with its own label."""

    template_name = "pages/widgets/boxes.html"
    use_fieldset = True

    def __init__(self, boxes: list[tuple[str, str, str]], attrs=None):
        self.boxes = boxes
        widgets = {
            name: forms.TextInput(
                {"inputmode": "numeric", "class": f"input {size}", "maxlength": 4 if name == "year" else 2}
            )
            for name, _label, size in boxes
        }
        super().__init__(widgets, attrs)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for box, (_name, label, _size) in zip(context["widget"]["subwidgets"], self.boxes, strict=True):
            box["label"] = label
        return context

    def decompress(self, value: date | None) -> list:
        return [getattr(value, name, None) for name, _label, _size in self.boxes]


class DayField(forms.MultiValueField):
    """A day in three boxes: day, month, year."""

    default_error_messages = {
        "incomplete": _("Fill in the day, the month and the year."),
        "invalid": _("There is no such day. Write it as, for example, 30 9 2026."),
    }
    BOXES = [("day", DAY, "w-2"), ("month", MONTH, "w-2"), ("year", YEAR, "w-4")]

    def __init__(self, **kwargs):
        fields = [forms.IntegerField(localize=False) for _box in self.BOXES]
        for field in fields:
            field.error_messages["invalid"] = self.default_error_messages["invalid"]
        super().__init__(fields, widget=Boxes(self.BOXES), require_all_fields=True, **kwargs)

    def compress(self, values: list[int]) -> date | None:
        if not values:
            return None
        if None in values:
            raise forms.ValidationError(self.error_messages["incomplete"], code="incomplete")
        parts = dict(zip((name for name, _label, _size in self.BOXES), values, strict=True))
        try:
            return date(parts["year"], parts["month"], parts.get("day", 1))
        except (ValueError, OverflowError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class MonthField(DayField):
    """A month in two boxes: month, year. Its value is the first day of it."""

    default_error_messages = {
        "incomplete": _("Fill in the month and the year."),
        "invalid": _("There is no such month. Write it as, for example, 9 2026."),
    }
    BOXES = [("month", MONTH, "w-2"), ("year", YEAR, "w-4")]
