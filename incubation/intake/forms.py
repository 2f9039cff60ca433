"""The small forms around the questionnaire."""

from django import forms
from django.utils.translation import gettext_lazy as _

from park.files.inspection import EXTENSIONS
from park.files.kinds import Family
from park.pages.fields import DayField
from talents.profiles.forms import with_blank
from talents.profiles.models import Degree
from talents.profiles.sectors import Sector

from .models import Role

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class StartForm(forms.Form):
    """Three questions before a draft. They advise; they never shut anyone out."""

    abroad = forms.ChoiceField(
        label=_("Have you earned a degree outside mainland China, or worked or done research there for a year?"),
        choices=YES_NO, widget=forms.RadioSelect, error_messages={"required": _("Choose an answer.")},
    )  # fmt: skip
    sector = forms.ChoiceField(
        label=_("Which field comes nearest to your project?"), error_messages={"required": _("Choose a field.")}
    )
    company = forms.ChoiceField(
        label=_("Do you have a company for it already?"), choices=YES_NO, widget=forms.RadioSelect,
        help_text=_("You can apply without one."), error_messages={"required": _("Choose an answer.")},
    )  # fmt: skip
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)
    degree = forms.CharField(required=False, widget=forms.HiddenInput)  # said in the self-check

    def clean_degree(self) -> dict:
        """Return what was said of the degree, as the profile holds it; words of no meaning say nothing."""
        said = self.cleaned_data["degree"]
        degree = said.removesuffix("_abroad")
        return {"degree": degree, "degree_abroad": said.endswith("_abroad")} if degree in Degree.values else {}

    @classmethod
    def after_self_check(cls, said) -> "StartForm":
        """Return the form with the answers of the self-check (``living``, ``degree``, ``field``, ``company``)."""
        initial = {}
        living, degree, company = (said.get(name, "") for name in ("living", "degree", "company"))
        if degree.endswith("_abroad") or living in {"abroad", "back_year", "back_longer"}:
            initial["abroad"] = "yes"
        elif living == "china":
            initial["abroad"] = "no"
        if said.get("field") in Sector.values:
            initial["sector"] = said["field"]
        if company:
            initial["company"] = "no" if company == "none" else "yes"
        if degree.removesuffix("_abroad") in Degree.values:
            initial["degree"] = degree
        return cls(initial=initial)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = with_blank(Sector.choices)


class DeclarationForm(forms.Form):
    """Two sentences, each with a box of its own, and the moment of what was read through."""

    says_true = forms.BooleanField(
        label=_("What I have written is true, and I may share what my co-workers told me."),
        error_messages={"required": _("Confirm that what you wrote is true.")},
    )
    agrees_to_storage = forms.BooleanField(
        label=_("I agree that my data is sent to and kept in mainland China to handle this application."),
        error_messages={"required": _("Agree that your data is kept in mainland China, or do not send.")},
    )
    read_at = forms.CharField(widget=forms.HiddenInput, required=False)


class PaperForm(forms.Form):
    """One file for one paper."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # said in our own words, with what to do
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in EXTENSIONS[Family.DOCUMENT])}),
        error_messages={"required": _("Choose a file.")},
        help_text=_("PDF, DOCX, PNG or JPG, up to 20 MB."),
    )  # fmt: skip

    def __init__(self, *args, hint: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        if hint:
            file.help_text = f"{hint} · {file.help_text}"


class ExcuseForm(forms.Form):
    """Why a paper cannot be provided, and what there is in its place."""

    reason = forms.CharField(
        label=_("Why can it not be provided?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: the university issues it in July. Your case officer reads it."),
        error_messages={"required": _("Say why the paper cannot be provided.")},
    )  # fmt: skip
    file = forms.FileField(
        label=_("Something else that shows it"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in EXTENSIONS[Family.DOCUMENT])}),
        help_text=_("PDF, DOCX, PNG or JPG, up to 20 MB."),
    )  # fmt: skip


class InviteForm(forms.Form):
    """Whom to invite into an application, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write the address of the person."),
            "invalid": _("Write the address like name@example.org."),
        },
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("What they do"), choices=Role.choices, initial=Role.EDITOR, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )  # fmt: skip
    signs = forms.BooleanField(
        label=_("Has to confirm the application before it is sent"), required=False,
        help_text=_("For everybody in whose name you apply too. Nothing is sent before all have confirmed."),
    )  # fmt: skip
    until = DayField(
        label=_("Takes part until"), required=False,
        help_text=_("Leave it empty unless their part should end by itself."),
    )  # fmt: skip

    use_required_attribute = False


class PartForm(forms.Form):
    """What a co-applicant does from now on."""

    role = forms.ChoiceField(label=_("What they do"), choices=Role.choices, widget=forms.RadioSelect)
    signs = forms.BooleanField(label=_("Has to confirm the application before it is sent"), required=False)


class WithdrawForm(forms.Form):
    note = forms.CharField(
        label=_("Why do you withdraw?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your case officer reads it."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Your case officer reads it."),
    )  # fmt: skip


class TalkForm(forms.Form):
    """A message to the park, with a file if need be."""

    text = forms.CharField(
        label=_("Message"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Your case officer reads it."), error_messages={"required": _("Write a message.")},
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"), required=False, allow_empty_file=True, help_text=_("PDF, DOCX, PNG or JPG, up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in EXTENSIONS[Family.DOCUMENT])}),
    )  # fmt: skip
