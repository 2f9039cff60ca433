"""What people do with their searches and their calendar."""

import hashlib
import json
import secrets

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from park.notices.models import Frequency
from services.policies.facets import Asked

from . import access, looking
from .models import Feed, SavedSearch


class CannotSave(Exception):
    """A search that cannot be kept; the message says why."""


@transaction.atomic
def save_search(*, user, asked: Asked, name: str, frequency: str) -> SavedSearch:
    """Keep what a person asked of the catalogue. What matches today is known to them; they are told of what comes.

    Raises CannotSave if it asks for nothing, is kept already, or there are too many.
    """
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)  # one person's searches one after another
    query = ({"q": asked.text} if asked.text else {}) | {name: asked.chosen[name] for name in sorted(asked.chosen)}
    key = hashlib.sha256(json.dumps(query, sort_keys=True).encode()).hexdigest()
    running = access.searches_of(user)
    if twin := running.filter(key=key).first():
        raise CannotSave(_("You have saved this search already, as “%(name)s”.") % {"name": twin.name})
    if running.count() >= SavedSearch.MOST:
        raise CannotSave(_("You have %(most)s saved searches. Stop one first.") % {"most": SavedSearch.MOST})
    search = SavedSearch(user=user, name=name.strip()[:80], query=query, key=key, frequency=Frequency(frequency))
    try:
        search.validate_constraints()
    except ValidationError as refusal:
        raise CannotSave(" ".join(refusal.messages)) from None
    search.save(force_insert=True)
    looking.ask([search], timezone.now(), known_before=True)
    return search


@transaction.atomic
def change_frequency(*, search: SavedSearch, frequency: str) -> SavedSearch:
    """Tell of a search more or less often."""
    search = SavedSearch.objects.select_for_update(of=("self",)).get(pk=search.pk)
    search.frequency = Frequency(frequency)
    search.save(update_fields=["frequency"])
    return search


def stop(*, search: SavedSearch) -> bool:
    """Tell no more of a search; what waits to be mailed of it is not sent. Returns whether it was running."""
    return bool(SavedSearch.objects.running().filter(pk=search.pk).update(stopped_at=timezone.now()))


@transaction.atomic
def make_feed(*, user) -> str:
    """Give a person a secret calendar address, shown this once; the one before stops working. Returns its token."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
    end_feed(user=user)
    token = secrets.token_urlsafe(32)
    Feed.objects.create(user=user, digest=access.digest(token))
    return token


def end_feed(*, user) -> bool:
    """Let a person's calendar address stop working, at once. Returns whether there was one."""
    return bool(Feed.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now()))


def feed_was_read(*, feed: Feed) -> None:
    """Remember when a calendar program last asked."""
    Feed.objects.filter(pk=feed.pk).update(read_at=timezone.now())
