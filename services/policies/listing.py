"""What the lists of policies show: results, filters with their counts, chips to take filters off again."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubation.facts.vocabulary import TENANT_FACTS
from park.pages.wording import plain_number

from . import access, cards, coaching, for_you, judging
from .facets import FACETS, PAGE, Asked, Catalogue, catalogue
from .kinds import Live
from .models import Policy

COACHED = 5  # suggestions on one page


def of(request: HttpRequest) -> dict:
    """Return all the catalogue page shows for this address."""
    now = timezone.now()
    asked = Asked.of(request.GET)
    found = catalogue(asked, now)
    page = found.page(request.GET.get("page"))
    policies = list(page)
    matches = _matches(request, policies)
    return {
        "asked": asked,
        "groups": [_group(facet, asked, found) for facet in FACETS],
        "chips": _chips(request, asked),
        "total": found.total,
        "total_words": _total_words(found),
        "loosened": found.loosened and found.total,
        "page_obj": page,
        "results": cards.cards(policies, matches),
        "most_in_the_way": _in_the_way(request, asked, found) if not found.total else [],
        "clear_url": request.path,
    }


def _total_words(found: Catalogue) -> str:
    number = {"n": plain_number(found.total)}
    return ngettext("%(n)s policy", "%(n)s policies", found.total) % number


def _matches(request: HttpRequest, policies: list[Policy]) -> dict[int, judging.Match]:
    """Return what these policies say of the reader's tenant; nothing for a reader without one."""
    if not request.user.is_authenticated or not policies:
        return {}
    tenant = access.tenants_of(request.user).first()
    if tenant is None:
        return {}
    wanted = [policy for policy in policies if policy.live in Live.running() and judging.may_apply(policy, tenant)]
    return {match.policy.pk: match for match in judging.of_tenant(wanted, tenant)}


def _group(facet, asked: Asked, found: Catalogue) -> dict:
    chosen, counts = asked.chosen.get(facet.name, []), found.counts.get(facet.name, {})
    choices = [
        {"value": value, "label": label, "count": counts.get(value, 0), "checked": value in chosen}
        for value, label in facet.choices.choices
    ]
    if facet.single:
        choices.insert(0, {"value": "", "label": _("Any time"), "checked": not chosen})
    return {
        "legend": facet.legend, "name": facet.name, "choices": choices, "kind": "radio" if facet.single else "checkbox",
        "open": bool(chosen),
    }  # fmt: skip


def _chips(request: HttpRequest, asked: Asked) -> list[dict]:
    """Return one chip a filter in force, with the address of the list without it."""
    chips = []
    if asked.text:
        chips.append({"label": _("“%(text)s”") % {"text": asked.text}, "url": _without(request, "q", asked.text)})
    for facet in FACETS:
        labels = dict(facet.choices.choices)
        chips += [
            {"label": labels[value], "url": _without(request, facet.name, value)}
            for value in asked.chosen.get(facet.name, [])
        ]
    return chips


def _without(request: HttpRequest, name: str, *values: str) -> str:
    query = request.GET.copy()
    kept = [value for value in query.getlist(name) if values and value not in values] if name != "q" else []
    query.setlist(name, kept)
    query.pop("page", None)
    return f"{request.path}?{query.urlencode()}" if query.urlencode() else request.path


def _in_the_way(request: HttpRequest, asked: Asked, found: Catalogue) -> list[dict]:
    """Return the two filters that exclude most, each with how many policies would be left without it."""
    legends = {facet.name: facet.legend for facet in FACETS}
    worst = sorted(found.without.items(), key=lambda item: -item[1])[:2]
    return [{"legend": legends[name], "count": count, "url": _without(request, name)} for name, count in worst if count]


def for_tenant(request: HttpRequest, tenant, speaks: bool) -> dict:
    """Return what the page "policies for us" shows: everything this kind of tenant can use, in the order to go by."""
    found = for_you.of(tenant)
    matches, words = found.matches, [match.verdict for match in found.matches]
    stale = {key: day for match in matches if match.verdict != "not_now" for key, day in match.stale.items()}
    only, when = request.GET.get("verdict", ""), request.GET.get("when", "")
    lists = {"now": found.now, "soon": found.soon, "next": found.next, "aside": found.aside}
    shown = lists.get(when) if when in lists else [
        match for match in matches if not only or match.verdict == only or (only == "near" and match.near)
    ]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    times = [
        ("now", _("Now"), found.now), ("soon", _("Closing soon for your stage"), found.soon),
        ("next", _("After the next gate"), found.next), ("aside", _("Not for us"), found.aside),
    ]  # fmt: skip
    verdicts = [
        ("", _("All"), len(matches)),
        ("fits", _("Fits"), words.count("fits")),
        ("may_fit", _("May fit"), words.count("may_fit")),
        ("near", _("One condition away"), sum(match.near for match in matches)),
        ("not_now", _("Does not fit now"), words.count("not_now")),
    ]
    return {
        "tenant": tenant,
        "tabs": [
            {"label": label, "count": count, "url": f"{request.path}?verdict={value}" if value else request.path,
             "here": value == only and when not in lists}
            for value, label, count in verdicts
        ],
        "times": [
            {"label": label, "count": len(each), "url": f"{request.path}?when={value}", "here": value == when}
            for value, label, each in times if each or value in {"now", when}
        ],
        "when": when,
        "next_stage": found.next_stage,
        "lost": found.lost,
        "page_obj": page,
        "results": [_mine(match, found, tenant, speaks) for match in page],
        "missing": coaching.questions(matches),
        "stale": [{"fact": TENANT_FACTS[key], "day": day} for key, day in sorted(stale.items())],
        "speaks": speaks,
        "coach": coach(matches, tenant),
        "checked_at": matches[0].checked_at if matches else timezone.now(),
    }  # fmt: skip


def _mine(match: judging.Match, found: for_you.ForYou, tenant, speaks: bool) -> dict:
    """Return a card of the tenant's own list, with what its stage means for it, and how to set it aside."""
    card = cards.card(match.policy, match)
    if match.policy.pk in found.lapsing:
        card["tags"] = [*card["tags"], _("Only until your next gate")]
    if speaks:
        label = _("Take it up again") if match.policy.aside else _("Not for us")
        card["links"] = [(label, reverse("policies:aside", args=[tenant.organisation.slug, match.policy.slug]))]
    return card


def coach(matches: list[judging.Match], tenant) -> list[dict]:
    """Return what would turn near misses, as the page shows it: what to change, and what it would bring."""
    address = reverse("policies:what_if", args=[tenant.organisation.slug])
    return [
        {
            "steps": each.steps,
            "brings": each.brings,
            "policies": [(match.version.title, match.policy.get_absolute_url()) for match in each.gained],
            "try_url": f"{address}?{urlencode(each.query)}",
        }
        for each in coaching.suggestions(matches)[:COACHED]
    ]
