"""What readers and officers type about plain words. The forms listen; the verbs write."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Question


class QuestionForm(forms.Form):
    topic = forms.ChoiceField(
        label=pgettext_lazy("question", "What it is about"), choices=Question.Topic, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Your question"), max_length=2000, min_length=10, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Name nobody: a question that helps others may be published with its answer, in our words."),
    )  # fmt: skip
