"""Tenants with facts: a project in stage 1, a company from stage 3 on, and what is known of them."""

import datetime as dt

from enterprises.registry.models import Enterprise, Sector
from incubation.facts import actions, wide_row
from incubation.facts.models import Source
from incubation.journey.models import Tenant
from incubation.journey.stages import Stage
from park.organisations.models import Kind

from .organisations import make_membership, make_organisation
from .profiles import make_talent


def make_project(**fields) -> Tenant:
    """A project in its first stage, with a talent who may not have an account."""
    organisation = fields.pop("organisation", None) or make_organisation(kind=Kind.PROJECT)
    talent = fields.pop("talent", None) or make_talent()
    standard = {
        "sector": Sector.BIOMEDICINE, "stage": Stage.PROJECT_PRE, "stage_since": dt.date(2026, 3, 2),
        "admitted_on": dt.date(2026, 3, 2),
    }  # fmt: skip
    return Tenant.objects.create(organisation=organisation, talent=talent, **standard | fields)


def make_company(**fields) -> Tenant:
    """A company in the start-up stage, registered four years ago."""
    organisation = fields.pop("organisation", None) or make_organisation()
    of_enterprise = {name: fields.pop(name) for name in ("registered_on", "zone", "credit_code") if name in fields}
    sector = fields.get("sector", Sector.BIOMEDICINE)
    enterprise = Enterprise.objects.create(
        organisation=organisation, **{"sector": sector, "registered_on": dt.date(2022, 6, 12)} | of_enterprise
    )
    return make_project(**{"stage": Stage.STARTUP} | fields, organisation=organisation, enterprise=enterprise)


def make_owner(tenant: Tenant, **fields):
    """A person who owns the tenant's organisation."""
    return make_membership(organisation=tenant.organisation, **fields).user


def know(tenant: Tenant, values: dict, source=Source.STAFF, as_of=None):
    """Record what is known of a tenant, and return its wide row."""
    actions.record_many(
        tenant=tenant, given=[actions.Given(key, value, source, as_of) for key, value in values.items()]
    )
    return wide_row.row_of(tenant)
