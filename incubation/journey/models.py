"""Tenants, and the stages they stand in."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .stages import Stage


class TenantState(models.TextChoices):
    ACTIVE = "active", _("In the park")
    SUSPENDED = "suspended", _("Suspended")
    GRADUATED = "graduated", _("Graduated")
    EXITED = "exited", _("Left the park")


class TenantQuerySet(models.QuerySet):
    def in_the_park(self):
        """Return the tenants that take part now."""
        return self.filter(state=TenantState.ACTIVE)

    def visible_to(self, user):
        """Return every tenant to staff who may see them, and to others the tenants they act for."""
        if user.has_perm("journey.view_tenant"):
            return self.all()
        return self.filter(organisation__memberships__user=user, organisation__memberships__ended_at=None)


class Tenant(models.Model):
    """A project or company that the park brings through the five stages. Its slug is its workspace, ``/c/<slug>/``.

    In stages 1 and 2 the subject is the project of a talent; from stage 3 an enterprise is linked.
    """

    organisation = models.OneToOneField("organisations.Organisation", models.PROTECT, related_name="tenant")
    talent = models.ForeignKey(
        "profiles.Talent", models.PROTECT, related_name="tenancies", verbose_name=_("founder")
    )
    enterprise = models.OneToOneField(
        "registry.Enterprise", models.PROTECT, related_name="tenant", null=True, blank=True
    )
    application = models.OneToOneField(
        "intake.Application", models.PROTECT, related_name="tenant", null=True, blank=True
    )
    sector = models.CharField(_("field"), max_length=40)
    state = models.CharField(_("standing"), max_length=10, choices=TenantState, default=TenantState.ACTIVE)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.PROJECT_PRE)
    stage_since = models.DateField(_("in this stage since"))
    stage_due = models.DateField(_("next gate by"), null=True, blank=True)
    admitted_on = models.DateField(_("in the park since"))
    officer = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("case officer")
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("tenant"), _("tenants")
        constraints = [
            models.CheckConstraint(name="a_tenant_has_a_known_standing", condition=Q(state__in=TenantState.values)),
            models.CheckConstraint(name="a_tenant_stands_in_one_of_five_stages", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="from_stage_3_a_tenant_is_an_enterprise",
                condition=Q(stage__in=[Stage.PROJECT_PRE, Stage.ENTERPRISE_PRE]) | Q(enterprise__isnull=False),
                violation_error_message=_("From start-up incubation on, a tenant needs its enterprise."),
            ),
        ]
        indexes = [models.Index(fields=["state", "stage"], name="tenants_by_stage")]

    def __str__(self) -> str:
        return str(self.organisation)


class StageEnrolment(models.Model):
    """A tenant's time in one stage. The open one (no end) is where the tenant stands."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="enrolments")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    since = models.DateField(_("since"))
    due = models.DateField(_("next gate by"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("time in a stage"), _("times in stages")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(ended_on=None), name="a_tenant_stands_in_one_stage_at_a_time"
            ),
            models.CheckConstraint(
                name="a_stage_ends_after_it_began", condition=Q(ended_on=None) | Q(ended_on__gte=F("since"))
            ),
            models.CheckConstraint(name="an_enrolment_is_in_a_known_stage", condition=Q(stage__in=Stage.values)),
        ]

    def __str__(self) -> str:
        return f"{self.tenant} · {self.get_stage_display()}"


class Milestone(models.Model):
    """Something a tenant achieved, or means to achieve, inside a stage."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="milestones")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    name = models.CharField(_("milestone"), max_length=120)  # name_en, name_zh_hans
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("milestone"), _("milestones")
        ordering = ["stage", "position", "pk"]

    def __str__(self) -> str:
        return self.name
