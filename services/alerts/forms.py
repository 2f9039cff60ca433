"""How a search is called, and how often we tell of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import HOW_OFTEN


class SaveForm(forms.Form):
    """What to call a search, and how often to tell of it."""

    name = forms.CharField(label=_("What you call this search"), max_length=80)
    frequency = forms.ChoiceField(label=_("How often we tell you"), choices=HOW_OFTEN, initial="daily")


class FrequencyForm(forms.Form):
    """How often to tell of one search."""

    frequency = forms.ChoiceField(label=_("How often we tell you"), choices=HOW_OFTEN)
