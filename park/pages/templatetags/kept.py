"""What a letter keeps as data, said aloud: texts in both languages, sums, days."""

import datetime as dt
from decimal import Decimal

from django import template
from django.utils.translation import get_language

from park.pages.wording import local_date, money

register = template.Library()


@register.filter
def spoken(texts) -> str:
    """Return the text in the reader's language, or in the one there is."""
    if not isinstance(texts, dict):
        return texts or ""
    return texts.get(get_language() or "en") or next((text for text in texts.values() if text), "")


@register.filter
def yuan(text: str) -> str:
    return money(Decimal(text)) if text else ""


@register.filter
def iso_day(text: str, style: str = "short") -> str:
    """Write a day that came as 2026-10-30 as the active language writes it."""
    return local_date(dt.date.fromisoformat(text), style) if text else ""
