"""Saved searches asked again: what newly matches is written down with its reasons, then told in its period.

Both are questions, not memories: asked twice, or late, they find only what is missing.
"""

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from park.notices.actions import tell
from park.notices.models import Frequency
from park.notices.schedule import DIGEST_HOUR, zone_of
from park.pages.wording import BEIJING
from services.policies.facets import FACETS, Asked, exactly
from services.policies.models import Policy, PolicyVersion

from .models import Alert, Hit, SavedSearch

KIND = "saved-search"
AT_A_TIME = 200
LATE_COMMITS = dt.timedelta(minutes=2)  # an approval this old may not have been visible yet


def look() -> int:
    """Ask every search whose answer may have changed: a newer approval, or a new day. Returns how many hits are new."""
    now = timezone.now()
    newest = PolicyVersion.objects.aggregate(at=Max("approved_at"))["at"] or now
    today = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    due = SavedSearch.objects.running().filter(Q(looked_at__lt=newest) | Q(looked_at__lt=today))
    found, after = 0, 0
    while True:
        with transaction.atomic():
            searches = list(
                due.filter(pk__gt=after).order_by("pk").select_for_update(skip_locked=True, of=("self",))[:AT_A_TIME]
            )
            if not searches:
                return found
            found += ask(searches, now)
            after = searches[-1].pk


def ask(searches: list[SavedSearch], now: dt.datetime, *, known_before: bool = False) -> int:
    """Write down what these searches match and did not before: one question for all that ask the same."""
    alike = defaultdict(list)
    for search in searches:
        alike[search.key].append(search)
    known = set(Hit.objects.filter(search__in=searches).values_list("search", "version"))
    new = []
    for group in alike.values():
        asked = group[0].asked
        for policy in exactly(asked, now).select_related("current").defer("search"):
            wanted = [search for search in group if (search.pk, policy.current_id) not in known]
            matched = reasons(policy, asked) if wanted else {}
            new += [
                Hit(search=search, version_id=policy.current_id, matched=matched, known_before=known_before)
                for search in wanted
            ]
    Hit.objects.bulk_create(new, ignore_conflicts=True)
    SavedSearch.objects.filter(pk__in=[search.pk for search in searches]).update(looked_at=now - LATE_COMMITS)
    return len(new)


def reasons(policy: Policy, asked: Asked) -> dict:
    """Return by filter which of the chosen answers this policy has; the text as it was asked."""
    matched: dict = {"q": asked.text} if asked.text else {}
    for facet in FACETS:
        chosen = asked.chosen.get(facet.name)
        if chosen:
            value = policy
            for step in facet.column.split("__"):
                value = getattr(value, step)
            matched[facet.name] = [each for each in chosen if each in (value if facet.many else [value])]
    return matched


def tell_of_hits() -> int:
    """Tell each owner whose time has come what their search found. Returns how many alerts were made."""
    now = timezone.now()
    fresh = Hit.objects.untold().filter(search=OuterRef("pk"))
    waiting = SavedSearch.objects.running().filter(Exists(fresh), user__is_active=True)
    made, after = 0, 0
    while True:
        with transaction.atomic():
            searches = list(
                waiting.filter(pk__gt=after)
                .select_related("user")
                .order_by("pk")
                .select_for_update(skip_locked=True, of=("self",))[:AT_A_TIME]
            )
            if not searches:
                return made
            made += sum(_tell(search, now) for search in searches)
            after = searches[-1].pk


def _tell(search: SavedSearch, now: dt.datetime) -> bool:
    """Make the alert of a search's period, if there is none yet."""
    hits = list(search.hits.untold().order_by("pk").values_list("pk", flat=True))
    period = period_of(search, now, hits[-1])
    if not period:
        return False
    alert, new = Alert.objects.get_or_create(search=search, period=period)
    if not new:
        return False
    Hit.objects.filter(pk__in=hits).update(alert=alert)
    tell(KIND, recipients=[search.user], subject_id=alert.pk)
    return True


def period_of(search: SavedSearch, now: dt.datetime, newest_hit: int) -> str:
    """Return the period in which a search is told of now; '' if it waits for the owner's morning."""
    if search.frequency == Frequency.AT_ONCE:
        return f"hit {newest_hit}"
    morning = now.astimezone(zone_of(search.user.time_zone)) - dt.timedelta(hours=DIGEST_HOUR)  # a day begins at eight
    if search.frequency == Frequency.DAILY:
        return f"{morning:%Y-%m-%d}" if _later_day(search, morning) else ""
    return f"{morning:%G-W%V}" if _later_week(search, morning) else ""


def _saved(search: SavedSearch, morning: dt.datetime) -> dt.datetime:
    return search.created_at.astimezone(morning.tzinfo) - dt.timedelta(hours=DIGEST_HOUR)


def _later_day(search: SavedSearch, morning: dt.datetime) -> bool:
    """Tell whether a morning has come since the search was saved."""
    return morning.date() > _saved(search, morning).date()


def _later_week(search: SavedSearch, morning: dt.datetime) -> bool:
    """Tell whether a Monday morning has come since the search was saved."""
    return morning.isocalendar()[:2] > _saved(search, morning).isocalendar()[:2]
