"""What officers keep beside their cases: flags, threads of messages, and who stands in for whom."""

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import append_only, audited
from park.workflow.calendar import beijing_day
from park.workflow.models import RecordQuerySet

NOT_BLANK = r"\S"


class FlagKind(models.TextChoices):
    IDENTITY = "identity", _("Who this is, is not clear")
    RIGHTS = "rights", _("Rights to the technology are disputed")
    STATEMENT = "statement", _("A statement proved wrong")
    MONEY = "money", _("Money or a report is owed")
    INTEREST = "interest", _("Close to staff or experts")
    CARE = "care", _("Handle with care")


class FlagQuerySet(RecordQuerySet):
    def live(self, now=None):
        """Return the flags that count today: not lifted, and their time is not over."""
        today = beijing_day(now or timezone.now())
        return self.filter(Q(until=None) | Q(until__gte=today), lifted_at=None)

    def on(self, records):
        """Return the flags on any of these records, the newest first."""
        kinds: dict[type, list[int]] = {}
        for record in records:
            kinds.setdefault(type(record), []).append(record.pk)
        any_of = Q(pk__in=[])
        for model, ids in kinds.items():
            any_of |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=ids)
        return self.filter(any_of).select_related("by", "lifted_by", "content_type").order_by("-at", "-pk")


class Flag(models.Model):
    """Something that every officer should know of a person, a company or a case. Lifted, never changed or deleted."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    kind = models.CharField(_("kind"), max_length=20, choices=FlagKind)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("flag", "by")
    )
    at = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_because = models.TextField(_("lifted because"), blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("flag"), _("flags")
        ordering = ["-at", "-pk"]
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(name="a_flag_has_a_known_kind", condition=Q(kind__in=FlagKind.values)),
            models.CheckConstraint(
                name="a_flag_has_a_reason", condition=Q(reason__regex=NOT_BLANK),
                violation_error_message=_("Say why: other officers read it."),
            ),
            models.CheckConstraint(
                name="a_flag_is_lifted_by_somebody_for_a_reason",
                condition=Q(lifted_at=None, lifted_by=None, lifted_because="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lifted_because__regex=NOT_BLANK),
                violation_error_message=_("Say why the flag is lifted."),
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], condition=Q(lifted_at=None), name="flags_not_lifted"),
            models.Index(fields=["content_type", "object_id", "-at"], name="flags_of_a_record"),
        ]
        triggers = [
            pgtrigger.Protect(name="a_flag_stays_on_record", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="what_a_flag_says_stays", exclude=["lifted_at", "lifted_by", "lifted_because"]
            ),
            pgtrigger.Protect(
                name="a_lifted_flag_stays_lifted",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__lifted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_live(self) -> bool:
        return self.lifted_at is None and (self.until is None or self.until >= beijing_day(timezone.now()))


class Visibility(models.TextChoices):
    """Who reads a message: the applicant and the officers, the experts and the officers, or the officers alone."""

    APPLICANT = "applicant", _("The applicant and staff")
    REVIEWERS = "reviewers", _("The experts and staff")
    STAFF = "staff", _("Staff only")


class Side(models.TextChoices):
    """In which part somebody wrote."""

    APPLICANT = "applicant", _("Applicant")
    REVIEWER = "reviewer", _("Expert")
    PARK = "park", _("The park")


class Message(models.Model):
    """One message on a file, in one of three threads. Written once, never changed."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    visibility = models.CharField(_("who reads it"), max_length=10, choices=Visibility)
    side = models.CharField(_("written as"), max_length=10, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    text = models.TextField(_("message"))
    documents = models.ManyToManyField("files.Document", related_name="+", blank=True, verbose_name=_("files"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        ordering = ["at", "pk"]
        default_permissions = ()  # who reads and writes is a matter of the record it is about
        constraints = [
            models.CheckConstraint(name="a_message_has_known_readers", condition=Q(visibility__in=Visibility.values)),
            models.CheckConstraint(name="a_message_says_something", condition=Q(text__regex=NOT_BLANK),
                                   violation_error_message=_("Write a message.")),
            models.CheckConstraint(
                name="each_side_writes_in_its_own_thread",
                condition=Q(side=Side.PARK)
                | Q(side=Side.APPLICANT, visibility=Visibility.APPLICANT)
                | Q(side=Side.REVIEWER, visibility=Visibility.REVIEWERS),
            ),
        ]
        indexes = [models.Index(fields=["content_type", "object_id", "visibility", "-at"], name="messages_of_a_record")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.text[:60]


class AbsenceQuerySet(models.QuerySet):
    def today(self, now=None):
        """Return the absences of today, by the park's own day."""
        day = beijing_day(now or timezone.now())
        return self.filter(first_day__lte=day, last_day__gte=day, cancelled_at=None)

    def coming(self, now=None):
        return self.filter(last_day__gte=beijing_day(now or timezone.now()), cancelled_at=None)


@audited()
class Absence(models.Model):
    """The days on which an officer is away, and who stands in."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("officer")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("stands in")
    )
    first_day = models.DateField(_("first day away"))
    last_day = models.DateField(_("last day away"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("absence"), _("absences")
        ordering = ["-first_day", "-pk"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="an_absence_ends_after_it_began", condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                name="nobody_stands_in_for_themselves", condition=~Q(officer=F("substitute")),
                violation_error_message=_("Somebody else has to stand in."),
            ),
            ExclusionConstraint(
                name="an_officer_is_away_once_a_day",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    (
                        Func("first_day", "last_day", RangeBoundary(inclusive_upper=True),
                             function="DATERANGE", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(cancelled_at=None),
                violation_error_message=_("This officer is entered as away on one of these days already."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["last_day"], condition=Q(cancelled_at=None), name="absences_to_come")]

    def __str__(self) -> str:
        return f"{self.officer} {self.first_day} – {self.last_day}"
