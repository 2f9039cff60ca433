"""How long tenants have been where they are: shares of their time, who stays too long, and who is reminded of what.

Time in which a tenant stood aside does not count. All is computed for every tenant in one statement: what is known of
each is gathered for all of them and joined once, never looked up tenant by tenant.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from .models import Tenant
from .stages import Stage

COMPANY = [stage.value for stage in Stage if stage.needs_enterprise]
WARN, OVER = 75, 100  # per cent of a limit
IS_OVER = f"(coalesce(stage_share, 0) > {OVER} OR coalesce(stay_share, 0) >= {OVER})"
RUNS_OUT = f"(stage_share >= {WARN} AND NOT {IS_OVER})"

# ``stage_due`` of a tenant that stands aside moves when it resumes; here it counts as if it did today.
AGES = """
    WITH today AS (SELECT %s::date AS day),
    stays AS (
        SELECT tenant_id, min(since) AS since FROM journey_stageenrolment
        WHERE voided_at IS NULL AND stage = ANY(%s) AND {stays} GROUP BY tenant_id
    ),
    asides AS (
        SELECT aside.tenant_id, max(aside.since) FILTER (WHERE aside.ended_on IS NULL) AS open_since,
            sum(least(coalesce(aside.ended_on, day), day) - greatest(aside.since, tenant.stage_since)) FILTER (
                WHERE aside.since <= day AND (aside.ended_on IS NULL OR aside.ended_on > tenant.stage_since)
            ) AS in_stage,
            sum(least(coalesce(aside.ended_on, day), day) - greatest(aside.since, stays.since)) FILTER (
                WHERE aside.since <= day AND (aside.ended_on IS NULL OR aside.ended_on > stays.since)
            ) AS in_all
        FROM journey_suspension aside CROSS JOIN today
        JOIN journey_tenant tenant ON tenant.id = aside.tenant_id
        LEFT JOIN stays ON stays.tenant_id = aside.tenant_id
        WHERE {asides} GROUP BY aside.tenant_id
    ),
    limits AS (
        SELECT DISTINCT ON (sector) sector, months FROM journey_stagelimit CROSS JOIN today
        WHERE stage = '' AND since <= day AND (until IS NULL OR until > day) ORDER BY sector, since DESC
    ),
    known AS (
        SELECT tenant.*, day, stays.since AS stay_since, coalesce(own.months, others.months) AS stay_months,
            (stays.since + make_interval(months => coalesce(own.months, others.months)))::date AS stay_full,
            asides.open_since, coalesce(asides.in_stage, 0)::int AS in_stage, coalesce(asides.in_all, 0)::int AS in_all
        FROM journey_tenant tenant CROSS JOIN today
        LEFT JOIN stays ON stays.tenant_id = tenant.id
        LEFT JOIN asides ON asides.tenant_id = tenant.id
        LEFT JOIN limits own ON own.sector = tenant.sector
        LEFT JOIN limits others ON others.sector = ''
        WHERE {tenants}
    )
    SELECT id, stage, state, stay_since, stay_months, stay_full + in_all AS stay_until, open_since IS NOT NULL AS aside,
        100 * (day - stage_since - in_stage)
            / nullif(stage_due - stage_since - in_stage + (day - coalesce(open_since, day)), 0) AS stage_share,
        100 * (day - stay_since - in_all) / nullif(stay_full - stay_since, 0) AS stay_share
    FROM known"""


@dataclass(frozen=True)
class Stay:
    """How a tenant's time is used: in its stage and, as a company, in all; per cent, with the days they end on."""

    stage_share: int | None
    stay_since: dt.date | None
    stay_until: dt.date | None
    stay_months: int | None
    stay_share: int | None
    aside: bool

    @property
    def over(self) -> bool:
        return any(share is not None and share >= OVER for share in (self.stage_share, self.stay_share))


def ages(day: dt.date, ids: Iterable[int] | None = None) -> tuple[str, list]:
    """Return the statement that says of every tenant, or of these, how its time is used, with its parameters."""
    if ids is None:
        return AGES.format(stays="TRUE", asides="TRUE", tenants="TRUE"), [day, COMPANY]
    sql = AGES.format(stays="tenant_id = ANY(%s)", asides="aside.tenant_id = ANY(%s)", tenants="tenant.id = ANY(%s)")
    return sql, [day, COMPANY, *[list(ids)] * 3]


def whose(day: dt.date, condition: str, *params) -> Q:
    """Return as a condition on tenants what is asked of the columns of ``AGES``."""
    sql, given = ages(day)
    those = f"SELECT id FROM ({sql}) ages WHERE {condition}"  # noqa: S608 - written here and by callers, values apart
    return Q(pk__in=RawSQL(those, [*given, *params]))  # noqa: S611


def stays_of(ids: Iterable[int], day: dt.date) -> dict[int, Stay]:
    """Return how the time of each of these tenants is used: one statement."""
    names = list(Stay.__dataclass_fields__)
    sql, params = ages(day, ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {', '.join(names)} FROM ({sql}) ages", params)  # noqa: S608 - names of our own
        return {row[0]: Stay(*row[1:]) for row in cursor.fetchall()}


def stay_of(tenant: Tenant, day: dt.date) -> Stay:
    return stays_of([tenant.pk], day)[tenant.pk]


def overstaying(day: dt.date):
    """Return the tenants that are past the day of their gate, or past the limit of their stay in all."""
    return Tenant.objects.living().filter(whose(day, IS_OVER))
