"""Filters of letters that are written in two languages from one set of words."""

import datetime as dt

from django import template

from park.pages.wording import local_date

register = template.Library()


@register.filter
def iso_day(value: str) -> str:
    """Write a day that came as 2026-10-30 as the active language writes it."""
    return local_date(dt.date.fromisoformat(value), "long")
