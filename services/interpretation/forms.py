"""What readers and officers type about plain words. The forms listen; the verbs write."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Coordination, Question


class QuestionForm(forms.Form):
    topic = forms.ChoiceField(
        label=pgettext_lazy("question", "What it is about"), choices=Question.Topic, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Your question"), max_length=2000, min_length=10, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Name nobody: a question that helps others may be published with its answer, in our words."),
    )  # fmt: skip


class DepartmentForm(forms.Form):
    """What a department says of a draft, by the link it was sent."""

    SAID = (
        (Coordination.Opinion.AGREES, _("We agree")), (Coordination.Opinion.CHANGES, _("We agree with changes")),
        (Coordination.Opinion.OBJECTS, _("We object")),
    )  # fmt: skip

    opinion = forms.ChoiceField(
        label=_("Do you agree?"), choices=SAID, widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you agree.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("What is right, and what has to be changed."),
    )  # fmt: skip
    answered_by = forms.CharField(
        label=_("Your name and office"), max_length=120, help_text=_("It stands with the answer, for the park only.")
    )
