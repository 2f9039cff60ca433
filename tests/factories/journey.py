"""Tenants in each stage, and companies, valid as they come."""

import datetime as dt
from itertools import count

from enterprises.registry.models import Enterprise
from incubation.journey import seeds
from incubation.journey.models import StageEnrolment, Tenant
from incubation.journey.stages import Stage
from park.organisations.models import Kind
from tests.factories.accounts import make_staff
from tests.factories.organisations import make_membership, make_organisation
from tests.factories.profiles import make_talent

number = count(1)


def make_enterprise(**fields) -> Enterprise:
    organisation = fields.pop("organisation", None) or make_organisation(name=f"Company {next(number)}")
    return Enterprise.objects.create(organisation=organisation, **{"sector": "biomedicine"} | fields)


def make_manager(**fields):
    return make_staff("journey.view_tenant", "journey.change_tenant", **fields)


def make_tenant(**fields) -> Tenant:
    """A tenant of the first stage; of a later one with its company. Its founder owns the organisation."""
    seeds.sow()
    stage = Stage(fields.get("stage", Stage.PROJECT_PRE))
    talent = fields.pop("talent", None) or make_talent()
    organisation = fields.pop("organisation", None) or make_organisation(
        kind=Kind.ENTERPRISE if stage.needs_enterprise else Kind.PROJECT
    )
    if stage.needs_enterprise and "enterprise" not in fields:
        fields["enterprise"] = make_enterprise(organisation=organisation)
    make_membership(organisation=organisation, user=talent.user)
    since = fields.pop("stage_since", dt.date(2026, 6, 12))
    tenant = Tenant.objects.create(
        organisation=organisation, talent=talent, stage_since=since,
        **{"sector": "biomedicine", "admitted_on": dt.date(2026, 3, 10)} | fields,
    )  # fmt: skip
    StageEnrolment.objects.create(tenant=tenant, stage=tenant.stage, since=since, due=tenant.stage_due)
    return tenant
