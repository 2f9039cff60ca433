"""What people tell about themselves when they sign up and later."""

import zoneinfo
from functools import cache
from itertools import groupby
from urllib.parse import unquote

from allauth.core import context
from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .models import Language, User

TERMS_VERSION = "2026-11"
REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}


@cache
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the world's time zones by region, named as their cities."""
    names = sorted(name for name in zoneinfo.available_timezones() if name.partition("/")[0] in REGIONS)
    grouped = [
        (region, [(name, name.partition("/")[2].replace("_", " ").replace("/", ", ")) for name in cities])
        for region, cities in groupby(names, lambda name: name.partition("/")[0])
    ]
    return [*grouped, ("UTC", [("UTC", "UTC")])]


class NamesMixin(forms.Form):
    name = forms.CharField(
        label=_("Name as in the passport"),
        help_text=_("In Latin letters. Leave it empty if you have none."),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_zh = forms.CharField(
        label=_("Chinese name"),
        help_text=_("In characters. Leave it empty if you have none."),
        max_length=60,
        required=False,
    )

    def clean(self):
        data = super().clean()
        if not data.get("name") and not data.get("name_zh") and not {"name", "name_zh"} & self.errors.keys():
            self.add_error("name", _("Give your name as in the passport, your Chinese name, or both."))
        return data


class SignUpForm(NamesMixin):
    """What is asked at registration besides address and password; allauth builds its own form on this one."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Deadlines are shown in Beijing time and in yours."),
        choices=time_zones,
        initial="Asia/Shanghai",
        widget=forms.Select(attrs={"data-time-zone": ""}),
    )
    agreed = forms.BooleanField(
        label=_("I agree to the terms of use, and that the park keeps my data on servers in China."),
        help_text=_("You can see, correct, take along and erase what we hold on you at any time."),
        error_messages={"required": _("Without your agreement we may not keep an account for you.")},
    )

    field_order = ["name", "name_zh", "email", "password1", "password2", "time_zone", "agreed"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        told = unquote(context.request.COOKIES.get("timezone", "")) if context.request else ""
        if told in zoneinfo.available_timezones():  # the browser said it on an earlier page
            self.fields["time_zone"].initial = told

    def signup(self, request, user: User) -> None:
        """Complete a new account: names, zone, the language of the page it was made on, and what was agreed to."""
        user.name, user.name_zh = self.cleaned_data["name"], self.cleaned_data["name_zh"]
        user.time_zone = self.cleaned_data["time_zone"]
        user.language = get_language() if get_language() in Language.values else Language.ENGLISH
        user.terms_version, user.terms_agreed_at = TERMS_VERSION, timezone.now()
        user.save(update_fields=["name", "name_zh", "time_zone", "language", "terms_version", "terms_agreed_at"])


class SettingsForm(NamesMixin):
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("Of the pages and of what we write to you."), choices=Language
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Deadlines are shown in Beijing time and in yours."), choices=time_zones
    )

    field_order = ["name", "name_zh", "language", "time_zone"]
