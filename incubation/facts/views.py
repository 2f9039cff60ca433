"""What the park knows of a tenant, as the tenant sees it: each value with its source and day, and a way to answer."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incubation.journey.models import Tenant
from park.accounts.doors import row_by_row
from park.pages.matches import source_words
from park.pages.wording import local_date
from park.rules import words

from . import access, actions, wide_row
from .forms import FactForm, shown, thanks
from .models import Source
from .vocabulary import TENANT_FACTS


def _tenant(user, slug: str) -> Tenant:
    return get_object_or_404(
        Tenant.objects.visible_to(user).select_related("organisation", "enterprise", "talent"), organisation__slug=slug
    )


def _subjects(tenant: Tenant) -> list[tuple[str, str]]:
    """Return whom facts of a tenant are about, with the heading over them."""
    company = [("enterprise", _("Your company"))] if tenant.enterprise_id else []
    return [
        ("tenant", _("Your place in the park")),
        *company,
        ("project", _("Your project")),
        ("talent", _("You, the founder")),
    ]


@row_by_row("members of the tenant, and staff who may see tenants")
@require_safe
def profile(request, slug):
    """Show what matches use: every known value with its source and day, and what nobody has answered yet."""
    tenant = _tenant(request.user, slug)
    known, speaks = wide_row.known(tenant), access.may_answer(request.user, tenant)
    groups = []
    for who, heading in _subjects(tenant):
        facts = TENANT_FACTS.about(who)
        rows = [_row(tenant, fact, known[fact.key], speaks) for fact in facts if fact.key in known]
        open_ = [
            {"label": fact.label, "url": _address(tenant, fact) if speaks else ""}
            for fact in facts
            if fact.key not in known
        ]
        groups.append({"heading": heading, "rows": rows, "open": open_})
    return render(request, "facts/profile.html", {"tenant": tenant, "groups": groups, "speaks": speaks})


def _row(tenant, fact, known, speaks: bool) -> dict:
    note = _("%(source)s, %(day)s") % {"source": source_words(known.source), "day": local_date(known.as_of)}
    if known.ended:
        stale = {"note": note, "day": local_date(known.ended)}
        note = _("%(note)s. Stale: it was valid until %(day)s") % stale
    row = {"label": fact.label, "value": words.value(fact, known.value), "note": note}
    if speaks:
        row |= {"url": _address(tenant, fact), "action": _change(known)}
    return row


def _change(known) -> str:
    if known.ended:
        return _("Bring it up to date")
    return _("Change") if known.asked else _("This is not right")


def _address(tenant, fact) -> str:
    return reverse("facts:answer", args=[tenant.organisation.slug, fact.key])


@row_by_row("owners, managers and finance members of the tenant")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, slug, key):
    """Ask one question, and record the answer as the tenant's own word."""
    tenant, fact = _tenant(request.user, slug), TENANT_FACTS.get(key)
    if fact is None or not access.may_answer(request.user, tenant):
        raise Http404
    known = wide_row.known(tenant).get(key)
    initial = {"value": shown(fact, known.value)} if known else {}
    form = FactForm(fact, request.POST or None, initial=initial)
    back = _back(request) or reverse("facts:profile", args=[slug])
    if form.is_valid():
        said = actions.record(
            tenant=tenant, key=key, value=form.cleaned_data["value"], source=Source.SELF, by=request.user
        )
        level = messages.INFO if said.held_back else messages.SUCCESS
        messages.add_message(request, level, thanks(said))
        return redirect(back)
    context = {"tenant": tenant, "fact": fact, "form": form, "known": known, "back": back}
    if known:
        context["value"] = words.value(fact, known.value)
    return render(request, "facts/answer.html", context, status=422 if form.is_bound else 200)


def _back(request) -> str:
    """Return where to go afterwards: an address of this portal, or nothing."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/") else ""
