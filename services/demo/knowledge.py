"""Write down what is known of the tenants of one copy of the park: each fact with its source and day, set by set."""

import datetime as dt
import random
from collections.abc import Mapping

from incubation.facts import wide_row
from incubation.facts.actions import clean
from incubation.facts.models import Fact, TenantFact
from incubation.facts.vocabulary import TENANT_FACTS
from incubation.journey.models import Tenant

from . import declared
from .population import Company, Person

BATCH = 2000


def store(
    rng: random.Random, companies: list[Company], tenants: list[Tenant], everybody: list[Person], today: dt.date
) -> int:
    """Store what each tenant declared and what staff and registers say; return the number of facts."""
    said = [
        declared.of_company(rng, company)
        | declared.of_founder(rng, everybody[company.founders[0][0]])
        | declared.of_project(rng, company)
        for company in companies
    ]
    facts, values = [], []
    for tenant, given in zip(tenants, said, strict=True):
        for key, (value, source) in given.items():
            as_of = today - dt.timedelta(days=rng.randint(3, 400))
            held = clean(key, value)
            values.append((TENANT_FACTS[key].column, held))
            facts.append(
                Fact(tenant=tenant, key=key, value=TENANT_FACTS[key].to_json(held), source=source, as_of=as_of)
            )
    Fact.objects.bulk_create(facts, batch_size=BATCH)
    TenantFact.objects.bulk_create(rows(tenants, facts, values), batch_size=200)
    wide_row.refresh(Tenant.objects.filter(pk__in=[tenant.pk for tenant in tenants]))
    return len(facts)


def rows(tenants: list[Tenant], facts: list[Fact], values: list[tuple[str, object]]) -> list[TenantFact]:
    """Return the wide row of each tenant as the facts say it."""
    columns: Mapping[int, dict] = {tenant.pk: {} for tenant in tenants}
    origins: Mapping[int, dict] = {tenant.pk: {} for tenant in tenants}
    for fact, (column, value) in zip(facts, values, strict=True):
        columns[fact.tenant_id][column] = value
        origins[fact.tenant_id][fact.key] = fact.origin
    return [TenantFact(tenant=tenant, origins=origins[tenant.pk], **columns[tenant.pk]) for tenant in tenants]
