from django import forms
from django.utils.translation import gettext_lazy as _

from . import inspection
from .kinds import KINDS, Family


class FileForm(forms.Form):
    """A newer version of a paper."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # said in our own words, with what to do
        help_text=_("PDF, DOCX, PNG or JPG, up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{e}" for e in inspection.EXTENSIONS[Family.DOCUMENT])}),
        error_messages={"required": _("Choose a file.")},
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("If it runs out."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class UploadForm(FileForm):
    kind = forms.ChoiceField(label=_("What it is"), choices=lambda: [("", _("Choose")), *KINDS.items()])

    field_order = ["kind", "file", "valid_until"]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you read it?"),
        help_text=_("The person it belongs to sees who read it and why."),
        min_length=5,
        max_length=200,
    )
