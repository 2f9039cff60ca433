"""What takes a stage back, and how a tenant leaves the park: each by two people."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import audited

from ..stages import Stage
from .tenants import Tenant


@audited()
class StageCorrection(models.Model):
    """A stage that was entered by error, taken back by two managers. What was written before stays."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="corrections")
    origin = models.CharField(_("from"), max_length=20, choices=Stage)
    target = models.CharField(_("to"), max_length=20, choices=Stage)
    error = models.TextField(_("what was wrong, and what proves it"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("correction"), _("corrections")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(confirmed_at=None, dropped_at=None),
                name="one_correction_of_a_tenant_at_a_time",
                violation_error_message=_("A correction is proposed already. A second manager confirms it."),
            ),
            models.CheckConstraint(
                name="two_managers_correct_a_stage",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, dropped_at=None)
                & ~Q(confirmed_by=F("proposed_by")),
                violation_error_message=_("A second person has to take this step: you took the one before it."),
            ),
            models.CheckConstraint(name="a_correction_says_what_was_wrong", condition=~Q(error="")),
            models.CheckConstraint(
                name="a_correction_goes_back",
                condition=Q(target=Stage.PROJECT_PRE) & ~Q(origin=Stage.PROJECT_PRE)
                | Q(target=Stage.ENTERPRISE_PRE) & Q(origin__in=[Stage.STARTUP, Stage.GROWTH, Stage.ACCELERATED])
                | Q(target=Stage.STARTUP) & Q(origin__in=[Stage.GROWTH, Stage.ACCELERATED])
                | Q(target=Stage.GROWTH) & Q(origin=Stage.ACCELERATED),
                violation_error_message=_("A correction leads back to an earlier stage."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.tenant} · {self.get_origin_display()} → {self.get_target_display()}"


@audited()
class TenantExit(models.Model):
    """That a tenant leaves the park: announced by one, handed over item by item, confirmed by another."""

    class Kind(models.TextChoices):
        VOLUNTARY = "voluntary", _("At its own wish")
        BREACH = "breach", _("Agreement broken")
        CEASED = "ceased", _("Work has ended")
        MOVED = "moved", _("Moved elsewhere")

    class Survival(models.TextChoices):
        GOES_ON = "goes_on", _("The company goes on")
        ENDED = "ended", _("The company has ended")
        NOT_KNOWN = "not_known", _("Not known yet")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="exits")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    reason = models.TextField(_("reason"))
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("announced by")
    )
    announced_at = models.DateTimeField(_("announced"), default=timezone.now)
    leaves_on = models.DateField(_("leaves on"))
    survival = models.CharField(_("what becomes of it"), max_length=10, choices=Survival, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("exit"), _("exits")
        ordering = ["-announced_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(taken_back_at=None), name="a_tenant_leaves_once",
                violation_error_message=_("This exit is announced already."),
            ),
            models.CheckConstraint(
                name="an_exit_has_a_known_kind", condition=Q(kind__in=["voluntary", "breach", "ceased", "moved"])
            ),
            models.CheckConstraint(
                name="two_people_let_a_tenant_leave",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, taken_back_at=None)
                & ~Q(confirmed_by=F("announced_by")) & ~Q(survival=""),
                violation_error_message=_("A second person has to take this step: you took the one before it."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.tenant} · {self.get_kind_display()}"


class HandoverItem(models.Model):
    """Something to be handed over before a tenant has left."""

    class Item(models.TextChoices):
        SPACE = "space", _("Rooms and keys are back")
        FEES = "fees", _("Rent and fees are paid")
        EQUIPMENT = "equipment", _("Borrowed equipment is back")
        REPORTS = "reports", _("Last report is in")
        PERMITS = "permits", _("Permits through the park are reported")
        DATA = "data", _("Papers and data are handed out")

    leaving = models.ForeignKey(TenantExit, models.CASCADE, related_name="items")
    item = models.CharField(_("what"), max_length=12, choices=Item)
    done_at = models.DateTimeField(pgettext_lazy("a moment", "done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("who")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("handover"), _("handovers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["leaving", "item"], name="an_item_is_handed_over_once"),
            models.CheckConstraint(
                name="a_handover_names_who_took_it",
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.get_item_display()
