"""What readers and officers type about policies."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.registry.models import Sector
from park.pages.fields import DayField
from park.pages.wording import BEIJING

from .checking import Company, Learned, Living
from .models import SetAside

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


class MomentForm(forms.Form):
    """A past moment: a day, and an hour if wanted. Without an hour it is the end of the day."""

    day = DayField(label=_("Which day?"))
    hour = forms.TimeField(
        label=_("At what time, in Beijing?"), required=False,
        help_text=_("For example 14:00. Left out: the whole day."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    use_required_attribute = False

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.now().astimezone(BEIJING).date():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def moment(self) -> dt.datetime:
        """Return the moment that was asked for, and now where the day is not over."""
        hour = self.cleaned_data["hour"] or dt.time.max
        return min(dt.datetime.combine(self.cleaned_data["day"], hour, BEIJING), timezone.now())


class AsideForm(forms.Form):
    """Why a policy is not for a tenant."""

    reason = forms.ChoiceField(
        label=_("Why is it not for you?"), choices=SetAside.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Anything you want to add"), max_length=300, required=False)

    use_required_attribute = False
