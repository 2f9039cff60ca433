"""What every process of the park writes down: moves, clocks, and the calendar they run on."""

import datetime as dt

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TransitionLog(models.Model):
    """One move of one record from state to state, or one refused try. Written once, never changed."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    move = models.CharField(_("move"), max_length=40)
    origin = models.CharField(_("from"), max_length=30, blank=True)
    target = models.CharField(_("to"), max_length=30, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("who")
    )  # NULL: the system
    acting_for = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("for")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    reason_code = models.CharField(_("reason"), max_length=40, blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    note = models.TextField(_("note for the other side"), blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    versions = models.JSONField(_("versions"), default=dict, blank=True)
    refusal = models.CharField(_("refused because"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("move"), _("moves")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "-at"], name="moves_of_a_record")]

    def __str__(self) -> str:
        return f"{self.move}: {self.origin} → {self.target}"


class Clock(models.Model):
    """A promise that runs on one record: due after so many working days, standing still while the other side must act."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    name = models.CharField(_("name"), max_length=40)
    working_days = models.PositiveSmallIntegerField(_("working days"))
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    paused_for = models.DurationField(_("paused for"), default=dt.timedelta)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True)
    breached_at = models.DateTimeField(_("breached"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("clock"), _("clocks")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "name"],
                condition=Q(stopped_at=None),
                name="a_clock_runs_once_on_a_record",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(stopped_at=None, paused_at=None), name="running_clocks"),
            models.Index(fields=["content_type", "object_id"], name="clocks_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.due_at:%Y-%m-%d}"


class CalendarDay(models.Model):
    """A day that differs from its weekday: a public holiday, or a make-up working day at a weekend."""

    day = models.DateField(_("day"), primary_key=True)
    works = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=80, blank=True)  # name_en, name_zh_hans

    class Meta:
        verbose_name, verbose_name_plural = _("calendar day"), _("working-day calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
