"""The wide row of each tenant: making it true again for many tenants in one statement, and reading it for one."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from incubation.journey.models import Tenant
from park.pages.wording import BEIJING
from park.rules import explain

from . import derivation
from .models import Fact, Source, TenantFact
from .vocabulary import TENANT_FACTS


@dataclass(frozen=True, slots=True)
class Known:
    """A value as it is known: where it comes from, for which day, and what proves it.

    ``ended``: the last day it was good for, once that is past. It holds until there is a newer one, and is shown as
    stale wherever it is shown.
    """

    key: str
    value: object
    source: Source
    as_of: dt.date
    fact: Fact | None = None
    ended: dt.date | None = None

    @property
    def asked(self) -> bool:
        """Tell whether the tenant itself said so, and so may say otherwise."""
        return self.source == Source.SELF


def today() -> dt.date:
    """Return the day on the park's calendar."""
    return timezone.now().astimezone(BEIJING).date()


def refresh(tenants=None, day: dt.date | None = None) -> int:
    """Compute what can be computed for these tenants (all, if none are named) and write it, in one statement.

    A computed value goes before a recorded one; where its home is silent, the recorded one holds. A row is marked as
    changed only if a value became another. Returns how many rows were written.
    """
    day = day or today()
    facts = derivation.derived(day)
    sql, params = derivation.computed(day, tenants).query.sql_with_params()
    columns = [TENANT_FACTS[each.key].column for each in facts]
    types = [TenantFact._meta.get_field(column).db_type(connection) for column in columns]
    keys = [each.key for each in facts]

    values = [f"coalesce(c.d{n}::{kind}, (r.known -> %s ->> 0)::{kind})" for n, kind in enumerate(types)]
    origins = [
        f"%s, CASE WHEN c.d{n} IS NOT NULL THEN jsonb_build_array(%s, c.on_{each.as_of}, NULL)"
        " ELSE jsonb_build_array(r.known -> %s -> 1, r.known -> %s -> 2, r.known -> %s -> 3, r.known -> %s -> 4) END"
        for n, each in enumerate(facts)
    ]
    half = len(origins) // 2
    sources = [value for each in facts for value in (each.key, str(each.source), *[each.key] * 4)]
    old = ", ".join(f"t.{column}" for column in columns)
    new = ", ".join(f"EXCLUDED.{column}" for column in columns)
    statement = f"""
        WITH c AS ({sql}),
        r AS (
            SELECT f.tenant_id, jsonb_object_agg(f.key, jsonb_build_array(
                f.value, f.source, f.as_of, f.id, least(f.valid_until, proof.valid_until)
            )) AS known
            FROM facts_fact f LEFT JOIN files_document proof ON proof.id = f.proof_id
            WHERE f.superseded_at IS NULL AND f.key = ANY(%s) AND f.tenant_id IN (SELECT id FROM c)
            GROUP BY f.tenant_id
        )
        INSERT INTO facts_tenantfact AS t (tenant_id, derived_on, derived_at, changed_at, origins, {", ".join(columns)})
        SELECT c.id, %s, %s, %s,
            (SELECT coalesce(jsonb_object_agg(o.key, o.value), '{{}}') FROM jsonb_each(
                jsonb_build_object({", ".join(origins[:half])}) || jsonb_build_object({", ".join(origins[half:])})
            ) o WHERE o.value ->> 0 IS NOT NULL),
            {", ".join(values)}
        FROM c LEFT JOIN r ON r.tenant_id = c.id
        ON CONFLICT (tenant_id) DO UPDATE SET
            derived_on = EXCLUDED.derived_on,
            derived_at = EXCLUDED.derived_at,
            origins = (t.origins - %s::text[]) || EXCLUDED.origins,
            changed_at = CASE WHEN ({old}) IS DISTINCT FROM ({new}) THEN EXCLUDED.changed_at ELSE t.changed_at END,
            {", ".join(f"{column} = EXCLUDED.{column}" for column in columns)}
    """  # noqa: S608 - names of columns and types are the model's own; values are parameters
    with connection.cursor() as cursor:
        now = timezone.now()
        cursor.execute(statement, [*params, keys, day, now, now, *sources, *keys, keys])
        return cursor.rowcount


def out_of_date(day: dt.date | None = None):
    """Return the tenants whose computed facts are missing, of another day, or older than the records they come from."""
    latest = Greatest("talent__updated_at", "enterprise__updated_at")
    return Tenant.objects.annotate(source_changed=latest).filter(
        Q(known=None)
        | Q(known__derived_at=None)
        | ~Q(known__derived_on=day or today())
        | Q(source_changed__gt=F("known__derived_at"))
    )


def follow(tenant) -> None:
    """Compute a tenant's row anew, in the transaction that admitted or moved it."""
    refresh(Tenant.objects.filter(pk=tenant.pk))


def row_of(tenant) -> TenantFact:
    """Return the wide row of a tenant; a tenant that has none yet gets it now."""
    row = TenantFact.objects.filter(pk=tenant.pk).first()
    if row is None or row.derived_on != today():
        refresh(Tenant.objects.filter(pk=tenant.pk))
        row = TenantFact.objects.get(pk=tenant.pk)
    return row


def values_of(row: TenantFact) -> Mapping[str, object]:
    """Return a row as rules read it: column to value."""
    return {fact.column: getattr(row, fact.column) for fact in TENANT_FACTS.facts}


def origins_of(row: TenantFact) -> Mapping[str, tuple[Source, dt.date]]:
    """Return for each known fact its source and its day."""
    return {key: (Source(entry[0]), dt.date.fromisoformat(entry[1])) for key, entry in row.origins.items()}


def explained(origins: Mapping[str, list], day: dt.date | None = None) -> dict[str, explain.Known]:
    """Return for each known fact where it comes from, as rules explain it, seen on a day (today, if none is named)."""
    day = day or today()
    return {
        key: explain.Known(str(entry[0]), dt.date.fromisoformat(entry[1]), ended(entry, day))
        for key, entry in origins.items()
        if entry
    }


def ended(origin: list, day: dt.date) -> dt.date | None:
    """Return the last day a value was good for, by its own or its proof's last day, if that day is past."""
    until = dt.date.fromisoformat(origin[3]) if len(origin) > 3 and origin[3] else None
    return until if until and until < day else None


def known(tenant) -> dict[str, Known]:
    """Return what is known of a tenant, by key, in the order of the vocabulary: two queries."""
    row = row_of(tenant)
    facts = {fact.pk: fact for fact in Fact.objects.holding().filter(tenant=tenant).select_related("proof")}
    found, day = {}, today()
    for fact in TENANT_FACTS.facts:
        value = getattr(row, fact.column)
        if value is not None and fact.key in row.origins:
            source, as_of, pk, *_until = origin = row.origins[fact.key]
            found[fact.key] = Known(
                fact.key, value, Source(source), dt.date.fromisoformat(as_of), facts.get(pk), ended(origin, day)
            )
    return found
