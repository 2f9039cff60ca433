"""What officers type about policies. The forms listen; the verbs write."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from incubation.facts.vocabulary import TENANT_FACTS
from park.files.actions import Family, NotAccepted, inspection
from park.rules.linter import Severity, lint
from park.workflow.desk import ReadVersion

from . import duplicates
from .actions.capturing import DuplicateLikely, digest
from .entry_forms import Entries, ceilings_are_numbers
from .models import Policy, PolicyVersion
from .scope import kinds_are_known

WORDING = (
    "title_en", "title_zh_hans", "summary_en", "summary_zh_hans", "rule", "benefits", "documents", "steps",
    "valid_from", "valid_until", "deadline", "compiler_status", "notes_en", "notes_zh_hans",
    "contact_en", "contact_zh_hans", "is_standing",
)  # fmt: skip
ABOUT = (
    "document_no", "level", "region", "kind", "applicant", "issuing_body_en", "issuing_body_zh_hans", "issued_on",
    "source_document", "source_url", "confidence",
)  # fmt: skip
CAPTURE = ("source_file", "new_because")
NOTHING_ASKED = {"version": 1, "all": []}


class Wording(forms.ModelForm):
    """The wording of a version: a rule that cannot be read, or that nobody can meet, is refused with its reasons."""

    class Meta:
        model = PolicyVersion
        fields = WORDING

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("benefits", "documents", "steps"):
            if name in self.fields:
                self.fields[name].widget = Entries(paid=name == "benefits")
        if "rule" in self.fields:
            self.fields["rule"].help_text = _(
                "As data, to take over conditions from elsewhere. A draft’s conditions are changed one by one."
            )
            if self.instance.pk is None:
                self.initial.setdefault("rule", NOTHING_ASKED)

    def clean_rule(self):
        rule = self.cleaned_data["rule"]
        if self.instance.pk and rule == self.instance.rule:
            return rule  # under work in the editor of rules, which says what is wrong with it
        faults = [str(each) for each in lint(rule, TENANT_FACTS) if each.severity == Severity.ERROR]
        if faults:
            raise forms.ValidationError(faults)
        return rule

    def clean_benefits(self):
        entries = self._in_two_languages("benefits")
        if not ceilings_are_numbers(entries):
            raise forms.ValidationError(_("Write what a benefit brings at the most as a number of yuan, or nothing."))
        if not kinds_are_known(entries):
            raise forms.ValidationError(_("Choose of each benefit what it is: only money can be claimed."))
        return entries

    def clean_documents(self):
        return self._in_two_languages("documents")

    def clean_steps(self):
        return self._in_two_languages("steps")

    def _in_two_languages(self, name: str) -> list:
        entries = self.cleaned_data[name] or []
        if not isinstance(entries, list) or not all(
            isinstance(each, dict) and (each.get("en") or each.get("zh")) for each in entries
        ):
            raise forms.ValidationError(_('Write a list of texts in two languages: [{"en": "…", "zh": "…"}].'))
        return entries

    def wording(self) -> dict:
        return {name: self.cleaned_data[name] for name in WORDING if name in self.cleaned_data}


class Revision(ReadVersion, Wording):
    """A draft as an officer had it open; whether somebody else changed it meanwhile is told by its version."""


class NextVersion(Wording):
    """The next version of a policy that exists."""

    class Meta(Wording.Meta):
        fields = ("policy", *WORDING)


class NewPolicy(forms.ModelForm):
    """A policy that is new to the park, with the first wording of it."""

    title_en = forms.CharField(label=_("title (English)"), max_length=300, widget=UnfoldAdminTextInputWidget)
    title_zh_hans = forms.CharField(label=_("title (Chinese)"), max_length=300, widget=UnfoldAdminTextInputWidget)
    summary_en = forms.CharField(label=_("summary (English)"), required=False, widget=UnfoldAdminTextareaWidget)
    summary_zh_hans = forms.CharField(label=_("summary (Chinese)"), widget=UnfoldAdminTextareaWidget)

    source_url = forms.URLField(
        label=_("source address"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminTextInputWidget,
    )

    source_file = forms.FileField(
        label=_("source document"), required=False, allow_empty_file=True, widget=UnfoldAdminFileFieldWidget,
        help_text=_("PDF, DOCX, PNG or JPG, up to 20 MB."),
    )  # fmt: skip
    new_because = forms.CharField(
        label=_("why it is none of those that look like it"), required=False, max_length=2000,
        widget=UnfoldAdminTextareaWidget, help_text=_("Only where the park may have it already: we ask you then."),
    )  # fmt: skip

    FIRST = ("title_en", "title_zh_hans", "summary_en", "summary_zh_hans")

    class Meta:
        model = Policy
        fields = ("slug", *ABOUT)

    def clean(self):
        given = super().clean()
        upload = given.get("source_file")
        if upload:
            try:
                inspection.inspect(upload, Family.DOCUMENT)
            except NotAccepted as refusal:
                self.add_error("source_file", str(refusal))
                return given
        found = duplicates.likely(
            document_no=given.get("document_no") or "", title_en=given.get("title_en") or "",
            title_zh=given.get("title_zh_hans") or "", sha256=digest(upload) if upload else "",
        )  # fmt: skip
        if found and not (given.get("new_because") or "").strip():
            self.add_error("new_because", str(DuplicateLikely(found)))
        return given

    def about(self) -> dict:
        return {name: self.cleaned_data[name] for name in ABOUT}

    def wording(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.FIRST} | {"rule": NOTHING_ASKED}
