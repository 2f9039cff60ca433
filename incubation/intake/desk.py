"""The acts of officers on an application, as buttons of its page in the staff area."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from incubation.journey.staff import StaffAct

from . import actions, decision_forms
from .definition import read
from .models import Application, Likeness
from .states import ANSWER_CLOCK
from .telling import officers


class OfficerField(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return user.display_name


def what_to_open(application: Application, user) -> dict[str, forms.Field]:
    """Which questions, papers or whole parts of the form the applicant may change for the answer, and until when."""
    tasks = list(read(application.form).tasks)
    single = [
        (f"{task.key}.{each.key}", _("%(task)s: %(field)s") % {"task": task.label, "field": each.label})
        for task in tasks
        for each in (*task.fields, *task.papers)
    ]
    days = [(count, working_days(count)) for count in (5, 10, 15, 20)]
    return {
        "fields": forms.MultipleChoiceField(
            label=_("Questions and papers that may be changed for the answer"),
            choices=single,
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            help_text=_("Only these open. Without any, the applicant answers in words."),
        ),
        "tasks": forms.MultipleChoiceField(
            label=_("Or whole parts"),
            choices=[(task.key, task.label) for task in tasks],
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
        ),
        "working_days": forms.TypedChoiceField(
            label=_("Time for the answer"), choices=days, coerce=int, empty_value=ANSWER_CLOCK.working_days,
            required=False, initial=ANSWER_CLOCK.working_days, widget=UnfoldAdminSelectWidget,
            help_text=_("We remind 5 working days and 1 working day before the end. After it the check goes on."),
        ),
    }  # fmt: skip


def working_days(count: int) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def next_officer(application: Application, user) -> dict[str, forms.Field]:
    """Who takes the case over."""
    people = officers().exclude(pk=application.talent.user_id).order_by("name", "pk")
    return {
        "to": OfficerField(label=_("To whom"), queryset=people, initial=user.pk, widget=UnfoldAdminSelectWidget)
    }


class LikenessForm(forms.Form):
    """What an officer says of a case that looks like another. Gives the two records, as the verb takes them."""

    kind = forms.ChoiceField(choices=[("person", ""), ("project", "")])
    other = forms.IntegerField()
    answer = forms.ChoiceField(choices=Likeness.Answer)
    note = forms.CharField(required=False, max_length=1000)

    def __init__(self, application: Application, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.application = application

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        one = self.application if cleaned["kind"] == "project" else self.application.talent
        other = type(one).objects.filter(pk=cleaned["other"]).first()
        if other is None:
            raise forms.ValidationError(_("Choose one that is there."))
        return {"one": one, "other": other, "answer": cleaned["answer"], "note": cleaned["note"]}


BOTH = ("note", "internal_note")
ACTS = (
    StaffAct(
        "take", actions.take, "application", "back_hand", variant=ActionVariant.PRIMARY,
        told=gettext_lazy("Your name, and that you check the application in time."),
    ),
    StaffAct(
        "ask", actions.ask, "application", "contact_support", fields=BOTH, required=("note",), extra=what_to_open,
    ),
    StaffAct(
        "pass_on", actions.pass_on, "application", "forward", fields=BOTH,
        told=gettext_lazy("That the application is complete, that experts read it now, and by when the park decides."),
    ),
    StaffAct("close_review", actions.close_review, "application", "rule"),
    StaffAct(
        "propose", actions.propose, "application", "gavel", fields=("internal_note",), extra=decision_forms.of_proposal,
        variant=ActionVariant.PRIMARY, told=gettext_lazy("Nothing yet: another person decides."),
    ),
    StaffAct(
        "accept", actions.accept, "application", "check_circle", fields=("internal_note",),
        extra=decision_forms.of_acceptance, variant=ActionVariant.SUCCESS,
        told=gettext_lazy("That the application is accepted, and that the project starts in the first stage."),
    ),
    StaffAct(
        "accept_with_conditions", actions.accept_with_conditions, "application", "checklist",
        fields=("internal_note",), extra=decision_forms.of_conditions, variant=ActionVariant.SUCCESS,
        told=gettext_lazy("That it is accepted once the conditions are met, each with its day."),
    ),
    StaffAct(
        "waitlist", actions.waitlist, "application", "hourglass_empty", fields=("internal_note",),
        extra=decision_forms.of_waiting, told=gettext_lazy("That it is on the waiting list, and why."),
    ),
    StaffAct(
        "reject", actions.reject, "application", "cancel", fields=("internal_note",), extra=decision_forms.of_refusal,
        variant=ActionVariant.DANGER,
        told=gettext_lazy("That it is not accepted, with the reasons, and that a second look can be asked for."),
    ),
    StaffAct(
        "send_back", actions.send_back, "application", "undo", fields=("internal_note",), required=("internal_note",),
    ),
    StaffAct(
        "meet_condition", actions.meet_condition, "application", "task_alt", fields=("internal_note",),
        extra=decision_forms.of_condition, told=gettext_lazy("That this condition is met."),
    ),
    StaffAct(
        "conditions_met", actions.conditions_met, "application", "check_circle", fields=("internal_note",),
        variant=ActionVariant.SUCCESS,
        told=gettext_lazy("That the application is accepted, and that the project starts in the first stage."),
    ),
    StaffAct(
        "lapse", actions.lapse, "application", "event_busy", fields=BOTH, required=("note",),
        variant=ActionVariant.DANGER,
        told=gettext_lazy("That it is not accepted, with the reasons, and that a second look can be asked for."),
    ),
    StaffAct(
        "overturn", actions.overturn, "application", "check_circle", fields=BOTH, required=("note",),
        variant=ActionVariant.SUCCESS,
        told=gettext_lazy("That the application is accepted after the second look, and why."),
    ),
    StaffAct(
        "uphold", actions.uphold, "application", "cancel", fields=BOTH, required=("note",),
        variant=ActionVariant.DANGER, told=gettext_lazy("That the decision stands for good, and why."),
    ),
    StaffAct(
        "hand_over", actions.hand_over, "application", "swap_horiz", fields=("internal_note",), extra=next_officer,
    ),
    StaffAct("close", actions.close, "application", "archive", fields=BOTH, required=("note",)),
)  # fmt: skip
