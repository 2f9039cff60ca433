"""One act on many applications: what was planned, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .applications import Application


class BatchAct(models.TextChoices):
    TAKE = "take", _("Take")
    HAND_OVER = "hand_over", _("Hand over")
    ASK = "ask", _("Ask the applicant")
    PASS_ON = "pass_on", _("Pass on to review")
    CLOSE = "close", pgettext_lazy("step of an application", "Close")


class Batch(models.Model):
    """An act that an officer makes on many applications at once. It is tried first, then started, then done row by row.

    ``given`` is what the act takes besides: a note, the fields to open, to whom.
    """

    act = models.CharField(_("act"), max_length=20, choices=BatchAct)
    given = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    planned_at = models.DateTimeField(_("tried"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("act on many"), _("acts on many")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="a_batch_makes_a_known_act", condition=Q(act__in=BatchAct.values)),
            models.CheckConstraint(
                name="a_batch_is_undone_only_after_it_started",
                condition=Q(undone_at=None) | Q(started_at__isnull=False, undone_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="only_a_hand_over_is_undone", condition=Q(undone_at=None) | Q(act=BatchAct.HAND_OVER)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {date_format(timezone.localtime(self.planned_at), 'DATETIME_FORMAT')}"


class BatchRow(models.Model):
    """One application of a batch: where it stood when it was tried, and what became of it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()  # as it was tried: one that changed since is left alone
    before = models.CharField(_("before"), max_length=20)
    hindrance = models.CharField(_("cannot be done because"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    after = models.CharField(_("after"), max_length=20, blank=True)
    after_version = models.PositiveIntegerField(null=True, blank=True)
    refusal = models.CharField(_("refused because"), max_length=300, blank=True)
    previous_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "application"], name="an_application_is_in_a_batch_once"),
            models.CheckConstraint(
                name="a_row_is_done_or_refused_or_waits", condition=Q(done_at=None) | Q(refusal="", hindrance="")
            ),
            models.CheckConstraint(
                name="only_what_was_done_is_undone", condition=Q(undone_at=None) | Q(done_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch"], condition=Q(done_at=None, refusal="", hindrance=""), name="rows_that_wait"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} · {self.application}"
