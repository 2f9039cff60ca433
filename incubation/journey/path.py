"""A tenant's way through the five stages, as the ``path`` component shows it."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from park.pages.wording import local_date

from .models import Milestone, MilestonePlan, StageEnrolment, StageGuide, Tenant
from .stages import Stage
from .states import TenantState


def guides() -> dict[str, StageGuide]:
    """Return what the park says of each stage, by stage, with its usual milestones as ``plan``, in one question."""
    here = build_localized_fieldname("name", get_language() or settings.LANGUAGE_CODE)
    plan = MilestonePlan.objects.filter(stage=OuterRef("stage")).order_by("position")
    plan = plan.annotate(words=Coalesce(NullIf(here, Value("")), "name_en", output_field=CharField())).values("words")
    return {guide.stage: guide for guide in StageGuide.objects.annotate(plan=ArraySubquery(plan))}


def address(stage: Stage) -> str:
    return reverse("journey:stage", args=[stage.number, stage.slug])


def park_map(known: dict[str, StageGuide] | None = None) -> list[dict]:
    """Return the five stages without a position, each with the way to its page."""
    known = guides() if known is None else known
    return [
        {
            "number": stage.number,
            "name": stage.label,
            "state": "ahead",
            "url": address(stage),
            "gate": known[stage].gate if stage in known else "",
            "meta": known[stage].summary if stage in known else "",
        }
        for stage in Stage
    ]


def path_before() -> list[dict]:
    """Return the path of a project that still stands before the first gate."""
    known = guides()
    path = park_map(known)
    for row in path:
        del row["url"]
    path[0] |= {
        "state": "next",
        "gate": _("You are at this gate"),
        "gate_state": "next",
        "milestones": [{"label": name, "hit": False} for name in known[Stage.PROJECT_PRE].plan],
    }
    return path


def path_for(tenant: Tenant) -> list[dict]:
    """Return a tenant's path: stages passed with their months, gates with their days, milestones of the stage now."""
    known = guides()
    enrolments = {enrolment.stage: enrolment for enrolment in tenant.enrolments.all()}
    milestones = [milestone for milestone in tenant.milestones.all() if milestone.stage == tenant.stage]
    return [entry(tenant, stage, known.get(stage), enrolments.get(stage), milestones) for stage in Stage]


def entry(
    tenant: Tenant, stage: Stage, guide: StageGuide | None, time: StageEnrolment | None, milestones: list[Milestone]
) -> dict:
    here = Stage(tenant.stage)
    in_the_park = tenant.state in (TenantState.ACTIVE, TenantState.SUSPENDED)
    words = {"number": stage.number, "name": stage.label, "url": address(stage)}
    if stage.number > here.number:
        due = stage is here.next and in_the_park and tenant.stage_due
        gate = _("Planned for %(month)s") % {"month": local_date(tenant.stage_due, "month")} if due else ""
        return words | {"state": "ahead", "gate": gate, "meta": guide.summary if guide else ""}
    gate = _("Passed %(day)s") % {"day": local_date(time.since)} if time else ""
    if stage is here and in_the_park:
        since = {"day": local_date(tenant.stage_since, "long")}
        meta = _("Since %(day)s") % since
        if tenant.state == TenantState.SUSPENDED:
            meta = _("Suspended; in this stage since %(day)s") % since
        reached = [milestone_row(milestone) for milestone in milestones]
        return words | {"state": "current", "gate": gate, "gate_state": "open", "meta": meta, "milestones": reached}
    return words | {"state": "done", "gate": gate, "gate_state": "open", "meta": span(time)}


def span(time: StageEnrolment | None) -> str:
    if time is None:
        return ""
    months = {"from": local_date(time.since, "month"), "until": local_date(time.ended_on or time.since, "month")}
    return _("%(from)s – %(until)s") % months


def milestone_row(milestone: Milestone) -> dict:
    if milestone.reached_on is None:
        return {"label": milestone.name, "hit": False}
    words = {"milestone": milestone.name, "day": local_date(milestone.reached_on, "day")}
    return {"label": _("%(milestone)s, %(day)s") % words, "hit": True}
