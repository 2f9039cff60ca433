"""Acts on many applications in the staff area: chosen in the list, tried, read row by row, then made."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from park.accounts.post import nudge
from park.workflow.actions import MoveRefused

from . import access, actions, tasks
from .desk import OfficerField, working_days
from .models import Application, Batch
from .models.batches import BatchAct
from .states import ANSWER_CLOCK, State
from .telling import officers

ROWS = 200  # of a page


class BatchForm(forms.Form):
    """What an act on many asks of the officer, beside what was chosen in the list."""

    to = OfficerField(label=gettext_lazy("To whom"), queryset=None, widget=UnfoldAdminSelectWidget)
    note = forms.CharField(
        label=gettext_lazy("Note for the other side"), widget=UnfoldAdminTextareaWidget, max_length=4000,
        help_text=gettext_lazy(
            "They read this in the portal, exactly as you write it. Why something is refused is not mailed."
        ),
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=gettext_lazy("Time for the answer"), coerce=int, initial=ANSWER_CLOCK.working_days,
        choices=lambda: [(count, working_days(count)) for count in (5, 10, 15, 20)], widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    internal_note = forms.CharField(
        label=gettext_lazy("Internal note"), widget=UnfoldAdminTextareaWidget, max_length=4000, required=False,
        help_text=gettext_lazy("Not shown to the other side."),
    )  # fmt: skip
    ASKED = {
        "take": (), "hand_over": ("to", "internal_note"), "ask": ("note", "days", "internal_note"),
        "pass_on": ("internal_note",), "close": ("note", "internal_note"),
    }  # fmt: skip

    def __init__(self, act: str, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = officers().order_by("name", "pk")
        for name in set(self.fields) - set(self.ASKED[act]):
            del self.fields[name]

    def given(self) -> dict:
        """Return what was given, as the verb takes it and JSON carries it."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("to", "days")}
        if "to" in self.cleaned_data:
            given["to"] = self.cleaned_data["to"].pk
        if "days" in self.cleaned_data:
            given["working_days"] = self.cleaned_data["days"]
        return given


def try_together(desk, request, queryset, act: str):
    """Try an act on what was chosen in the list, and lead to the page that says what would happen."""
    chosen = Application.objects.filter(pk__in=queryset.order_by().values("pk")[: actions.MOST_IN_A_BATCH + 1])
    try:
        rows = chosen.select_related("talent__user", "officer", "call").order_by("pk")
        batch = actions.plan_batch(act=act, applications=rows, by=request.user)
    except MoveRefused as refusal:
        desk.message_user(request, str(refusal), messages.ERROR)
        return None
    return redirect("admin:intake_application_batch", batch.pk)


def page(desk, request, pk: int):
    """Say what would happen to each row; then, once it is started, what happened, and how far it is."""
    if not request.user.has_perm(access.SCREEN):
        raise PermissionDenied(_("Only people with the duty for it may open this page."))
    batch = get_object_or_404(Batch.objects.filter(by=request.user).select_related("by"), pk=pk)
    form = BatchForm(batch.act, request.POST if "start" in request.POST else None)
    try:
        if "start" in request.POST and form.is_valid():
            start(request, batch, form.given())
            return redirect("admin:intake_application_batch", pk)
        if "undo" in request.POST:
            count = actions.undo_batch(batch=batch, by=request.user)
            words = ngettext("%(count)s case handed back.", "%(count)s cases handed back.", count)
            messages.success(request, words % {"count": count})
            return redirect("admin:intake_application_batch", pk)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    counts = batch.rows.aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)),
        hindered=Count("pk", filter=~Q(hindrance="")), refused=Count("pk", filter=~Q(refusal="")),
    )  # fmt: skip
    counts["waiting"] = counts["all"] - counts["done"] - counts["hindered"] - counts["refused"]
    rows = list(batch.rows.select_related("application__talent", "previous_officer")[:ROWS])
    for row in rows:
        row.was = State(row.before).label
        row.will = State(row.after).label if row.after else ""
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": BatchAct(batch.act).label,
        "batch": batch,
        "form": form,
        "rows": rows,
        "more": max(0, counts["all"] - ROWS),
        "counts": counts,
        "undoable": batch.act == BatchAct.HAND_OVER and batch.started_at and not batch.undone_at and counts["done"],
    }
    return render(request, "intake/batch.html", context, status=422 if form.is_bound else 200)


def start(request, batch: Batch, given: dict) -> None:
    """Start a batch: a small one is made at once, a large one in the background."""
    batch = actions.start_batch(batch=batch, by=request.user, **given)
    if batch.rows.filter(hindrance="").count() <= actions.BATCH_AT_ONCE:
        actions.carry_on(batch)
        return
    nudge(tasks.run_batch, batch.pk)
    messages.info(request, _("These are many, so they are made in the background. This page says how far it is."))
