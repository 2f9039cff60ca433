"""What officers write beside their cases."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
)

from .models import FlagKind, Visibility


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return user.display_name


class FlagForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=FlagKind, widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=UnfoldAdminTextareaWidget,
        help_text=_("Other officers read it. The person does not."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), required=False, widget=UnfoldAdminSingleDateWidget,
        help_text=_("Leave it empty if it holds until somebody lifts it."),
    )  # fmt: skip


class LiftForm(forms.Form):
    because = forms.CharField(
        label=_("Why is it lifted?"), max_length=2000, widget=UnfoldAdminTextareaWidget,
        help_text=_("It stays on record, with what the flag said."),
    )  # fmt: skip


class AbsenceForm(forms.Form):
    officer = PersonField(label=_("Who is away"), queryset=None, widget=UnfoldAdminSelectWidget)
    substitute = PersonField(label=_("Who stands in"), queryset=None, widget=UnfoldAdminSelectWidget)
    first_day = forms.DateField(label=_("First day away"), widget=UnfoldAdminSingleDateWidget)
    last_day = forms.DateField(label=_("Last day away"), widget=UnfoldAdminSingleDateWidget)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = get_user_model().objects.filter(is_staff=True, is_active=True).order_by("name", "pk")
        for_all = by.has_perm("casework.change_absence")
        self.fields["officer"].queryset = colleagues if for_all else colleagues.filter(pk=by.pk)
        self.fields["officer"].initial = by.pk
        self.fields["substitute"].queryset = colleagues


class MessageForm(forms.Form):
    """A message of staff. Who reads it is chosen first, and said beside each choice."""

    visibility = forms.ChoiceField(label=_("Who reads it"), widget=UnfoldAdminSelectWidget)
    text = forms.CharField(label=_("Message"), max_length=4000, widget=UnfoldAdminTextareaWidget)
    file = forms.FileField(label=_("File"), required=False, help_text=_("PDF, DOCX, PNG or JPG, up to 20 MB."))

    def __init__(self, *args, threads, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["visibility"].choices = [(each.value, each.label) for each in threads]
        self.fields["visibility"].initial = Visibility.STAFF  # the narrowest: nothing goes out by mistake
