"""Who sees which notices: everyone their own, and nobody else's."""

from django.db.models import QuerySet

from . import kinds
from .models import Notice


def inbox_of(user) -> QuerySet[Notice]:
    """Return what stands in this person's inbox, newest first."""
    return Notice.objects.filter(recipient=user, kind__in=kinds.in_portal()).order_by("-created_at", "-pk")
