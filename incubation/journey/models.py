"""Tenants, and the stages they stand in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited
from talents.profiles.sectors import Sector

from .stages import Stage
from .states import TenantState


class TenantQuerySet(models.QuerySet):
    def in_the_park(self):
        """Return the tenants that take part now."""
        return self.filter(state=TenantState.ACTIVE)

    def visible_to(self, user):
        """Return every tenant to staff who may see them, and to others the tenants they act for."""
        if user.has_perm("journey.view_tenant"):
            return self.all()
        return self.filter(organisation__memberships__user=user, organisation__memberships__ended_at=None)


@audited()
class Tenant(models.Model):
    """A project or company that the park brings through the five stages. Its slug is its workspace, ``/c/<slug>/``.

    In stages 1 and 2 the subject is the project of a talent; from stage 3 an enterprise is linked.
    """

    organisation = models.OneToOneField(
        "organisations.Organisation", models.PROTECT, related_name="tenant", verbose_name=_("organisation")
    )
    talent = models.ForeignKey(
        "profiles.Talent", models.PROTECT, related_name="tenancies", verbose_name=_("founder")
    )
    enterprise = models.OneToOneField(
        "registry.Enterprise",
        models.PROTECT,
        related_name="tenant",
        null=True,
        blank=True,
        verbose_name=_("enterprise"),
    )
    application = models.OneToOneField(
        "intake.Application",
        models.PROTECT,
        related_name="tenant",
        null=True,
        blank=True,
        verbose_name=_("application"),
    )
    sector = models.CharField(_("field"), max_length=40, choices=Sector)
    state = models.CharField(_("standing"), max_length=10, choices=TenantState, default=TenantState.ACTIVE)
    version = models.PositiveIntegerField(default=1, editable=False)
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


class Gate(models.Model):
    """A passage to the next stage (after the last: out of the park), as one person proposed and another decided it."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("To be decided")
        PASSED = "passed", _("Passed")
        HELD = "held", _("Held")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="gates")
    origin = models.CharField(_("from"), max_length=20, choices=Stage)
    target = models.CharField(_("to"), max_length=20, choices=Stage, blank=True)  # empty: graduation
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    note = models.TextField(_("grounds"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome, default=Outcome.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("gate"), _("gates")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(outcome="open"), name="a_tenant_stands_at_one_gate_at_a_time",
                violation_error_message=_("This tenant stands at a gate already."),
            ),
            models.CheckConstraint(
                name="a_gate_has_a_known_outcome", condition=Q(outcome__in=["open", "passed", "held"])
            ),
            models.CheckConstraint(
                name="a_gate_is_decided_or_open",
                condition=Q(outcome="open", decided_by=None, decided_at=None)
                | ~Q(outcome="open") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="two_people_let_a_tenant_through_a_gate",
                condition=~Q(outcome="passed") | ~Q(decided_by=F("proposed_by")),
                violation_error_message=_("A second person has to take this step: you took the one before it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant} · {self.get_origin_display()}"


class StageGuide(models.Model):
    """What the park says of a stage: for whom, what one gets, what its gate asks. Kept by staff, in two languages."""

    stage = models.CharField(_("stage"), max_length=20, choices=Stage, unique=True)
    gate = models.CharField(_("gate into this stage"), max_length=40)
    summary = models.CharField(_("in a few words"), max_length=80)
    who = models.TextField(_("for whom"))
    entry = models.TextField(_("what you bring"), help_text=_("One a line."))
    gets = models.TextField(_("what you get"), help_text=_("One a line."))
    asks = models.TextField(_("what the next gate asks"), help_text=_("One a line."))
    evidence = models.TextField(_("what is kept as evidence"), help_text=_("One a line."))
    months_from = models.PositiveSmallIntegerField(_("usual time, months, from"))
    months_to = models.PositiveSmallIntegerField(_("usual time, months, to"))

    class Meta:
        verbose_name, verbose_name_plural = _("what a stage is"), _("what the stages are")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="a_guide_is_of_a_known_stage", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="a_usual_time_runs_forward", condition=Q(months_from__gt=0, months_to__gte=F("months_from")),
                violation_error_message=_("The longer time comes second."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_stage_display()


class MilestonePlan(models.Model):
    """A milestone that every tenant of a stage starts with. Kept by staff; what a tenant has already stays as it is."""

    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    position = models.PositiveSmallIntegerField(_("place"))
    name = models.CharField(_("milestone"), max_length=120)  # name_en, name_zh_hans

    class Meta:
        verbose_name, verbose_name_plural = _("usual milestone"), _("usual milestones")
        ordering = ["stage", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "position"], name="one_usual_milestone_a_place"),
            models.CheckConstraint(name="a_usual_milestone_is_of_a_known_stage", condition=Q(stage__in=Stage.values)),
        ]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """Something a tenant achieved, or means to achieve, inside a stage."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="milestones")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    name = models.CharField(_("milestone"), max_length=120)  # name_en, name_zh_hans
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("milestone"), _("milestones")
        ordering = ["stage", "position", "pk"]

    def __str__(self) -> str:
        return self.name
