"""What the acts on tenants and gates ask for besides a note: fields for the page of each act."""

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from .. import actions
from ..models import GateScorer, HandoverItem, Suspension, TenantExit
from ..staff import choice
from ..stages import Stage

CONDITIONS = 4


def day(label, *, required=True, **options) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=UnfoldAdminSingleDateWidget, **options)


def line(label, *, required=True, **options) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=300, widget=UnfoldAdminTextInputWidget, **options
    )


def suspension(tenant, user) -> dict:
    return {
        "cause": choice(_("cause"), [("", _("Choose")), *Suspension.Cause.choices]),
        "effect": line(_("what it means for benefits"), required=False),
    }


def more_time(tenant, user) -> dict:
    return {"due": day(_("New day for the gate"))}


def exit_announced(tenant, user) -> dict:
    return {
        "kind": choice(_("kind"), [("", _("Choose")), *TenantExit.Kind.choices]),
        "leaves_on": day(_("leaves on"), required=False, help_text=_("Empty: in 30 days.")),
    }


def handover(tenant, user) -> dict:
    leaving = actions.announced(tenant)
    left = leaving.items.filter(done_at=None) if leaving else HandoverItem.objects.none()
    choices = [(item.item, str(item)) for item in left]
    return {
        "items": forms.MultipleChoiceField(
            label=_("Handed over"), choices=choices, widget=forms.CheckboxSelectMultiple
        )
    }


def exit_confirmed(tenant, user) -> dict:
    return {"survival": choice(_("what becomes of it"), [("", _("Choose")), *TenantExit.Survival.choices])}


def correction(tenant, user) -> dict:
    earlier = [(stage.value, stage.label) for stage in Stage if stage.number < Stage(tenant.stage).number]
    return {"target": choice(_("Back to the stage"), [("", _("Choose")), *earlier])}


def to_waive(gate, user) -> dict:
    open_ = [(name, words) for name, words, _state in actions.still_open(gate)]
    return {
        "what": choice(_("Not asked of this tenant"), [("", _("Choose")), *open_]),
        "reason": forms.CharField(
            label=_("reason"), max_length=2000, widget=UnfoldAdminTextareaWidget,
            help_text=_("It stays with the gate, under your name."),
        ),
    }  # fmt: skip


class PersonField(forms.ModelChoiceField):
    """People who may be asked to score: mentors of the tenant first named, officers, experts."""

    def label_from_instance(self, user):
        return f"{user.display_name} · {user.email}"


def scorer(gate, user) -> dict:
    people = get_user_model().objects.filter(is_active=True)
    known = people.filter(
        Q(mentorships__ended_on=None, mentorships__isnull=False)
        | Q(is_staff=True)
        | Q(pk__in=GateScorer.objects.values("person"))
    )
    known = known.exclude(memberships__organisation=gate.tenant.organisation_id).distinct().order_by("name", "pk")
    return {
        "person": PersonField(
            label=_("Somebody the park knows"), queryset=known, required=False, widget=UnfoldAdminSelectWidget
        ),
        "email": forms.EmailField(
            label=_("or the e-mail address of an account"), required=False, widget=UnfoldAdminTextInputWidget
        ),
        "role": choice(_("as"), [("", _("Choose")), *GateScorer.Role.choices]),
    }


def retry(gate, user) -> dict:
    return {"retry_on": day(_("May be asked for again from"), required=False, help_text=_("Empty: as the terms say."))}


def conditions(gate, user) -> dict:
    fields = {}
    for n in range(1, CONDITIONS + 1):
        fields[f"condition_{n}"] = line(_("Condition %(n)s") % {"n": n}, required=n == 1)
        fields[f"due_{n}"] = day(_("By"), required=n == 1)
    return fields


def condition_met(gate, user) -> dict:
    open_ = [(str(each.pk), each.text) for each in gate.conditions.filter(met_at=None)]
    return {
        "condition": choice(_("condition"), [("", _("Choose")), *open_]),
        "proof": line(_("How it was shown")),
    }
