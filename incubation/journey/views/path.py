"""A tenant's own way: where it is, what its gate asks, what it shows, what it has reached."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incubation.facts import wide_row
from incubation.facts.access import may_answer
from park.accounts.doors import row_by_row
from park.files.actions import NotAccepted, NotStored
from park.workflow.actions import MoveRefused

from .. import access, actions, judging, way
from ..forms import AskForm, MilestoneForm, PaperForm
from ..models import Milestone, Tenant
from ..path import path_for
from ..states import ACTIVE, LIVE


def tenant_of(user, slug: str) -> Tenant:
    tenants = Tenant.objects.visible_to(user).select_related("organisation", "talent", "enterprise", "officer")
    return get_object_or_404(tenants, organisation__slug=slug)


@row_by_row("members of the tenant, and staff who may see tenants")
@require_http_methods(["GET", "HEAD", "POST"])
def path(request, slug):
    """Show the way of one tenant; its owners and managers act on it here, one act a POST."""
    tenant = tenant_of(request.user, slug)
    runs = access.runs(request.user, tenant) and tenant.state in LIVE
    forms = {"ask": AskForm(), "milestone": MilestoneForm(auto_id="milestone_%s"), "paper": None}
    status, refusal = 200, ""
    if request.method == "POST":
        if not runs:
            raise Http404
        try:
            if _act(request, tenant, forms):
                return redirect("journey:path", slug)
            status = 422
        except (MoveRefused, NotAccepted, NotStored) as refused:
            refusal, status = str(refused), getattr(refused, "status", 422)
        tenant = tenant_of(request.user, slug)
    return render(request, "journey/path.html", _page(request, tenant, runs, forms, refusal), status=status)


def _act(request, tenant: Tenant, forms: dict) -> bool:
    """Do what was asked; tell whether it was done. A form that is not right is put back for the page."""
    user, data = request.user, request.POST
    match data.get("act"):
        case "reach":
            milestone = get_object_or_404(Milestone, pk=_number(data.get("milestone")), tenant=tenant)
            actions.reach_milestone(milestone=milestone, by=user)
            messages.success(request, _("Reached: %(name)s") % {"name": milestone.name})
        case "milestone":
            form = forms["milestone"] = MilestoneForm(data, auto_id="milestone_%s")
            if not form.is_valid():
                return False
            actions.add_milestone(tenant=tenant, by=user, **form.cleaned_data)
            messages.success(request, _("The milestone is added."))
        case "paper":
            form = forms["paper"] = PaperForm(data, request.FILES, auto_id=f"{data.get('key', '')}_%s")
            if not form.is_valid():
                return False
            given = form.cleaned_data
            actions.show_paper(
                tenant=tenant, by=user, key=given["key"], upload=given["file"], issued_on=given["issued_on"]
            )
            messages.success(request, _("The paper is added."))
        case "ask":
            form = forms["ask"] = AskForm(data)
            if not form.is_valid():
                return False
            actions.request_gate(tenant=tenant, by=user, note=form.cleaned_data["note"])
            messages.success(request, _("The gate is asked for. An officer checks it within five working days."))
        case "withdraw":
            gate = way.gate_now(tenant)
            if gate is None:
                raise Http404
            actions.withdraw(gate=gate, by=user)
            messages.success(request, _("The request is taken back."))
        case _:
            raise Http404
    return True


def _number(text) -> int:
    return int(text) if (text or "").isdigit() else 0


def _page(request, tenant: Tenant, runs: bool, forms: dict, refusal: str) -> dict:
    gate = way.gate_now(tenant)
    case = way.case(gate)
    terms = gate.terms if gate and gate.terms else judging.terms_for(tenant.stage)
    standing = judging.stand(tenant, terms) if terms else None
    day = wide_row.today()
    papers = way.papers(standing, runs) if standing else []
    for paper in papers:
        sent = forms["paper"] if forms["paper"] and forms["paper"].data.get("key") == paper["key"] else None
        paper["form"] = sent or PaperForm(initial={"key": paper["key"]}, auto_id=f"{paper['key']}_%s")
    entries = standing.entries if standing else []
    return {
        "tenant": tenant,
        "path": path_for(tenant),
        "where": way.where(tenant, day),
        "criteria": way.criteria(tenant, standing, runs and may_answer(request.user, tenant)) if standing else [],
        "met": sum(entry.state == "met" for entry in entries),
        "asked": len(entries),
        "papers": papers,
        "lacking": standing.missing_papers if standing else [],
        "milestones": way.milestones(tenant, runs),
        "case": case,
        "conditions": way.conditions(tenant),
        "behind": way.behind(tenant),
        "past": way.past(tenant),
        "mentors": way.mentors(tenant),
        "runs": runs,
        "may_ask": runs and tenant.state == ACTIVE and standing is not None and not (case and case["may_withdraw"]),
        "forms": forms,
        "bound": [form for form in forms.values() if form is not None and form.is_bound],
        "refusal": refusal,
        "today": day,
        "crumbs": [(str(tenant), reverse("desk:tenant", args=[tenant.organisation.slug])), (_("Path"), "")],
    }
