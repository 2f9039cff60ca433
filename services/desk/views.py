"""Pages that show several floors at once: home, a person's start, a tenant's start, search."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from incubation.intake.models import Application
from incubation.journey.models import Tenant
from incubation.journey.path import park_map, path_for
from incubation.review.access import is_expert
from park.accounts.doors import open_to_all, row_by_row, signed_in
from park.organisations.models import Kind, Membership
from services.intermediaries import needs
from services.intermediaries.models import ServiceRequest
from services.policies.forms import CheckForm

from . import feed, figures, finding


@open_to_all("The home page is the park's front door.")
@require_safe
def home(request):
    return render(
        request,
        "desk/home.html",
        {
            "stages": park_map(),
            "check": CheckForm(),
            "deadlines": feed.next_deadlines(),
            "paces": figures.paces(),
            "numbers": figures.park_in_numbers(),
            "counted_on": timezone.localdate(),
        },
    )


@signed_in("Everybody has a start page; it shows their own things.")
@require_safe
def me(request):
    """Send a person to where they work; an applicant's own start is this page."""
    if request.user.is_staff:
        return redirect("admin:index")
    membership = (
        Membership.objects.current()
        .filter(user=request.user)
        .exclude(organisation__kind=Kind.STATION)
        .select_related("organisation")
        .order_by("since", "pk")
        .first()
    )
    if membership and membership.organisation.kind in (Kind.ENTERPRISE, Kind.PROJECT):
        return redirect("desk:tenant", membership.organisation.slug)
    if membership and membership.organisation.kind == Kind.INSTITUTION:
        return redirect("intermediaries:inbox", membership.organisation.slug)
    applications = (
        Application.objects.taken_part_in_by(request.user).select_related("officer", "call").order_by("-saved_at")
    )
    if is_expert(request.user) and not applications:
        return redirect("review:queue")
    return render(request, "desk/me.html", {"applications": applications, "deadlines": feed.next_deadlines()})


@row_by_row("members of the tenant, and staff who may see tenants")
@require_safe
def tenant(request, slug):
    tenants = Tenant.objects.visible_to(request.user).select_related("organisation", "talent", "enterprise", "officer")
    tenant = get_object_or_404(tenants, organisation__slug=slug)
    items = feed.for_tenant(tenant)
    requests = list(ServiceRequest.objects.filter(tenant=tenant).order_by("-created_at")[:4])
    return render(
        request,
        "desk/tenant.html",
        {
            "tenant": tenant,
            "path": path_for(tenant),
            "needs": feed.needs_of(tenant, requests),
            "feed": items.shown,
            "missing": items.missing,
            "settled": items.settled,
            "requests": [(request_, needs.label(request_.need)) for request_ in requests],
            "today": timezone.localdate(),
        },
    )


@open_to_all("Search finds what is public anyway.")
@require_safe
def search(request):
    words = request.GET.get("q", "").strip()[:100]
    return render(request, "desk/search.html", {"q": words, "groups": finding.find(words) if words else []})


@open_to_all("The park's promises are made in public.")
@require_safe
def promises(request):
    return render(request, "desk/promises.html", {"paces": figures.paces()})


@open_to_all("Help must be reachable before signing in.")
@require_safe
def help_page(request):
    return render(request, "desk/help.html")
