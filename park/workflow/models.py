"""What every process of the park writes down: moves, clocks, and the calendar they run on."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RecordQuerySet(models.QuerySet):
    """Rows that hang on any record of the park."""

    def of(self, record):
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def of_all(self, model, ids):
        """Return the rows of several records of one model (of all, if ``ids`` is a queryset of them)."""
        return self.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=ids)


class TransitionLogQuerySet(RecordQuerySet):
    def made(self):
        """Return the moves that took place."""
        return self.filter(refusal="")

    def refused(self):
        """Return the tries that were refused."""
        return self.exclude(refusal="")


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
        "organisations.Organisation",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("acting", "for"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    reason_code = models.CharField(_("reason"), max_length=40, blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    note = models.TextField(_("note for the other side"), blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    versions = models.JSONField(_("versions"), default=dict, blank=True)
    refusal = models.CharField(_("refused because"), max_length=200, blank=True)

    objects = TransitionLogQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("move"), _("moves")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "-at"], name="moves_of_a_record")]
        triggers = [
            pgtrigger.Protect(name="what_was_written_down_stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.move}: {self.origin} → {self.target}"


class ClockQuerySet(RecordQuerySet):
    def open(self):
        """Return the clocks that have not been stopped; some of them may stand still."""
        return self.filter(stopped_at=None)

    def running(self):
        return self.open().filter(paused_at=None)

    def paused(self):
        return self.open().exclude(paused_at=None)

    def due_before(self, moment):
        return self.running().filter(due_at__lt=moment)

    def late(self, now=None):
        """Return the running clocks whose promise is broken."""
        return self.running().filter(due_at__lte=now or timezone.now())

    def at_risk(self, now=None):
        """Return the running clocks that have used 70 per cent of their time, and are not late yet."""
        now = now or timezone.now()
        return self.running().filter(warn_at__lte=now, due_at__gt=now)


class Clock(models.Model):
    """A promise that runs on one record: due after so many working days, paused while the other side must act."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    name = models.CharField(_("name"), max_length=40)
    working_days = models.PositiveSmallIntegerField(_("working days"))
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    # xgettext:no-python-format
    warn_at = models.DateTimeField(_("70 % used"))
    due_at = models.DateTimeField(_("due"))
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    paused_for = models.DurationField(_("paused for"), default=dt.timedelta)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True)
    breached_at = models.DateTimeField(_("breached"), null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("clock"), _("clocks")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "name"],
                condition=Q(stopped_at=None),
                name="a_clock_runs_once_on_a_record",
            ),
            models.CheckConstraint(
                name="a_clock_warns_before_it_is_due", condition=Q(warn_at__lte=F("due_at"), due_at__gt=F("started_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(stopped_at=None, paused_at=None), name="running_clocks"),
            models.Index(
                fields=["warn_at"], condition=Q(stopped_at=None, paused_at=None, warned_at=None), name="clocks_to_warn"
            ),
            models.Index(fields=["content_type", "object_id"], name="clocks_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {date_format(timezone.localtime(self.due_at))}"

    @property
    def is_late(self) -> bool:
        return self.stopped_at is None and self.paused_at is None and self.due_at <= timezone.now()


class CalendarDay(models.Model):
    """A day that differs from its weekday: a public holiday, or a make-up working day at a weekend."""

    day = models.DateField(_("day"), primary_key=True)
    works = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=80, blank=True)  # name_en, name_zh_hans

    class Meta:
        verbose_name, verbose_name_plural = _("calendar day"), _("working-day calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{date_format(self.day)} {self.name}"
