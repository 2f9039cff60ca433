"""What experts type: a declaration, scores with reasons."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .actions.scoring import LONGEST
from .models import Rubric
from .states import Conflict

THEIRS = [
    choice for choice in Conflict.choices if choice[0] not in {Conflict.SELF, Conflict.INSIDE, Conflict.ASKED}
]  # what an expert can say of themselves


class AsideForm(forms.Form):
    """Stepping aside: why, and in words if the person likes."""

    kind = forms.ChoiceField(label=_("Why do you step aside?"), choices=THEIRS, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In your own words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the park's officers read it."),
    )  # fmt: skip


class DeclineForm(forms.Form):
    """Giving a file back for any other reason."""

    note = forms.CharField(
        label=_("Why can you not take it?"), max_length=500, widget=forms.TextInput,
        help_text=_("One line is enough: no time, not my field. It has no consequences for you."),
    )  # fmt: skip


class ScoreForm(forms.Form):
    """The scores of one file: for each criterion a score and a reason, and a note that the panel alone reads."""

    use_required_attribute = False
    note = forms.CharField(
        label=_("Note to the panel only"), required=False, max_length=LONGEST["note"],
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, rubric: Rubric, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        for each in rubric.items:
            choices = [(str(score), str(score)) for score in rubric.scores]
            self.fields[f"score-{each.key}"] = forms.ChoiceField(
                label=each.label, choices=choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"reason-{each.key}"] = forms.CharField(
                label=_("Reason, shown to the applicant"), required=False, max_length=LONGEST["reason"],
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    def scores(self) -> dict:
        """Return what was typed, as the verb takes it; what is no score of the scale counts as none."""
        return {
            each.key: {
                "score": int(score) if (score := self.data.get(f"score-{each.key}", "")).isdecimal()
                and len(score) < 3 and int(score) in self.rubric.scores else None,
                "reason": self.data.get(f"reason-{each.key}", ""),
            }
            for each in self.rubric.items
        }  # fmt: skip

    def rows(self) -> list[dict]:
        """Return what the page shows of each criterion."""
        return [
            {
                "criterion": each,
                "number": number,
                "score": self[f"score-{each.key}"],
                "reason": self[f"reason-{each.key}"],
                "anchors": list(enumerate(each.anchors)),
            }
            for number, each in enumerate(self.rubric.items, start=1)
        ]


def initial(scoring) -> dict:
    """Return what was typed so far as a form takes it."""
    if scoring is None:
        return {}
    found = {"note": scoring.note}
    for key, entry in scoring.scores.items():
        found[f"score-{key}"] = "" if entry["score"] is None else str(entry["score"])
        found[f"reason-{key}"] = entry["reason"]
    return found
