"""What is asked of people around a decision: of applicants after it, of the chair and of deciders before it."""

import datetime as dt

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from park.pages.wording import local_date

from .forms import PaperForm
from .models import Application, Decision
from .states import CONDITIONAL, DECIDED_PENDING, SCREENING, Ground, Reason


class EvidenceForm(PaperForm):
    """How a condition is met: a file, words, or both."""

    words = forms.CharField(
        label=gettext_lazy("In words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Your case officer reads it."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False


class SecondLookForm(PaperForm):
    """Why a refusal should be looked at again. ``file`` may show it."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Why should we look again?"), choices=Ground.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether we made an error, or which facts are new.")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("What speaks for it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Say what is wrong, or what is new. Whoever looks at it again reads this first."),
        error_messages={"required": gettext_lazy("Write what speaks for a second look.")},
    )  # fmt: skip
    field_order = ["ground", "text", "file"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False


class DemandsField(forms.CharField):
    """Conditions, one a line: the day, then the words."""

    widget = UnfoldAdminTextareaWidget

    def __init__(self, **options):
        super().__init__(
            label=_("Conditions"),
            help_text=_("One a line: the day, then what has to be shown. 2027-02-26 Show the result of one test."),
            **options,
        )

    def to_python(self, value):
        demands = []
        for line in (super().to_python(value) or "").splitlines():
            day, _space, text = line.strip().partition(" ")
            if not day:
                continue
            try:
                demands.append((text.strip(), dt.date.fromisoformat(day)))
            except ValueError:
                words = {"line": line.strip()[:80]}
                raise forms.ValidationError(
                    _("“%(line)s” does not begin with a day such as 2027-02-26.") % words
                ) from None
        return demands


def words(label, help_text="", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=4000, widget=UnfoldAdminTextareaWidget
    )


def choice(label, choices, *, required: bool = True) -> forms.ChoiceField:
    blank = [("", _("Choose one") if required else "–")]
    return forms.ChoiceField(
        label=label, choices=[*blank, *choices], required=required, widget=UnfoldAdminSelectWidget
    )


def read_by_applicant() -> str:
    return _("The applicant reads this, in the letter, exactly as you write it.")


def of_proposal(application: Application, user) -> dict[str, forms.Field]:
    """What the panel resolved."""
    return {
        "outcome": choice(_("Decision"), Decision.Outcome.choices),
        "reason_code": choice(_("Reason"), Reason.choices, required=False),
        "criterion": words(_("Why"), read_by_applicant()),
        "advice": words(_("Advice"), read_by_applicant()),
        "conditions": DemandsField(required=False),
    }


def is_proposed(application: Application) -> bool:
    return application.state == DECIDED_PENDING


def of_acceptance(application: Application, user) -> dict[str, forms.Field]:
    """Advice, where no panel gave its own."""
    return {} if is_proposed(application) else {"note": words(_("Advice"), read_by_applicant())}


def of_conditions(application: Application, user) -> dict[str, forms.Field]:
    if is_proposed(application):
        return {}
    return {"conditions": DemandsField(), "note": words(_("Advice"), read_by_applicant())}


def of_waiting(application: Application, user) -> dict[str, forms.Field]:
    return {} if is_proposed(application) else {"note": words(_("Why"), read_by_applicant(), required=True)}


def of_refusal(application: Application, user) -> dict[str, forms.Field]:
    """Why an application is not accepted, where no panel said it."""
    if is_proposed(application):
        return {}
    return {
        "reason_code": choice(_("Reason"), Reason.choices),
        "note": words(_("Why"), read_by_applicant(), required=True),
        "advice": words(_("Advice"), read_by_applicant()),
    }


class ConditionField(forms.ModelChoiceField):
    def label_from_instance(self, condition):
        return f"{condition.text} · {local_date(condition.due)}"


def of_condition(application: Application, user) -> dict[str, forms.Field]:
    """Which condition is met, and why if no paper shows it."""
    made = application.decisions.made().filter(outcome=CONDITIONAL).first()
    open_ones = made.conditions.open() if made else None
    return {
        "condition": ConditionField(
            label=_("Condition"), queryset=open_ones, empty_label=_("Choose one"), widget=UnfoldAdminSelectWidget
        )
    }


def pointless(application: Application) -> set[str]:
    """Return the acts that the guards of this application would refuse now, so that they get no button."""
    panel = application.call.decided_by == "panel"
    four = {"accept", "accept_with_conditions", "waitlist", "reject"}
    out = {"close_review"} if not panel else set()
    if panel and application.state not in (SCREENING, "waitlisted"):
        proposal = application.decisions.open().first() if is_proposed(application) else None
        verbs = {"accepted": "accept", "conditional": "accept_with_conditions", "waitlisted": "waitlist"}
        out |= four - ({verbs.get(proposal.outcome, "reject")} if proposal else set())
    if application.state == CONDITIONAL:
        made = application.decisions.made().first()
        left = list(made.conditions.open()) if made else []
        out |= {"conditions_met"} if left else {"meet_condition"}
        if not any(condition.is_late for condition in left):
            out.add("lapse")
    return out
