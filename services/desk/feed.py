"""What a start page says: what closes next, what waits for a tenant, and what may be of use to it, with the reason."""

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incubation.journey.models import Tenant
from park.pages.wording import days_left
from services.claims import due
from services.intermediaries.models import ServiceRequest
from services.intermediaries.states import State as RequestState
from services.policies import cards, judging
from services.policies.models import Policy

SHOWN = 8  # items of the feed
SOON = 14  # days in which a deadline is near
AHEAD = 60  # days that the home page looks ahead
MISSING = 5  # questions that are asked on a start page


@dataclass(frozen=True)
class Feed:
    """The policies shown, and the questions whose answers would settle most."""

    shown: list[dict]
    missing: list[dict]
    settled: int


def next_deadlines() -> list[dict]:
    """Return the next three deadlines of the catalogue."""
    now = timezone.now()
    until = now + timezone.timedelta(days=AHEAD)
    policies = (
        Policy.objects.running(now)
        .filter(current__deadline__gt=now, current__deadline__lt=until)
        .select_related("current")
        .defer("search")
        .order_by("current__deadline")[:3]
    )
    return [
        {
            "at": policy.current.deadline,
            "title": policy.current.title,
            "url": policy.get_absolute_url(),
            "soon": (policy.current.deadline - now).days < SOON,
        }
        for policy in policies
    ]


def for_tenant(tenant: Tenant) -> Feed:
    """Return the policies that fit or may fit, best first, and what is still to be told."""
    matches = judging.possible_for(tenant)
    return Feed([item(match) for match in matches[:SHOWN]], *missing(tenant, matches))


def item(match: judging.Match) -> dict:
    """Return one policy as the component ``feed_item`` takes it."""
    fits = match.verdict == "fits"
    return {
        "icon": "doc",
        "kind": _("Policy, fits") if fits else _("Policy, may fit"),
        "tone": "met" if fits else "ask",
        "title": match.version.title,
        "url": match.policy.get_absolute_url(),
        "because": because(match),
        "counts": match.counts,
        "note": cards.closing(match.version),
    }


def because(match: judging.Match) -> str:
    """Say in a sentence why a policy is shown: what is met, and what is open."""
    met = next((criterion["rule"] for criterion in match.criteria if criterion["state"] == "met"), "")
    counts = match.counts
    if match.verdict == "fits":
        return _("Because every condition is met, among them: %(rule)s.") % {"rule": met}
    parts = [
        ngettext("%(n)s condition is met", "%(n)s conditions are met", counts["met"]) % {"n": counts["met"]},
    ]
    if counts["unknown"]:
        said = ngettext("%(n)s is not known yet", "%(n)s are not known yet", counts["unknown"])
        parts.append(said % {"n": counts["unknown"]})
    if counts["not_met"]:
        said = ngettext("%(n)s is not met", "%(n)s are not met", counts["not_met"])
        parts.append(said % {"n": counts["not_met"]})
    return _("Because %(what)s.") % {"what": _(", ").join(parts)}


def missing(tenant: Tenant, matches: list[judging.Match]) -> tuple[list[dict], int]:
    """Return the questions still open, those that concern most policies first, and how many policies they concern."""
    asked = Counter(fact for match in matches for fact in match.judgement.missing)
    best = asked.most_common(MISSING)
    profile = reverse("facts:profile", args=[tenant.organisation.slug])
    rows = [
        {"label": fact.question or fact.label, "url": f"{profile}#{fact.key}", "settles": count} for fact, count in best
    ]
    wanted = {fact for fact, _count in best}
    return rows, sum(not wanted.isdisjoint(match.judgement.missing) for match in matches)


def needs_of(tenant: Tenant, requests: list[ServiceRequest]) -> list[dict]:
    """Return what waits for the tenant, the most urgent first, as the component ``due_row`` takes it."""
    slug = tenant.organisation.slug
    rows = []
    if tenant.stage_due:
        left = (tenant.stage_due - timezone.localdate()).days
        if left <= 90:
            rows.append(
                {
                    "day": tenant.stage_due,
                    "title": _("Get ready for the next gate"),
                    "text": _("Your stage usually ends %(when)s.") % {"when": days_left(tenant.stage_due)},
                    "url": reverse("journey:stages"),
                    "action": _("What it asks for"),
                    "soon": left <= SOON,
                }
            )
    for request in requests:
        if request.state == RequestState.DELIVERED:
            rows.append(
                {
                    "day": timezone.localdate(),
                    "title": _("Say whether %(ref)s is done") % {"ref": request.ref},
                    "text": _("The institution says that it has delivered."),
                    "url": reverse("intermediaries:request", args=[slug, request.ref]),
                    "action": _("Look and close"),
                    "soon": True,
                }
            )
    rows += due.of(tenant)
    return sorted(rows, key=lambda row: row["day"])
