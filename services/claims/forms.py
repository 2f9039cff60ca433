"""What tenants type. Forms listen; the verbs act."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from park.files import inspection
from park.files.kinds import Family
from park.pages.wording import local_date, money

from .models import Claim

TRUE = _("What I send is true and complete, and I have not claimed this cost anywhere else.")


class BenefitForm(forms.Form):
    """Which benefit of a policy is claimed."""

    benefit = forms.TypedChoiceField(label=_("What do you claim?"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, benefits, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["benefit"].choices = [(benefit.place, self.said(benefit)) for benefit in benefits]
        if len(benefits) == 1:
            self.fields["benefit"].initial = benefits[0].place

    @staticmethod
    def said(benefit) -> str:
        if benefit.ceiling is None:
            return str(benefit)
        known = {"benefit": benefit, "amount": money(benefit.ceiling)}
        return gettext("%(benefit)s, up to %(amount)s") % known


class AmountForm(forms.Form):
    """How much, and for what."""

    amount = forms.DecimalField(
        label=_("Amount in yuan"), max_digits=18, decimal_places=2, min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What it is for"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was bought, built or achieved, and when. The officer who checks it reads this."),
    )  # fmt: skip


class AccountForm(forms.Form):
    """Where the money goes."""

    holder = forms.CharField(label=_("Account holder"), max_length=200)
    bank_name = forms.CharField(label=_("Bank and branch"), max_length=200)
    number = forms.CharField(
        label=_("Account number"), max_length=60, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("It is kept sealed. Only you and the finance officer who pays can read it."),
    )  # fmt: skip

    def __init__(self, claim: Claim, names: list[str], *args, **kwargs):
        known = {"holder": claim.account_holder or names[0], "bank_name": claim.account_bank}
        super().__init__(*args, initial=known | {"number": claim.account_number}, **kwargs)
        self.fields["holder"].help_text = _("In your own name: %(name)s.") % {"name": names[0]}


class ConfirmForm(AccountForm):
    """The account, and that all of it is true."""

    declared = forms.BooleanField(label=TRUE, error_messages={"required": _("Say that what you send is true.")})


class PaperForm(forms.Form):
    """One paper: one on file, a new one, or why there is none."""

    on_file = forms.ChoiceField(label=_("On file already"), required=False, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Or add it now"), required=False, allow_empty_file=True,
        help_text=_("PDF, DOCX, PNG or JPG, up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{e}" for e in inspection.EXTENSIONS[Family.DOCUMENT])}),
    )  # fmt: skip
    absent_because = forms.CharField(
        label=_("Or say why there is none"), required=False, max_length=300,
        help_text=_("The officer who checks it decides whether it can do without."),
    )  # fmt: skip

    def __init__(self, found, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on_file"].choices = [
            (
                str(each.document.public_id),
                _("%(name)s, on file since %(day)s") % {
                    "name": each.document.name, "day": local_date(each.document.uploaded_at)
                },
            )
            for each in found
        ] + [("", pgettext_lazy("paper", "None of these"))]  # fmt: skip
        if not found:
            del self.fields["on_file"]

    def clean(self):
        cleaned = super().clean()
        given = [name for name in ("on_file", "file", "absent_because") if cleaned.get(name)]
        if "file" in given and "on_file" in given:
            given.remove("on_file")  # what is new goes before what was ticked for them
            cleaned["on_file"] = ""
        if not given and not self.errors:
            raise forms.ValidationError(_("Choose a paper, add one, or say why there is none."))
        if len(given) > 1:
            raise forms.ValidationError(_("Either a paper or the reason why there is none, not both."))
        return cleaned


class SendForm(forms.Form):
    declared = forms.BooleanField(label=TRUE, error_messages={"required": _("Say that what you send is true.")})


class NoteForm(forms.Form):
    """A word to the park."""

    note = forms.CharField(label=_("In your words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(forms.Form):
    note = forms.CharField(
        label=_("Why? The park reads this"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
