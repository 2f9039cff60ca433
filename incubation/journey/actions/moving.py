"""Entering and leaving a stage: what every verb that changes one does. No verb of its own."""

import datetime as dt

from django.utils import timezone

from park.workflow.calendar import beijing_day

from ..limits import due
from ..models import Milestone, MilestonePlan, StageEnrolment, Tenant
from ..stages import Stage


def today() -> dt.date:
    return beijing_day(timezone.now())


def lock(tenant_id: int) -> Tenant:
    """Return a tenant, locked: always before its gates, so that nobody waits for each other."""
    tenants = Tenant.objects.select_related("organisation", "talent", "enterprise")
    return tenants.select_for_update(of=("self",), no_key=True).get(pk=tenant_id)


def entering(tenant: Tenant, stage: Stage) -> dict:
    """Return the fields of a tenant that enters a stage today."""
    return {"stage": stage, "stage_since": today(), "stage_due": due(tenant, stage, today())}


def enter(tenant: Tenant, **record) -> StageEnrolment:
    """Write down that the tenant is in its stage from today, and give it the usual milestones it has not had yet.

    ``record`` is the gate or the correction by which it came.
    """
    had = set(tenant.milestones.filter(stage=tenant.stage).values_list("position", flat=True))
    Milestone.objects.bulk_create(
        Milestone(
            tenant=tenant, stage=plan.stage, position=plan.position, name=plan.name_en, name_en=plan.name_en,
            name_zh_hans=plan.name_zh_hans,
        )
        for plan in MilestonePlan.objects.filter(stage=tenant.stage)
        if plan.position not in had
    )  # fmt: skip
    return StageEnrolment.objects.create(
        tenant=tenant, stage=tenant.stage, since=tenant.stage_since, due=tenant.stage_due, **record
    )


def leave_stage(tenant: Tenant, **more) -> None:
    tenant.enrolments.filter(ended_on=None).update(ended_on=today(), **more)


def shift_due(tenant: Tenant, days: int) -> None:
    """Move the day of the next gate by the days that do not count."""
    if tenant.stage_due and days:
        tenant.stage_due += dt.timedelta(days=days)
        tenant.save(update_fields=["stage_due"])
        tenant.enrolments.filter(ended_on=None).update(due=tenant.stage_due)
