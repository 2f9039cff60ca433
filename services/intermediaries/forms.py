"""What tenants and institutions type. Forms listen; the verbs act."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from park.pages.fields import DayField

from . import needs
from .kinds import Language
from .models import Match, ServiceRequest, today

LONGEST, SHORTEST = 2_000, 20


class AskForm(forms.Form):
    """What you need, in your words, how much, by when, and what they may see of you."""

    need = forms.ChoiceField(label=_("What do you need?"), choices=lambda: [("", _("Choose")), *needs.choices()])
    text = forms.CharField(
        label=_("In your words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What it is for, what you have, and what you have tried. Those who are asked read this."),
    )
    amount = forms.DecimalField(
        label=_("Amount in yuan"),
        required=False,
        max_digits=18,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("For loans, guarantees, pledges and the like."),
    )
    wanted_by = DayField(label=_("By when?"), required=False)
    language = forms.ChoiceField(
        label=_("Language to work in"),
        required=False,
        choices=lambda: [("", _("It does not matter")), *Language.choices],
        help_text=_("Choose one only if you need it: institutions that do not work in it are left out."),
    )
    share_contact = forms.BooleanField(
        label=_("The one that takes it may see my name and e-mail address"),
        required=False,
        initial=True,
        help_text=_("Nobody else sees them, and you can take this back at any time."),
    )

    def clean_text(self):
        text = self.cleaned_data["text"].strip()
        if len(text) < SHORTEST and len(text.encode()) < SHORTEST:
            raise forms.ValidationError(_("Tell us a little more: one sentence at the least."))
        return text

    def clean_wanted_by(self):
        day = self.cleaned_data["wanted_by"]
        if day and day < today():
            raise forms.ValidationError(_("This day is over. Choose one from today on."))
        return day


class DeclineForm(forms.Form):
    """Why an institution declines."""

    code = forms.ChoiceField(label=_("Why?"), choices=Match.Decline.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The tenant reads this."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("code") == Match.Decline.OTHER and not cleaned.get("note", "").strip():
            self.add_error("note", _("Say why in a few words."))
        return cleaned


class DeliverForm(forms.Form):
    """What came of it."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"), choices=ServiceRequest.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What you delivered"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The tenant reads this."),
    )


class NoteForm(forms.Form):
    """A word to the other side."""

    note = forms.CharField(
        label=_("Why? Those who were asked read this"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
