"""The pages on which an institution reads what it was asked, and replies."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from park.accounts.doors import row_by_row
from park.workflow.actions import MoveRefused

from . import actions, cards
from .forms import DeclineForm, DeliverForm
from .models import Institution, Match, ServiceRequest
from .states import State

A_PAGE = 20
Reply = Match.Reply


def _own_institution(request, slug: str) -> Institution:
    mine = Institution.objects.acted_for_by(request.user).select_related("organisation").distinct()
    return get_object_or_404(mine, organisation__slug=slug)


@row_by_row("members of the institution")
@require_safe
def inbox(request, slug):
    """Return the requests an institution was asked about: to reply to, its own, and over."""
    own = _own_institution(request, slug)
    shown = request.GET.get("show", "waiting")
    groups = {
        "waiting": Q(reply=Reply.WAITING),
        "ours": Q(reply=Reply.TAKEN) & ~Q(request__state__in=[State.CLOSED, State.CANCELLED, State.EXPIRED]),
        "over": Q(reply__in=[Reply.DECLINED, Reply.PASSED])
        | Q(reply=Reply.TAKEN, request__state__in=[State.CLOSED, State.CANCELLED, State.EXPIRED]),
    }
    shown = shown if shown in groups else "waiting"
    told = own.matches.told()
    counts = told.aggregate(**{name: Count("pk", filter=condition) for name, condition in groups.items()})
    found = told.filter(groups[shown]).select_related("request__tenant__organisation").order_by("-told_at", "-pk")
    paginator = Paginator(found, A_PAGE)
    paginator.count = counts[shown]
    page = paginator.get_page(request.GET.get("page"))
    rows = [
        {
            "title": cards.request_title(match.request),
            "url": reverse("intermediaries:inbox_request", args=[slug, match.request.ref]),
            "ref": match.request.ref,
            "who": match.request.tenant.organisation.name,
            "stage": match.request.tenant.get_stage_display(),
            "told": match.told_at,
            "reply": str(Reply(match.reply).label),
            "tone": cards.REPLY_TONES[Reply(match.reply)][0],
            "count": sum(reason["met"] for reason in match.reasons),
        }
        for match in page.object_list
    ]
    labels = {
        "waiting": pgettext("requests", "Waiting for us"),
        "ours": pgettext("requests", "Ours"),
        "over": pgettext("requests", "Over"),
    }
    context = {
        "institution": own,
        "rows": rows,
        "page_obj": page,
        "tabs": [
            {"label": labels[name], "count": counts[name], "url": f"?show={name}", "here": name == shown}
            for name in groups
        ],
        "shown": shown,
    }
    return render(request, "intermediaries/inbox.html", context)


@row_by_row("members of the institution that was asked")
@require_http_methods(["GET", "HEAD", "POST"])
def inbox_request(request, slug, ref):
    """Return one request as an institution sees it: what is asked, why it fits, take or decline, begin, deliver."""
    own = _own_institution(request, slug)
    told = own.matches.told().select_related(
        "request__tenant__organisation", "request__asked_by", "offer", "institution__organisation"
    )
    match = get_object_or_404(told, request__ref=ref)
    found, act = match.request, request.POST.get("act", "")
    decline = DeclineForm(request.POST if act == "decline" else None, prefix="decline")
    deliver = DeliverForm(request.POST if act == "deliver" else None, prefix="deliver", initial={"outcome": "helped"})
    if request.method == "POST" and _institutions_act(request, act, found, own, decline, deliver):
        return redirect("intermediaries:inbox_request", slug, ref)
    ours = match.reply == Reply.TAKEN
    context = {
        "institution": own,
        "match": match,
        "found": found,
        "title": cards.request_title(found),
        "about": [*cards.about_the_tenant(found.tenant), *cards.asked_for(found, to_institution=True)],
        "why": cards.panel(own, match.offer, match.reasons, to_institution=True),
        "reply": cards.match_panel(match),
        "waiting": match.reply == Reply.WAITING and found.state == State.MATCHED,
        "ours": ours,
        "contact": found.asked_by if ours and found.share_contact else None,
        "past": cards.past(found, cards.SEEN_BY_INSTITUTIONS) if ours else [],
        "decline": decline,
        "deliver": deliver,
        "shown_forms": [decline, deliver],
        "has_errors": bool(decline.errors or deliver.errors),
        "crumbs": [
            (own.organisation.name, reverse("intermediaries:inbox", args=[slug])),
            (found.ref, ""),
        ],
    }
    return render(
        request, "intermediaries/inbox_request.html", context, status=422 if decline.errors or deliver.errors else 200
    )


def _institutions_act(request, act: str, found: ServiceRequest, own: Institution, decline, deliver) -> bool:
    """Do what the institution pressed; False where the page has to be shown again."""
    if (act == "decline" and not decline.is_valid()) or (act == "deliver" and not deliver.is_valid()):
        return False
    hand = {"request": found, "institution": own, "by": request.user}
    try:
        match act:
            case "take":
                actions.take(**hand)
                messages.success(request, _("It is yours. Get in touch with the tenant within three working days."))
            case "decline":
                actions.decline(**hand, **decline.cleaned_data)
                messages.success(request, _("Declined. The tenant reads the reason."))
            case "start":
                actions.start(**hand)
                messages.success(request, _("Begun. The tenant hears of it."))
            case "deliver":
                actions.deliver(**hand, **deliver.cleaned_data)
                messages.success(request, _("Delivered. The tenant looks at it and closes the request."))
            case _:
                return False
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
    return True
