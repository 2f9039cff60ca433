"""Tenants, their time in each stage, and what stands beside it: suspensions, more time, corrections, exits."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import BigIntegerField, F, Func, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import append_only, audited
from talents.profiles.sectors import Sector

from ..stages import Stage
from ..states import LIVE, TenantState

STAGE_NEEDS_A_GATE = """
    IF NOT EXISTS (
        SELECT 1 FROM journey_stageenrolment e
        LEFT JOIN journey_gate g ON g.id = e.gate_id
        LEFT JOIN journey_stagecorrection c ON c.id = e.correction_id
        WHERE e.tenant_id = NEW.id AND e.stage = NEW.stage
        AND e.written_in = pg_current_xact_id()::text::bigint
        AND (
            (g.tenant_id = NEW.id AND g.origin = OLD.stage AND g.target = NEW.stage
                AND g.state IN ('passed', 'conditional'))
            OR (c.tenant_id = NEW.id AND c.origin = OLD.stage AND c.target = NEW.stage AND c.confirmed_at IS NOT NULL)
        )
    ) THEN
        RAISE EXCEPTION 'tenant % changed its stage without a gate', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'a_stage_changes_through_a_gate', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
"""
LEAVING_NEEDS_ITS_RECORD = """
    IF OLD.state IN ('graduated', 'exited')
        OR (NEW.state = 'graduated' AND NOT EXISTS (
            SELECT 1 FROM journey_gate g WHERE g.tenant_id = NEW.id AND g.target = '' AND g.state = 'passed'))
        OR (NEW.state = 'exited' AND NOT EXISTS (
            SELECT 1 FROM journey_tenantexit x WHERE x.tenant_id = NEW.id AND x.confirmed_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM journey_handoveritem h WHERE h.leaving_id = x.id AND h.done_at IS NULL)))
    THEN
        RAISE EXCEPTION 'tenant % left the park without a record', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'a_tenant_leaves_by_a_record', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
"""


THIS_TRANSACTION = Cast(
    Cast(Func(function="pg_current_xact_id", output_field=TextField()), TextField()), BigIntegerField()
)


class TenantQuerySet(models.QuerySet):
    def in_the_park(self):
        """Return the tenants that take part now."""
        return self.filter(state=TenantState.ACTIVE)

    def living(self):
        """Return the tenants that have not left, suspended ones included."""
        return self.filter(state__in=LIVE)

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
        triggers = [
            pgtrigger.Trigger(
                name="stage_needs_a_gate", when=pgtrigger.After, operation=pgtrigger.UpdateOf("stage"),
                timing=pgtrigger.Deferred, condition=pgtrigger.Q(old__stage__df=pgtrigger.F("new__stage")),
                func=STAGE_NEEDS_A_GATE,
            ),
            pgtrigger.Trigger(
                name="leaving_needs_its_record", when=pgtrigger.After, operation=pgtrigger.UpdateOf("state"),
                timing=pgtrigger.Deferred, condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=LEAVING_NEEDS_ITS_RECORD,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.organisation)


class StageEnrolmentQuerySet(models.QuerySet):
    def true(self):
        """Return the times that stand; those that a correction found to be errors are left out."""
        return self.filter(voided_at=None)


class StageEnrolment(models.Model):
    """A tenant's time in one stage. The open one (no end) is where the tenant stands.

    ``gate`` or ``correction`` is the record that it began by; the first stage begins with the admission. A time that
    a correction found to be an error stays, with ``voided_at``.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="enrolments")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    since = models.DateField(_("since"))
    due = models.DateField(_("next gate by"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    gate = models.OneToOneField("journey.Gate", models.PROTECT, null=True, blank=True, related_name="opened")
    correction = models.OneToOneField(
        "journey.StageCorrection", models.PROTECT, null=True, blank=True, related_name="opened"
    )
    voided_at = models.DateTimeField(_("found to be an error"), null=True, blank=True)
    written_in = models.BigIntegerField(
        editable=False, db_default=THIS_TRANSACTION
    )  # the transaction: no stage changes by a record of yesterday

    objects = StageEnrolmentQuerySet.as_manager()

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
            models.CheckConstraint(
                name="a_stage_begins_by_one_record", condition=Q(gate=None) | Q(correction=None)
            ),
            models.CheckConstraint(
                name="an_error_is_no_longer_open", condition=Q(voided_at=None) | Q(ended_on__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="its_record_stays", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__gate_id__df=pgtrigger.F("new__gate_id"))
                | pgtrigger.Q(old__correction_id__df=pgtrigger.F("new__correction_id"))
                | pgtrigger.Q(old__written_in__df=pgtrigger.F("new__written_in")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.tenant} · {self.get_stage_display()}"


class Suspension(models.Model):
    """A time in which a tenant stood aside. It does not count towards any limit."""

    class Cause(models.TextChoices):
        ARREARS = "arrears", _("Rent or fees unpaid")
        REPORTS = "reports", _("Reports missing")
        BREACH = "breach", _("Agreement broken")
        FOUNDER_AWAY = "founder_away", _("Founder away for a long time")
        AT_ITS_WISH = "at_its_wish", _("At the tenant's own wish")
        OTHER = "other", _("Another cause")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="suspensions")
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    effect = models.TextField(_("what it means for benefits"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("suspension"), _("suspensions")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(ended_on=None), name="a_tenant_is_suspended_once_at_a_time"
            ),
            models.CheckConstraint(
                name="a_suspension_ends_after_it_began", condition=Q(ended_on=None) | Q(ended_on__gte=F("since"))
            ),
            models.CheckConstraint(
                name="a_suspension_has_a_known_cause",
                condition=Q(cause__in=["arrears", "reports", "breach", "founder_away", "at_its_wish", "other"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant} · {self.get_cause_display()}"


class Extension(models.Model):
    """More time in a stage, as a manager gave it: the n-th of so many that the terms of the gate allow."""

    enrolment = models.ForeignKey(StageEnrolment, models.PROTECT, related_name="extensions")
    number = models.PositiveSmallIntegerField(_("which"))
    of = models.PositiveSmallIntegerField(_("of so many"))
    due_before = models.DateField(_("due before"), null=True)
    due = models.DateField(_("due now"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("extension"), _("extensions")
        ordering = ["-at", "-pk"]
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "number"], name="an_extension_is_given_once",
                violation_error_message=_("Somebody else gave more time at the same moment."),
            ),
            models.CheckConstraint(
                name="no_more_extensions_than_the_terms_allow", condition=Q(number__gte=1, number__lte=F("of")),
                violation_error_message=_("No more time can be given in this stage."),
            ),
            models.CheckConstraint(
                name="an_extension_gives_time", condition=Q(due_before=None) | Q(due__gt=F("due_before"))
            ),
            models.CheckConstraint(name="an_extension_has_a_reason", condition=~Q(reason="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.number}"
