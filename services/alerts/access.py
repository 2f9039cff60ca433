"""Everybody sees their own searches and their own calendar address, and nobody else's."""

import hashlib

from django.core import signing

from .models import Feed, SavedSearch

SIGNER = signing.Signer(salt="alerts.stop", sep=".")


def searches_of(user):
    """Return the running searches of a person, newest first."""
    return SavedSearch.objects.running().filter(user=user).order_by("-created_at", "-pk")


def stop_token(search_id: int) -> str:
    return SIGNER.sign(str(search_id))


def search_of(token: str) -> SavedSearch | None:
    """Return the search that a link in a mail speaks of."""
    try:
        return SavedSearch.objects.filter(pk=int(SIGNER.unsign(token))).first()
    except (signing.BadSignature, ValueError):
        return None


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(token: str) -> Feed | None:
    """Return the calendar that opens with this address, while its person may sign in."""
    found = Feed.objects.filter(digest=digest(token), revoked_at=None, user__is_active=True)
    return found.select_related("user").first()
