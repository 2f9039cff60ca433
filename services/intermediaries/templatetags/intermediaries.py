"""Words of this room for templates of letters: a text kept in both languages, and codes said aloud."""

import datetime as dt

from django import template
from django.utils.translation import get_language

from park.pages.wording import local_date

from .. import needs
from ..models import Match, ServiceRequest

register = template.Library()


@register.filter
def spoken(texts) -> str:
    """Return the text in the reader's language, or in the one there is."""
    if not isinstance(texts, dict):
        return texts or ""
    return texts.get(get_language() or "en") or next((text for text in texts.values() if text), "")


@register.filter
def need_label(code: str) -> str:
    return needs.label(code)


@register.filter
def decline_label(code: str) -> str:
    return str(Match.Decline(code).label) if code in Match.Decline.values else code


@register.filter
def outcome_label(code: str) -> str:
    return str(ServiceRequest.Outcome(code).label) if code in ServiceRequest.Outcome.values else code


@register.filter
def iso_day(text: str) -> str:
    return local_date(dt.date.fromisoformat(text))
