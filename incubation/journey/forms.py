"""What staff type when a project became a company."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from enterprises.registry.models import Enterprise, validate_credit_code


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
