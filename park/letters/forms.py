"""What staff write: the text of a kind of letter, and why one is withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from . import kinds
from .composing import faults
from .models import LetterText


class LetterTextForm(forms.ModelForm):
    """A version of a text. One that cannot be filled is refused, with everything that is wrong with it."""

    kind = forms.ChoiceField(label=_("kind"), choices=kinds.choices, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = LetterText
        fields = ["kind", "title_en", "body_en", "title_zh", "body_zh"]
        help_texts = {
            "body_en": _(
                "Paragraphs parted by empty lines; “## ” a heading, “1. ” and “- ” entries of a list, **words** stand"
                " out, {blank} is filled. A paragraph whose blank is empty is left out."
            ),
        }

    def clean(self):
        given = super().clean()
        if "kind" in given:
            kind = kinds.find(given["kind"])
            for language in ("en", "zh"):
                title, body = given.get(f"title_{language}", ""), given.get(f"body_{language}", "")
                for fault in faults(kind, title, body) if title and body else ():
                    self.add_error(f"body_{language}", fault)
        return given


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it withdrawn?"), max_length=300, widget=UnfoldAdminTextareaWidget,
        help_text=_("Whoever the letter is to reads this."),
        error_messages={"required": _("Say why the letter is withdrawn.")},
    )  # fmt: skip
