"""Words of this room for templates of letters: codes said aloud."""

from django import template

from .. import needs
from ..models import Match, ServiceRequest

register = template.Library()


@register.filter
def need_label(code: str) -> str:
    return needs.label(code)


@register.filter
def decline_label(code: str) -> str:
    return str(Match.Decline(code).label) if code in Match.Decline.values else code


@register.filter
def outcome_label(code: str) -> str:
    return str(ServiceRequest.Outcome(code).label) if code in ServiceRequest.Outcome.values else code
