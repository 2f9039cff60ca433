"""Where to tell, and of what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import kinds


class EndpointForm(forms.Form):
    """One address of the organisation's own server."""

    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("It begins with https:// and can be reached from the internet.")
    )
    events = forms.MultipleChoiceField(
        label=_("Told of"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose at least one.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = kinds.offered()

    def clean_url(self) -> str:
        return self.cleaned_data["url"].strip()
