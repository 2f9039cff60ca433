"""Problems, on the tenant's side: raise one, follow it, answer, say whether it is solved."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from park.accounts.doors import row_by_row
from park.files.actions import NotAccepted, NotStored
from park.organisations.access import may_act_for
from park.workflow.actions import MoveRefused, history
from park.workflow.models import Clock

from .. import actions
from ..forms import ProblemForm, ReplyForm
from ..models import Problem
from ..states import LIVE, PROBLEM, ProblemState
from .path import tenant_of

A_PAGE = 20
TONES = {
    ProblemState.RAISED: "info", ProblemState.IN_HAND: "info", ProblemState.ASKED: "ask", ProblemState.SOLVED: "ask",
    ProblemState.CONFIRMED: "met", ProblemState.DROPPED: "plain",
}  # fmt: skip
SAID = {
    "answer": actions.answer_problem, "confirm": actions.confirm_problem, "reopen": actions.reopen_problem,
    "drop": actions.drop_problem,
}  # fmt: skip


@row_by_row("members of the tenant, and staff who may see problems")
@require_http_methods(["GET", "HEAD", "POST"])
def problems(request, slug):
    """List the problems of a tenant, and take a new one from its members."""
    tenant = tenant_of(request.user, slug)
    mine = may_act_for(request.user, tenant.organisation)
    if not mine and not request.user.has_perm("journey.view_problem"):
        raise Http404
    form, status, refusal = ProblemForm(), 200, ""
    if request.method == "POST":
        if not mine or tenant.state not in LIVE:
            raise Http404
        form, status = ProblemForm(request.POST, request.FILES), 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                raised = actions.raise_problem(
                    tenant=tenant, by=request.user, category=given["category"], title=given["title"],
                    text=given["text"], uploads=[given["file"]] if given["file"] else [],
                )  # fmt: skip
            except (MoveRefused, NotAccepted, NotStored) as refused:
                refusal = str(refused)
            else:
                messages.success(request, _("The problem is raised. Somebody takes it within one working day."))
                return redirect("journey:problem", slug, raised.public_id)
    found = tenant.problems.select_related("owner").order_by("-raised_at", "-pk")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "title": each.title,
            "url": reverse("journey:problem", args=[slug, each.public_id]),
            "category": each.get_category_display(),
            "raised_at": each.raised_at,
            "owner": each.owner.display_name if each.owner else "",
            "state": each.get_state_display(),
            "tone": TONES[each.state],
        }
        for each in page.object_list
    ]
    context = {
        "tenant": tenant, "rows": rows, "page_obj": page, "form": form, "refusal": refusal,
        "may_raise": mine and tenant.state in LIVE, "open": tenant.problems.unsolved().count(),
        "crumbs": [(str(tenant), reverse("desk:tenant", args=[slug])), (_("Problems"), "")],
    }  # fmt: skip
    return render(request, "journey/problems.html", context, status=status)


@row_by_row("members of the tenant, and staff who may see problems")
@require_http_methods(["GET", "HEAD", "POST"])
def problem(request, slug, public_id):
    """Show one problem, and take what the tenant says to it."""
    tenant = tenant_of(request.user, slug)
    visible = Problem.objects.visible_to(request.user)
    visible = visible.select_related("owner", "tenant__organisation", "tenant__talent")
    found = get_object_or_404(visible, tenant=tenant, public_id=public_id)
    mine = may_act_for(request.user, tenant.organisation)
    form, status, refusal = ReplyForm(), 200, ""
    if request.method == "POST":
        act = request.POST.get("act")
        if not mine or act not in SAID:
            raise Http404
        form = ReplyForm(request.POST)
        if form.is_valid():
            try:
                SAID[act](problem=found, by=request.user, note=form.cleaned_data["note"])
            except MoveRefused as refused:
                refusal, status = str(refused), refused.status
            else:
                messages.success(request, _("Thank you. It is written down."))
                return redirect("journey:problem", slug, public_id)
        else:
            status = 422
    clock = Clock.objects.of(found).running().order_by("due_at").first()
    entries = [
        {
            "title": PROBLEM.find(log.move).label,
            "text": log.note if log.move != "raise" else "",
            "moment": log.at,
        }
        for log in history(found).made()
        if log.note or log.move not in ("pass_on",)
    ]
    context = {
        "tenant": tenant, "problem": found, "tone": TONES[found.state], "mine": mine, "form": form, "past": entries,
        "due": clock.due_at if clock else None, "late": bool(clock and clock.is_late), "refusal": refusal,
        "files": found.documents.all(),
        "crumbs": [
            (str(tenant), reverse("desk:tenant", args=[slug])),
            (_("Problems"), reverse("journey:problems", args=[slug])), (found.title, ""),
        ],
    }  # fmt: skip
    return render(request, "journey/problem.html", context, status=status)
