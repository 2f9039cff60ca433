"""What staff type when they enter or correct a company."""

from django import forms
from django.utils.translation import gettext as _


class FounderFormSet(forms.BaseInlineFormSet):
    """The founders of one company: together they hold no more than all of it."""

    def clean(self):
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        if sum(founder.get("share") or 0 for founder in kept) > 100:
            raise forms.ValidationError(_("The founders’ shares come to more than 100 per cent."))
