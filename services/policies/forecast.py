"""What a release would come to: whom it reaches by stage, field and zone, what it could cost, and what people get.

Everything is counted over the tenants of one preview, which are those a release without drift tells.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.registry.models import Sector, Zone
from incubation.journey.models import Tenant
from incubation.journey.stages import Stage
from park.notices.models import Channel, DeliveryState
from park.pages.wording import BEIJING

from . import matching, scope
from .matching import TOLD_WORDS
from .models import PolicyVersion, Preview, Verdict

NAMED = 50  # tenants of a list that are named; of the others, the number
GROUPS = """
    SELECT CASE WHEN grouping(t.stage) = 0 THEN 'stage' WHEN grouping(t.sector) = 0 THEN 'sector' ELSE 'zone' END,
        coalesce(t.stage, t.sector, e.zone, ''), count(*) FILTER (WHERE s.what = 'fits'),
        count(*) FILTER (WHERE s.what = 'may_fit'), count(*) FILTER (WHERE s.what = 'near')
    FROM (
        SELECT unnest(fits) AS id, 'fits' AS what FROM policies_preview WHERE id = %s
        UNION ALL SELECT unnest(may_fit), 'may_fit' FROM policies_preview WHERE id = %s
        UNION ALL SELECT unnest(near), 'near' FROM policies_preview WHERE id = %s
    ) s
    JOIN journey_tenant t ON t.id = s.id LEFT JOIN registry_enterprise e ON e.id = t.enterprise_id
    GROUP BY GROUPING SETS ((t.stage), (t.sector), (e.zone))
"""


def by_group(seen: Preview) -> list[dict]:
    """Return how many fit, may fit and are near: a table by stage, one by field, one by zone. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, [seen.pk] * 3)
        counted = cursor.fetchall()
    labels = (("stage", _("By stage"), Stage), ("sector", _("By field"), Sector), ("zone", _("By zone"), Zone))
    return [{"label": label, "rows": _rows(counted, by, choices)} for by, label, choices in labels]


def _rows(counted: Iterable[tuple], by: str, choices) -> list[dict]:
    order = {value: place for place, (value, _label) in enumerate(choices.choices)}
    found = sorted((row for row in counted if row[0] == by), key=lambda row: order.get(row[1], len(order)))
    words = dict(choices.choices)
    return [
        {"label": words.get(value, _("No company yet")), "fits": fits, "may_fit": may_fit, "near": near}
        for _by, value, fits, may_fit, near in found
    ]


def budget(version: PolicyVersion, seen: Preview) -> dict | None:
    """Return the most a release could cost: the ceilings of all its benefits in cash, for everybody it fits.

    None where no ceiling in yuan is known.
    """
    caps = scope.caps(version.benefits)
    if not caps:
        return None
    each = sum(caps, Decimal(0))
    return {
        "each": each,
        "fits": each * len(seen.fits),
        "with_may_fit": each * (len(seen.fits) + len(seen.may_fit)),
    }


def mails(seen: Preview, now: dt.datetime | None = None) -> dict[str, int]:
    """Return how many people would have one, two or more mails today, the one of this release included."""
    now = (now or timezone.now()).astimezone(BEIJING)
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    reached = RawSQL("SELECT unnest(fits || may_fit) FROM policies_preview WHERE id = %s", [seen.pk])
    today = Q(
        notices__deliveries__channel=Channel.EMAIL,
        notices__deliveries__due_at__range=(start, start + dt.timedelta(days=1)),
        notices__deliveries__state__in=[DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT],
    )
    counted = matching.people(reached).annotate(others=Count("notices__deliveries", filter=today))
    return counted.aggregate(
        one=Count("pk", filter=Q(others=0)),
        two=Count("pk", filter=Q(others=1)),
        more=Count("pk", filter=Q(others__gt=1)),
    )


def last_released(version: PolicyVersion) -> PolicyVersion | None:
    """Return the version of the policy that was released before this one."""
    others = PolicyVersion.objects.filter(policy=version.policy_id, released_at__isnull=False).exclude(pk=version.pk)
    return others.filter(number__lt=version.number).order_by("-number").first()


def against_last(version: PolicyVersion, seen: Preview) -> dict | None:
    """Return who is gained and who is lost against the version that was released before, as today's facts have it."""
    last = last_released(version)
    if last is None:
        return None
    before = set(Verdict.objects.filter(version=last, word__in=TOLD_WORDS).values_list("tenant", flat=True))
    now = {*seen.fits, *seen.may_fit}
    return {"version": last, "gained": sorted(now - before), "lost": sorted(before - now)}


def names(*lists: Iterable[int]) -> list[dict]:
    """Return tenants by name for each list, in one statement: the first ones named, of the others their number."""
    kept = [list(ids) for ids in lists]
    wanted = {pk for ids in kept for pk in ids[:NAMED]}
    found = {tenant.pk: tenant for tenant in Tenant.objects.filter(pk__in=wanted).select_related("organisation")}
    return [
        {"tenants": [found[pk] for pk in ids[:NAMED] if pk in found], "more": max(len(ids) - NAMED, 0), "n": len(ids)}
        for ids in kept
    ]
