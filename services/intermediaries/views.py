"""The directory for everybody, and the requests of tenants. The other side stands in ``inbox.py``."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from incubation.journey.models import Tenant
from incubation.journey.stages import Stage
from incubation.journey.states import TenantState
from park.accounts.doors import open_to_all, row_by_row, signed_in
from park.organisations.models import Membership
from park.workflow.actions import MoveRefused

from . import actions, cards, matching, needs
from .forms import AskForm, NoteForm
from .kinds import InstitutionType
from .models import Institution, Match, ServiceRequest, today
from .states import State

A_PAGE = 20
Reply = Match.Reply


def crumbs(*steps) -> list[tuple[str, str]]:
    return [(_("Home"), reverse("desk:home")), *steps]


# --- Everybody --------------------------------------------------------------------------------------------------------
@open_to_all("Which institutions serve the park is public.")
@require_safe
def directory(request):
    """Return the institutions that may offer something today, the quickest reply first."""
    day = today()
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").replace("\0", "").strip()[:100]
    english, stage = request.GET.get("english") == "1", request.GET.get("stage", "")
    found = Institution.objects.listed()
    found = found.serving(day, stages__contains=[stage]) if stage in Stage.values else found.serving(day)
    if english:
        found = found.filter(languages__contains=["en"])
    if text:
        found = found.mentioning(text)
    counts = dict(found.order_by().values_list("type").annotate(Count("pk")))
    if kind in InstitutionType.values:
        found = found.filter(type=kind)
    ready = cards.quickest_first(cards.with_what_they_offer(found, day).measured(timezone.now()))
    paginator = Paginator(ready, A_PAGE)
    paginator.count = counts.get(kind, 0) if kind in InstitutionType.values else sum(counts.values())
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [cards.institution_card(institution) for institution in page.object_list],
        "kinds": cards.kind_chips(request.GET, kind, counts),
        "kind": kind,
        "text": text,
        "english": english,
        "stage": stage,
        "stages": Stage.choices,
        "crumbs": crumbs((_("Services"), "")),
    }
    return render(request, "intermediaries/directory.html", context)


@open_to_all("Which institutions serve the park is public.")
@require_safe
def institution(request, slug):
    """Return one institution: what it offers today, by which licences, and how it does."""
    day = today()
    listed = cards.with_what_they_offer(Institution.objects.listed(), day).measured(timezone.now())
    found = get_object_or_404(listed, organisation__slug=slug)
    answered = needs.needs_of(offer.code for offer in found.open_offers)
    begin_url = reverse("intermediaries:begin")
    context = {
        "institution": found,
        "card": cards.institution_card(found),
        "offers": [cards.offer_row(offer) for offer in found.open_offers],
        "licences": [cards.licence_row(licence, day) for licence in found.licences.order_by("code", "-expires_on")],
        "fields": cards.fields(found),
        "needs": [(need.label, f"{begin_url}?need={need.code}&institution={slug}") for need in answered],
        "warnings": list(dict.fromkeys(str(need.notice) for need in answered if need.notice)),
        "crumbs": crumbs((_("Services"), reverse("intermediaries:directory")), (found.organisation.name, "")),
    }
    return render(request, "intermediaries/institution.html", context)


@signed_in("It leads a person to the page of their own company or project.")
@require_safe
def begin(request):
    """Lead to the form of the company or project one acts for; say what is missing where there is none."""
    mine = Tenant.objects.in_the_park().filter(
        organisation__memberships__user=request.user, organisation__memberships__ended_at=None
    )
    chosen = getattr(request, "acting_for", None)
    tenants = list(mine.select_related("organisation").order_by("pk")[:50])
    tenant = next((each for each in tenants if chosen and each.organisation_id == chosen.pk), next(iter(tenants), None))
    if tenant is None:
        messages.info(
            request, _("Companies and projects of the park can ask. Apply for a place first, or join your team.")
        )
        return redirect("intermediaries:directory")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("intermediaries:ask", args=[tenant.organisation.slug]) + query)


# --- The tenant's side ------------------------------------------------------------------------------------------------
def _tenant(request, slug: str, right: str = "journey.view_tenant") -> Tenant:
    """Return a tenant that this person acts for (``mine``), or may see by right of a duty."""
    hands = Membership.objects.current().filter(organisation=OuterRef("organisation"), user=request.user)
    tenant = get_object_or_404(
        Tenant.objects.select_related("organisation").annotate(mine=Exists(hands)), organisation__slug=slug
    )
    if not (tenant.mine or (request.user.is_staff and request.user.has_perm(right))):
        raise Http404
    return tenant


@row_by_row("members of the company or project, and staff who may see requests")
@require_safe
def requests(request, slug):
    """Return the requests of one company or project."""
    tenant = _tenant(request, slug, "intermediaries.view_servicerequest")
    found = tenant.service_requests.prefetch_related("matches").order_by("-created_at", "-pk")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "title": cards.request_title(each),
            "url": reverse("intermediaries:request", args=[slug, each.ref]),
            "ref": each.ref,
            "sent": each.created_at,
            "tag": cards.state_tag(each, each.matches.all()),
        }
        for each in page.object_list
    ]
    context = {
        "tenant": tenant,
        "page_obj": page,
        "rows": rows,
        "may_ask": tenant.mine and tenant.state == TenantState.ACTIVE,
        "ask_url": reverse("intermediaries:ask", args=[slug]),
        "crumbs": [(tenant.organisation.name, reverse("desk:tenant", args=[slug])), (_("Service requests"), "")],
    }
    return render(request, "intermediaries/requests.html", context)


@row_by_row("members of the company or project")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, slug):
    """Ask for a service in two steps on one page: what is needed; then who fits, why, and who is left out."""
    tenant = _tenant(request, slug)
    if not tenant.mine:
        raise Http404
    first = {name: request.GET[name] for name in ("need",) if name in request.GET}
    form = AskForm(request.POST or None, initial=first)
    ranking, chosen, status = None, [], 200
    if request.method == "POST":
        if form.is_valid():
            ranking = _ranking(request, tenant, form)
            chosen = _chosen(request, ranking)
            if request.POST.get("step") == "send":
                if sent := _send(request, tenant, form, chosen if ranking.fitting else None):
                    return redirect(sent)
                status = 422
        else:
            status = 422
    need = needs.find(form.cleaned_data["need"]) if ranking else None
    context = {
        "tenant": tenant,
        "form": form,
        "ranking": ranking,
        "need": need,
        "preferred": request.POST.get("institution") or request.GET.get("institution", ""),
        "fitting": [_choice(candidate, chosen) for candidate in ranking.fitting] if ranking else [],
        "left_out": [cards.left_out(each.institution, each.reasons) for each in ranking.left_out] if ranking else [],
        "at_most": matching.ASKED_AT_ONCE,
        "crumbs": [
            (tenant.organisation.name, reverse("desk:tenant", args=[slug])),
            (_("Service requests"), reverse("intermediaries:requests", args=[slug])),
            (pgettext("request", "New"), ""),
        ],
    }
    return render(request, "intermediaries/ask.html", context, status=status)


def _ranking(request, tenant: Tenant, form: AskForm) -> matching.Ranking:
    wish = matching.Wish(
        needs.find(form.cleaned_data["need"]),
        tenant.pk,
        tenant.stage,
        tenant.sector,
        form.cleaned_data["language"],
        matching.reader_of(request.user.language),
    )
    return matching.rank(wish)


def _chosen(request, ranking: matching.Ranking) -> list[int]:
    """Return whom the tenant ticked; before that, the institution it came from and the best of the rest."""
    if request.POST.get("step") == "send":
        return [int(value) for value in request.POST.getlist("recipients") if value.isdecimal() and len(value) < 12]
    best = matching.default_choice(ranking)
    wanted = [
        each.institution.pk
        for each in ranking.fitting
        if each.institution.organisation.slug == request.POST.get("institution")
    ]
    return list(dict.fromkeys([*wanted, *best]))[: matching.ASKED_AT_ONCE]


def _choice(candidate: matching.Candidate, chosen: list[int]) -> dict:
    return cards.panel(candidate.institution, candidate.offer, candidate.reasons) | {
        "chosen": candidate.institution.pk in chosen
    }


def _send(request, tenant: Tenant, form: AskForm, chosen: list[int] | None) -> ServiceRequest | None:
    try:
        sent = actions.ask(tenant=tenant, by=request.user, recipients=chosen, **form.cleaned_data)
    except MoveRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("We have your request. Its number is %(ref)s.") % {"ref": sent.ref})
    return sent


@row_by_row("members of the company or project, and staff who may see requests")
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request, slug, ref):
    """Return one request: who was asked and why, what they reply, who was left out, what happened."""
    tenant = _tenant(request, slug, "intermediaries.view_servicerequest")
    found = get_object_or_404(tenant.service_requests.select_related("tenant__organisation", "asked_by"), ref=ref)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _tenants_act(request, found, form.cleaned_data["note"])
        if done:
            return redirect(found)
    matches = list(found.matches.select_related("institution__organisation", "offer"))
    told = [match for match in matches if match.told_at]
    context = {
        "tenant": tenant,
        "found": found,
        "title": cards.request_title(found),
        "tag": cards.state_tag(found, matches),
        "panels": [
            cards.match_panel(match)
            for match in sorted(told, key=lambda match: (match.reply != Reply.TAKEN, match.rank))
        ],
        "reserve": [match.institution.organisation.name for match in matches if match.reply == Reply.RESERVE],
        "left_out": [
            cards.left_out(match.institution, match.reasons) for match in matches if match.reply == Reply.EXCLUDED
        ],
        "asked_for": cards.asked_for(found),
        "past": cards.past(found),
        "form": form,
        "mine": tenant.mine,
        "live": found.state in (State.OPEN, State.MATCHED, State.TAKEN),
        "crumbs": [
            (tenant.organisation.name, reverse("desk:tenant", args=[slug])),
            (_("Service requests"), reverse("intermediaries:requests", args=[slug])),
            (found.ref, ""),
        ],
    }
    return render(request, "intermediaries/request.html", context)


def _tenants_act(request, found: ServiceRequest, note: str) -> bool:
    """Do what the tenant pressed; say why not where it cannot be done."""
    try:
        match request.POST.get("act"):
            case "cancel":
                actions.cancel(request=found, by=request.user, note=note)
                messages.success(request, _("The request is taken back. Those who were asked hear of it."))
            case "close":
                actions.close(request=found, by=request.user, note=note)
                messages.success(request, _("The request is closed."))
            case "show_contact" | "hide_contact" as act:
                actions.share(request=found, by=request.user, contact=act == "show_contact")
                messages.success(request, _("Done. It holds from now on."))
            case _:
                return False
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
    return True
