"""The catalogue, a policy, the self-check, and what fits a tenant."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incubation.facts import access as fact_access
from incubation.facts import actions as facts
from incubation.facts import wide_row
from incubation.facts.forms import FactForm, shown, thanks
from incubation.facts.models import Source
from incubation.facts.vocabulary import TENANT_FACTS
from incubation.journey.models import Tenant
from park.accounts.doors import open_to_all, row_by_row, signed_in

from . import access, actions, checking, judging, listing, offering, page, past, whatif
from .facets import PAGE
from .forms import AsideForm, CheckForm, MomentForm
from .models import Policy, SetAside


# --- For everybody ----------------------------------------------------------------------------------------------------
@open_to_all("Policies are public documents.")
@require_safe
def catalogue(request):
    """List the policies with filters whose counts are true; signed in, with what each says of the reader's tenant."""
    found = listing.of(request)
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "policies/results_only.html" if part else "policies/catalogue.html", found)


@open_to_all("Policies are public documents.")
@require_safe
def policy(request, slug):
    """Show one policy: whom it is for, what it brings, what to do, and who decides; to a tenant, why it fits or not."""
    now = timezone.now()
    found = get_object_or_404(Policy.objects.listed().with_status(now).select_related("current"), slug=slug)
    tenant = _chosen_tenant(request)
    context = page.of(found, now)
    if tenant is not None and found.live in page.MATCHED and judging.may_apply(found, tenant):
        speaks = fact_access.may_answer(request.user, tenant)
        match = page.panel(found, tenant, speaks)
        offers = offering.offers_of(found, tenant, match, request.user)
        context |= {"match": match, "tenant": tenant, "offers": offers}
    return render(request, "policies/policy.html", context)


@open_to_all("Anybody may check what would fit; nothing is stored.")
@require_safe
def check(request):
    """Ask four questions and say what each running policy makes of the answers, condition by condition."""
    form = CheckForm(request.GET or None)
    given = form.given() if form.is_bound else {}
    context = {"form": form, "given": given, "apply_url": page.apply_url(given)}
    if given:
        found = checking.check(given)
        shown_here = Paginator(found, PAGE).get_page(request.GET.get("page"))
        matches = [page.checked(match) for match in shown_here]
        context |= {"tally": checking.tally(found), "matches": matches, "page_obj": shown_here, "checked": len(found)}
    return render(request, "policies/check.html", context)


@open_to_all("Anybody may check what would fit; nothing is stored.")
@require_safe
def check_count(request):
    """Say how many policies would fit: what the quick check swaps in while somebody answers."""
    form = CheckForm(request.GET)
    given = form.given()
    tally = checking.tally(checking.check(given)) if given else None
    return render(
        request, "policies/quick_check_count.html", {"form": form, "tally": tally, "query": request.GET.urlencode()}
    )


# --- For a tenant -----------------------------------------------------------------------------------------------------
@signed_in("It shows the reader's own tenants, or how to check without one.")
@require_safe
def my_fit(request):
    """Lead to the policies of the reader's tenant; who has none yet checks by answers."""
    tenant = access.tenants_of(request.user).first()
    if tenant is not None:
        return redirect("policies:fit", tenant.organisation.slug)
    return redirect("policies:check")


@row_by_row("members of the tenant, and staff who may see tenants")
@require_safe
def fit(request, slug):
    """List every policy a tenant of this kind can make use of, best fit first, with the conditions counted."""
    tenant = _visible_tenant(request.user, slug)
    speaks = fact_access.may_answer(request.user, tenant)
    return render(request, "policies/fit.html", listing.for_tenant(request, tenant, speaks))


@row_by_row("owners, managers and finance members of the tenant")
@require_http_methods(["GET", "HEAD", "POST"])
def aside(request, slug, policy):
    """Set a policy aside, with the reason, or take it up again."""
    tenant = _visible_tenant(request.user, slug)
    found = get_object_or_404(Policy.objects.listed().select_related("current"), slug=policy)
    if not fact_access.may_answer(request.user, tenant):
        raise Http404
    standing = SetAside.objects.standing().filter(policy=found, tenant=tenant).first()
    said = {"reason": standing.reason, "note": standing.note} if standing else {}
    form = AsideForm(request.POST or None, initial=said)
    back = reverse("policies:fit", args=[slug])
    if request.method == "POST" and "back" in request.POST:
        actions.take_up_again(policy=found, tenant=tenant, by=request.user)
        messages.success(request, _("It stands in your list again."))
        return redirect(back)
    if form.is_valid():
        actions.set_aside(policy=found, tenant=tenant, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("It is out of your list, and nobody is reminded of it. You find it under “Not for us”.")
        )
        return redirect(back)
    context = {"tenant": tenant, "policy": found, "form": form, "standing": standing, "back": back}
    return render(request, "policies/aside.html", context, status=422 if form.is_bound else 200)


