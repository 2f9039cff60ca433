"""What readers and officers type about policies."""

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.registry.models import Sector

from .checking import Company, Learned, Living

OPEN = ("", _("Choose one"))


class CheckForm(forms.Form):
    """The four questions of the self-check. None of them has to be answered."""

    living = forms.ChoiceField(label=_("Where do you live now?"), choices=[OPEN, *Living.choices], required=False)
    degree = forms.ChoiceField(label=_("Highest degree"), choices=[OPEN, *Learned.choices], required=False)
    field = forms.ChoiceField(label=_("Field"), choices=[OPEN, *Sector.choices], required=False)
    company = forms.ChoiceField(label=_("Do you have a company?"), choices=[OPEN, *Company.choices], required=False)

    use_required_attribute = False

    def given(self) -> dict[str, str]:
        """Return the answers; what is not one of those offered counts as left open."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
