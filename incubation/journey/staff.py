"""Acts as buttons of a case page in the staff area. Each leads to a page that says what will happen; its form acts.

A room lists its acts; what may not be done now has no button, and what is refused all the same is said on the page::

    class TenantAdmin(StaffActs, ModelAdmin):
        machine, may = MACHINE, access.may_make
        acts = (StaffAct("suspend", actions.suspend, "record", icon="pause", fields=("note",)), …)
"""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from park.workflow.actions import MoveRefused, open_moves, refusal_of


@dataclass(frozen=True)
class StaffAct:
    """One verb as a button: the move it makes, what it asks for, and what the person reads before pressing.

    ``fields`` are names of ``ActForm`` fields; ``record`` is the keyword under which the verb takes its record;
    ``extra(record, user)`` gives further fields; it is asked only where the act may be made, or is tried.
    """

    move: str
    verb: Callable
    record: str
    icon: str
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    told: str = ""
    variant: ActionVariant = ActionVariant.DEFAULT
    extra: Callable | None = None

    @property
    def method(self) -> str:
        return f"act_{self.move}"


class ActForm(forms.Form):
    """What an act asks of the person who does it. The two texts say who reads them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Note for the other side"),
        widget=UnfoldAdminTextareaWidget,
        max_length=4000,
        required=False,
        help_text=gettext_lazy(
            "They read this in the portal, exactly as you write it. Why something is refused is not mailed."
        ),
    )
    internal_note = forms.CharField(
        label=gettext_lazy("Internal note"), widget=UnfoldAdminTextareaWidget, max_length=4000, required=False,
        help_text=gettext_lazy("Not shown to the other side."),
    )

    def __init__(self, act: StaffAct, record, user, *args, **kwargs):
        super().__init__(*args, **kwargs, initial={"version": record.version})
        for name in {"note", "internal_note"} - set(act.fields):
            del self.fields[name]
        for name in act.required:
            self.fields[name].required = True
        if act.extra:
            self.fields |= act.extra(record, user)  # noqa: S610  not a queryset
        self.order_fields([name for name in self.fields if name not in {"note", "internal_note"}])

    def given(self) -> dict:
        return self.cleaned_data


def choice(label, choices, **options) -> forms.ChoiceField:
    """A choice that looks like the rest of the staff area."""
    return forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget, **options)


class StaffActs:
    """Gives a ModelAdmin its acts as buttons on the case page. Set ``machine``, ``may`` and ``acts``."""

    machine = None
    may: Callable
    acts: tuple[StaffAct, ...] = ()
    further: tuple[str, ...] = ()  # detail actions of the admin that are no moves

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for act in cls.acts:
            setattr(cls, act.method, button(act, cls.machine.find(act.move).label))
        cls.actions_detail = (*(act.method for act in cls.acts), *cls.further)

    def get_actions_detail(self, request, object_id):
        """Offer what this person may do with this record now."""
        record = self.get_object(request, str(object_id))
        if record is None:
            return []
        moves = {move.name for move in open_moves(self.machine, record, request.user, type(self).may)}
        possible = {f"act_{name}" for name in moves - self.pointless(record)}
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if not each.action_name.removeprefix(prefix).startswith("act_")
            or each.action_name.removeprefix(prefix) in possible
        ]

    def pointless(self, record) -> set[str]:
        """Return the moves that this record's guards would refuse now: they get no button."""
        return set()

    def act(self, request, object_id, act: StaffAct):
        record = self.get_object(request, str(object_id))
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        case = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id])
        refusal = refusal_of(self.machine, record, act.move, request.user, type(self).may)
        form, status = None, 200
        if request.method == "POST" or refusal is None:
            form = ActForm(act, record, request.user, request.POST or None)
        else:
            status = refusal.status  # its page shows nothing of what the act would need
        if request.method == "POST" and form.is_valid():
            try:
                act.verb(**{act.record: record}, by=request.user, **form.given())
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                done = {"act": self.machine.find(act.move).label, "record": record}
                messages.success(request, _("Done: %(act)s. %(record)s") % done)
                return redirect(case)
        elif request.method == "POST":
            status = 422
        page = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": record,
            "title": self.machine.find(act.move).label,
            "act": act,
            "form": form,
            "refusal": "" if form else str(refusal),
            "case": case,
            "state": self.machine.label_of(self.machine.state_of(record)),
        }
        return render(request, "journey/staff_act.html", page, status=status)


def button(act: StaffAct, label) -> Callable:
    def press(self, request, object_id):
        return self.act(request, object_id, act)

    press.__name__ = act.method
    return action(description=label, url_path=act.move.replace("_", "-"), icon=act.icon, variant=act.variant)(press)
