"""Who sees which notices: everyone their own, and nobody else's."""

from django.db.models import QuerySet

from . import kinds
from .models import Notice


def in_portal() -> QuerySet[Notice]:
    """Return the notices that stand in anybody's inbox; a digest goes by mail alone."""
    return Notice.objects.filter(kind__in=kinds.in_portal())


def inbox_of(user) -> QuerySet[Notice]:
    """Return what stands in this person's inbox, newest first."""
    return in_portal().filter(recipient=user).order_by("-created_at", "-pk")
