"""What a person says of themselves."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.pages.fields import DayField, MonthField
from park.pages.wording import local_date

from .countries import CHINA, nationalities, places
from .models import Degree, Stay, Talent
from .timeline import last_day, month_of


def with_blank(choices) -> list:
    return [("", _("Choose one")), *choices]


class YesNoField(forms.TypedChoiceField):
    """A question that may stay open: yes, no or no answer yet."""

    def __init__(self, **kwargs):
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)


class ProfileForm(forms.ModelForm):
    """The profile but for the times abroad, which have a page each."""

    born_on = DayField(label=_("Date of birth"), required=False, help_text=_("For example 9 4 1988"))
    nationality = forms.ChoiceField(
        label=_("Nationality"), required=False, help_text=_("As in the passport you travel with.")
    )
    foreign_chinese = YesNoField(
        label=_("Are you of Chinese origin?"), required=False, help_text=_("Only if you hold a foreign passport.")
    )
    degree = forms.ChoiceField(label=_("Highest degree"), required=False, choices=with_blank(Degree.choices))
    degree_abroad = YesNoField(label=_("Did you earn it outside mainland China?"), required=False)
    returned_on = MonthField(
        label=_("When did you come back?"), required=False,
        help_text=_("Month and year, for example 9 2026. Leave it empty while you are still abroad."),
    )

    class Meta:
        model = Talent
        fields = [
            "name", "name_zh", "born_on", "nationality", "foreign_chinese",
            "degree", "degree_abroad", "sector", "specialty", "returned_on",
        ]  # fmt: skip
        labels = {
            "name": _("Name as in the passport"), "name_zh": _("Chinese name"), "sector": _("Field"),
            "specialty": _("Specialty"),
        }
        help_texts = {
            "name": _("In Latin letters, in the order of the passport. One of the two names may stay empty."),
            "specialty": _("For example: optics, flat lenses."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nationality"].choices = with_blank(nationalities())
        self.fields["sector"].choices = with_blank(Talent._meta.get_field("sector").choices)
        for name, token in (("name", "name"), ("name_zh", "additional-name"), ("nationality", "country-name")):
            self.fields[name].widget.attrs["autocomplete"] = token

    def clean_born_on(self):
        day = self.cleaned_data["born_on"]
        if day and not 1920 <= day.year <= timezone.localdate().year - 16:
            raise forms.ValidationError(_("This cannot be the year of your birth. Check the year."))
        return day

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("name") and not cleaned.get("name_zh") and "name" not in self.errors:
            self.add_error("name", _("Write your name, in Latin letters or in Chinese."))
        if cleaned.get("nationality") == CHINA:
            cleaned["foreign_chinese"] = None
        return cleaned


class StayForm(forms.ModelForm):
    """One time abroad, from month to month."""

    kind = forms.ChoiceField(label=_("What did you do there?"), choices=Stay.Kind.choices, widget=forms.RadioSelect)
    country = forms.ChoiceField(label=_("Country or region"))
    began_on = MonthField(label=_("From"), help_text=_("Month and year, for example 9 2015"))
    ended_on = MonthField(label=_("Until"), required=False, help_text=_("Leave it empty while you are still there."))

    class Meta:
        model = Stay
        fields = ["place", "country", "kind", "what", "began_on", "ended_on"]
        labels = {"place": _("University, institute or employer"), "what": _("Degree or post")}
        help_texts = {"place": _("Write it as it stands on the certificate or contract.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = with_blank(places())
        self.fields["place"].widget.attrs["autocomplete"] = "organization"

    def clean_began_on(self):
        day = self.cleaned_data["began_on"]
        if day.year < 1950 or day > timezone.localdate():
            raise forms.ValidationError(_("This month lies ahead or too far back. Check the year."))
        return day

    def clean(self):
        cleaned = super().clean()
        began, ended = cleaned.get("began_on"), cleaned.get("ended_on")
        if ended:
            cleaned["ended_on"] = last_day(month_of(ended))
        if began and ended and ended < began:
            words = {"from": local_date(began, "month"), "until": local_date(ended, "month")}
            self.add_error(
                "ended_on", _("The end is before the start. You wrote %(from)s to %(until)s.") % words
            )
        return cleaned
