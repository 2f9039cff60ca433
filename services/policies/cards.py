"""Policies as lists show them: every word of a card made ready, so that a template only sets them."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from park.pages.wording import days_left, local_date, money
from park.rules import explain

from .judging import Match
from .kinds import Live
from .models import Policy, PolicyVersion

SENTENCE = re.compile(r".+?(?:[。！？]|[.!?](?=\s|$))", re.DOTALL)


def first_sentence(text: str) -> str:
    found = SENTENCE.match(text)
    return found.group() if found else text


def amount(version: PolicyVersion) -> str:
    """Say what one could get: the largest sum, or the first benefit."""
    if version.amount_max is not None:
        return _("Up to %(amount)s") % {"amount": money(version.amount_max)}
    return next(iter(version.benefit_words), "")


def closing(version: PolicyVersion) -> str:
    """Say when a policy closes, and from 14 days on how far that is."""
    if version.deadline is None and version.valid_until is None:
        return _("No deadline")
    end = version.deadline or version.valid_until
    day, left = local_date(end), days_left(end)
    if version.deadline is None:
        return _("In force until %(day)s") % {"day": day}
    return _("%(day)s, %(left)s") % {"day": day, "left": left}


def card(policy: Policy, match: Match | None = None) -> dict:
    """Return one policy as the component ``result`` takes it."""
    version = policy.current
    tags = [policy.get_kind_display(), policy.get_level_display()]
    if hasattr(policy, "live") and policy.live != Live.OPEN:
        tags.append(Live(policy.live).label)
    if match and match.stale:
        tags.append(_("Rests on stale facts"))
    return {
        "title": version.title,
        "url": policy.get_absolute_url(),
        "summary": first_sentence(version.summary),
        "verdict": match.verdict if match else "",
        "tags": tags,
        "counts": match.counts if match else None,
        "facts": [
            (_("You could get"), amount(version)),
            (_("Closes"), closing(version)),
            (_("Who decides"), policy.issuing_body),
        ],
    }


def cards(policies: Iterable[Policy], matches: dict[int, Match] | None = None) -> list[dict]:
    return [card(policy, (matches or {}).get(policy.pk)) for policy in policies]


def conditions(version: PolicyVersion) -> list[dict]:
    """Return who can apply, in sentences."""
    return explain.in_words(version.parsed)