@row_by_row("members of the tenant, and staff who may see tenants")
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request, slug):
    """Judge every policy with other values than those known. Nothing is kept: not as a fact, not in the address."""
    tenant = _visible_tenant(request.user, slug)
    matches = judging.for_tenant(tenant)
    facts = whatif.inputs(matches)
    form = whatif.WhatIfForm(facts, whatif.start(matches, request.GET.dict()), request.POST or None)
    given = form.cleaned_data if form.is_valid() else whatif.start(matches, request.GET.dict())
    first = [*(key for key in request.GET if key in form.fields), *whatif.most_turning(matches, facts)]
    context = {
        "tenant": tenant,
        "form": form,
        "groups": form.groups(list(dict.fromkeys(first))),
        "outcome": whatif.shown_outcome(whatif.outcome(matches, given)),
        "checked": len(matches),
    }
    part = request.htmx and not request.htmx.history_restore_request
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "policies/what_if_outcome.html" if part else "policies/what_if.html", context, status=status)


@row_by_row("members of the tenant, and staff who may see tenants")
@require_safe
def then(request, slug, policy):
    """Show what a policy said of a tenant at a past moment, made again from the rule and the facts of then."""
    tenant = _visible_tenant(request.user, slug)
    found = get_object_or_404(Policy.objects.exclude(current=None).select_related("current"), slug=policy)
    form = MomentForm(request.GET or None)
    context = {"tenant": tenant, "policy": found, "form": form, "since": past.kept_since(tenant)}
    if form.is_valid():
        moment = form.moment()
        verdict = past.verdict_then(found, tenant, moment)
        context |= {"moment": moment, "then": verdict, "match": page.as_match(verdict.match) if verdict else None}
    return render(request, "policies/then.html", context, status=422 if form.is_bound and form.errors else 200)


@row_by_row("owners, managers and finance members of the tenant")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, slug, key):
    """Ask for one fact that a policy needs; with the answer recorded, the match is shown anew."""
    tenant = _visible_tenant(request.user, request.GET.get("for") or request.POST.get("for") or "")
    found = get_object_or_404(Policy.objects.listed().with_status().select_related("current"), slug=slug)
    asked = TENANT_FACTS.get(key)
    if asked not in judging.rule_of(found.current).facts or not fact_access.may_answer(request.user, tenant):
        raise Http404
    known = wide_row.known(tenant).get(key)
    form = FactForm(asked, request.POST or None, initial={"value": shown(asked, known.value)} if known else {})
    back = f"{found.get_absolute_url()}?for={tenant.organisation.slug}"
    if form.is_valid():
        said = facts.record(
            tenant=tenant, key=key, value=form.cleaned_data["value"], source=Source.SELF, by=request.user
        )
        words = thanks(said)
        if not request.htmx:
            messages.success(request, words)
            return redirect(f"{back}#match-verdict")
        panel = page.panel(found, tenant, speaks=True)
        return render(request, "policies/panel.html", {"match": panel, "said": words, "fresh": True})
    context = {
        "policy": found,
        "tenant": tenant,
        "fact": asked,
        "form": form,
        "back": back,
        "inline": bool(request.htmx),
    }
    template = "policies/answer_form.html" if request.htmx else "policies/answer.html"
    if request.htmx and form.is_bound:  # the same frame, so that the answer has somewhere to go
        context["match"], template = page.panel(found, tenant, speaks=True), "policies/panel_with_form.html"
    response = render(request, template, context, status=422 if form.is_bound else 200)
    if request.htmx:
        response["HX-Push-Url"] = "false"  # the page stays the policy's own
    return response


def _visible_tenant(user, slug: str) -> Tenant:
    tenants = Tenant.objects.visible_to(user).select_related("organisation", "enterprise")
    return get_object_or_404(tenants, organisation__slug=slug)


def _chosen_tenant(request) -> Tenant | None:
    """Return the tenant a signed-in reader looks with: the one named in the address, else the first of theirs."""
    if not request.user.is_authenticated:
        return None
    tenants = access.tenants_of(request.user).select_related("organisation", "enterprise")
    named = request.GET.get("for")
    return tenants.filter(organisation__slug=named).first() if named else tenants.first()
