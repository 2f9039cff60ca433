"""What tenants, scorers and staff type. The forms listen; the verbs act."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from enterprises.registry.models import Enterprise, validate_credit_code
from park.pages.fields import DayField

from .models import GateScorer, Problem, in_language


class CompanyForm(forms.Form):
    """A company as its licence names it, with the share of the founder who brought the project."""

    name_en = forms.CharField(label=_("Name"), max_length=200, widget=UnfoldAdminTextInputWidget)
    name_zh_hans = forms.CharField(
        label=_("Name on the licence, in Chinese"), max_length=200, widget=UnfoldAdminTextInputWidget
    )
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=18,
        validators=[validate_credit_code],
        widget=UnfoldAdminTextInputWidget,
    )
    registered_on = forms.DateField(label=_("Registered on"), widget=UnfoldAdminSingleDateWidget)
    sector = forms.ChoiceField(label=_("Field"), widget=UnfoldAdminSelectWidget)
    zone = forms.ChoiceField(label=_("Zone"), widget=UnfoldAdminSelectWidget)
    share = forms.IntegerField(
        label=_("Share of the founder, per cent"), min_value=1, max_value=100, widget=UnfoldAdminIntegerFieldWidget
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("sector", "zone"):
            self.fields[name].choices = Enterprise._meta.get_field(name).choices

    def clean_credit_code(self):
        return self.cleaned_data["credit_code"].strip().upper()


class MilestoneForm(forms.Form):
    """A milestone of the tenant's own."""

    name = forms.CharField(label=_("What do you want to reach?"), max_length=120)
    planned_on = DayField(label=_("By when?"), required=False)


class PaperForm(forms.Form):
    """One paper that a gate asks for."""

    key = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # said in our own words, with what to do
        help_text=_("PDF, DOCX, PNG or JPG, up to 20 MB."),
        error_messages={"required": _("Choose a file.")},
    )
    issued_on = DayField(label=_("Date on the paper"))


class AskForm(forms.Form):
    """What a tenant says when it asks for its gate."""

    note = forms.CharField(
        label=_("What have you reached?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The officer who checks it and those who score it read this."),
    )


class ScoreForm(forms.Form):
    """A scorecard: a mark for each line, an advice, a comment."""

    advice = forms.ChoiceField(label=_("Your advice"), choices=GateScorer.Advice.choices, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("Comment for the park"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text=_("The tenant does not read this."),
    )

    def __init__(self, lines: list[dict], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"score_{line['key']}"] = forms.TypedChoiceField(
                label=in_language(line), coerce=int, choices=[(n, str(n)) for n in range(6)], widget=forms.RadioSelect,
                error_messages={"required": _("Choose a mark from 0 to 5.")},
            )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        marks = [cleaned.get(f"score_{line['key']}") for line in self.lines]
        extreme = any(mark in (0, 1, 5) for mark in marks)
        if extreme and not (cleaned.get("comment") or "").strip():
            self.add_error("comment", _("A mark of 0, 1 or 5 needs a comment: say why."))
        return cleaned

    def scores(self) -> dict[str, int]:
        return {line["key"]: self.cleaned_data[f"score_{line['key']}"] for line in self.lines}

    def rows(self) -> list[tuple]:
        """Return the fields of the scorecard with their weights, as the page shows them."""
        return [(self[f"score_{line['key']}"], line["weight"]) for line in self.lines]


class AsideForm(forms.Form):
    interest = forms.CharField(
        label=_("Why do you step aside?"), max_length=300,
        help_text=_("Your employer, an investment, a family tie, joint work: a few words are enough."),
    )


class ProblemForm(forms.Form):
    """What keeps a tenant from going on."""

    category = forms.ChoiceField(
        label=_("What is it about?"), choices=lambda: [("", _("Choose")), *Problem.Category.choices]
    )
    title = forms.CharField(label=_("In a few words"), max_length=120)
    text = forms.CharField(
        label=_("What is wrong?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What happened, since when, and what would help."),
    )
    file = forms.FileField(
        label=_("File"), required=False, allow_empty_file=True, help_text=_("PDF, DOCX, PNG or JPG, up to 20 MB.")
    )


class ReplyForm(forms.Form):
    note = forms.CharField(
        label=_("Your words"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MeetingForm(forms.Form):
    """A meeting of a mentor and a tenant."""

    held_on = DayField(label=_("When?"))
    minutes = forms.IntegerField(
        label=_("How many minutes?"), min_value=5, max_value=600, localize=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    text = forms.CharField(
        label=_("What did you talk about, what comes next?"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("The tenant and the park read this."),
    )
