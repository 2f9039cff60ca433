"""How often a person wants to hear of what."""

from django import forms

from . import kinds
from .kinds import Topic
from .models import Frequency


def choosable() -> list[Topic]:
    """Return the topics that have at least one kind a reader may turn down."""
    known = {kind.topic for kind in kinds.registered() if kind.mutable and kind.by_mail}
    return [topic for topic in Topic if topic in known]


class PreferencesForm(forms.Form):
    """One question a topic: how often by e-mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for topic in choosable():
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label, choices=Frequency.choices, initial=Frequency.AT_ONCE, widget=forms.Select
            )

    @property
    def wishes(self) -> dict[str, str]:
        return {topic: self.cleaned_data[topic] for topic in self.fields}
