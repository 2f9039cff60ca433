"""What the page of one policy shows, every part made ready."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from park.pages.wording import days_left, local_date

from . import cards, coaching, judging
from .kinds import Confidence, Live
from .models import Policy

MATCHED = (*Live.running(), Live.UNCLEAR)
TONES = {
    Live.OPEN: "met", Live.CLOSING_SOON: "ask", Live.NOT_YET: "info", Live.UNCLEAR: "ask", Live.CLOSED: "",
    Live.EXPIRED: "", Live.SUPERSEDED: "",
}  # fmt: skip


def of(policy: Policy, now: dt.datetime) -> dict:
    """Return what everybody sees of a policy."""
    version = policy.current
    live = Live(policy.live)
    return {
        "policy": policy,
        "version": version,
        "live": live,
        "live_tone": TONES[live],
        "closed_words": _closed(policy, live),
        "conditions": [condition for condition in cards.conditions(version) if not condition["preferred"]],
        "bonuses": [condition for condition in cards.conditions(version) if condition["preferred"]],
        "short": _in_short(policy),
        "benefits": version.benefit_words,
        "documents": version.document_words,
        "steps": version.step_words,
        "dates": _dates(policy),
        "deadline": version.deadline,
        "left": days_left(version.deadline) if live == Live.CLOSING_SOON and version.deadline else "",
        "needs": _listed(policy.depends_on),
        "replaces": _listed(policy.supersedes),
        "replaced_by": _listed(policy.superseded_by),
        "confidence": _confidence(policy),
        "apply_url": apply_url({}),
    }


def _listed(related):
    return [(other.current.title, other.get_absolute_url()) for other in related.listed().select_related("current")]


def _closed(policy: Policy, live: Live) -> str:
    """Say why nobody can apply any more, with the day where it is known."""
    version = policy.current
    if live == Live.SUPERSEDED:
        return _("A newer policy has taken its place.")
    if live == Live.EXPIRED:
        return _("No longer in force since %(day)s.") % {"day": local_date(version.valid_until + dt.timedelta(days=1))}
    if live == Live.CLOSED and version.deadline:
        return _("Closed on %(day)s.") % {"day": local_date(version.deadline)}
    if live == Live.CLOSED:
        return _("This call is closed.")
    if live == Live.UNCLEAR:
        return _("It may have ended: no end date was published. Ask the issuing body before you prepare anything.")
    if live == Live.NOT_YET:
        return _("It opens on %(day)s.") % {"day": local_date(version.valid_from)}
    return ""


def _in_short(policy: Policy) -> list[tuple[str, str]]:
    version = policy.current
    said = [
        (_("What you get"), cards.amount(version)),
        (_("Who applies"), policy.get_applicant_display()),
        (_("Who decides"), policy.issuing_body),
        (_("Closes"), cards.closing(version)),
    ]
    return [(label, value) for label, value in said if value]


def _dates(policy: Policy) -> list[tuple[str, str]]:
    """Return the dates that are known; those that are only about right say so."""
    version = policy.current
    known = [
        ("issue_date", _("Issued on"), policy.issued_on),
        ("valid_from", _("In force from"), version.valid_from),
        ("valid_to", _("In force until"), version.valid_until),
    ]
    return [
        (label, _("about %(day)s") % {"day": local_date(day)} if name in policy.approximate_dates else local_date(day))
        for name, label, day in known
        if day
    ]


def _confidence(policy: Policy) -> dict:
    """Say how sure the park is of what it wrote down."""
    words = {
        Confidence.HIGH: _("We read the document itself or an official account of it."),
        Confidence.MEDIUM: _("Parts come from summaries. Read the source before you rely on a figure."),
        Confidence.LOW: _("Much of this is second-hand. Take it as a hint, and ask the issuing body."),
    }
    tone = {Confidence.HIGH: "met", Confidence.MEDIUM: "info", Confidence.LOW: "ask"}
    level = Confidence(policy.confidence)
    label = _("How sure we are: %(level)s") % {"level": level.label}
    return {"label": label, "text": words[level], "tone": tone[level]}


def panel(policy: Policy, tenant, speaks: bool) -> dict:
    """Return the match of a policy and a tenant as the component takes it, with what to do about each condition."""
    everything = judging.for_tenant(tenant)
    match = next((each for each in everything if each.policy.pk == policy.pk), None)
    if match is None:
        match = judging.of_tenant([policy], tenant)[0]
    criteria = [_with_fix(criterion, match, tenant, everything if speaks else None) for criterion in match.criteria]
    then_url = reverse("policies:then", args=[tenant.organisation.slug, policy.slug])
    return as_match(match) | {"criteria": criteria, "turning": turning(match, tenant), "then_url": then_url} | (
        {"aside_url": reverse("policies:aside", args=[tenant.organisation.slug, policy.slug])} if speaks else {}
    )


def as_match(match: judging.Match) -> dict:
    """Return a match as the component takes it."""
    return {
        "verdict": match.verdict,
        "checked_at": match.checked_at,
        "subject": match.subject,
        "decider": match.decider,
        "criteria": match.criteria,
    }


def turning(match: judging.Match, tenant) -> dict:
    """Return what would turn the verdict, with the address where it can be tried."""
    found = coaching.turning(match)
    address = reverse("policies:what_if", args=[tenant.organisation.slug])
    return found | {"try_url": f"{address}?{urlencode(found['try'])}" if found["try"] else ""}


def _with_fix(criterion: dict, match: judging.Match, tenant, matches) -> dict:
    """Add the one thing to do: answer what is not known, else renew what is stale, or say that a value is not right."""
    if matches is None:
        return criterion
    slug, keys = tenant.organisation.slug, criterion["missing_keys"]
    if criterion["state"] == "unknown" and keys:
        criterion["fix"] = {
            "label": _("Answer now"),
            "url": _answer(match.policy, keys[0], slug),
            "effort": _("Takes a minute"),
            "also_settles": judging.settled_by(keys[0], matches, match.policy),
        }
    elif criterion["stale_key"]:
        criterion["fix"] = {
            "label": _("Bring it up to date"), "url": _answer(match.policy, criterion["stale_key"], slug),
            "effort": _("Takes a minute"),
        }  # fmt: skip
    elif criterion["evidence"] and criterion.get("key"):
        criterion["correct_url"] = _answer(match.policy, criterion["key"], slug)
    return criterion


def _answer(policy: Policy, key: str, tenant_slug: str) -> str:
    return f"{reverse('policies:answer', args=[policy.slug, key])}?{urlencode({'for': tenant_slug})}"


def checked(match: judging.Match) -> dict:
    """Return what the self-check says of one policy: its card, and its conditions under it."""
    found = cards.card(match.policy, match)
    return found | {"criteria": match.criteria}


def apply_url(given: Mapping[str, str]) -> str:
    """Return where an application starts, with the answers that were given."""
    try:
        address = reverse("intake:new")
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(given)}" if given else address
