"""The outbox: what is to be told, to whom, by which channel, and what became of it."""

from enum import StrEnum

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import append_only, audited


class Channel(models.TextChoices):
    IN_APP = "in_app", _("In the portal")
    EMAIL = "email", _("E-mail")


class Frequency(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


class DeliveryState(models.TextChoices):
    HELD = "held", _("Kept for the digest")
    PENDING = "pending", pgettext_lazy("message", "Waiting")
    SENDING = "sending", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    FAILED = "failed", pgettext_lazy("message", "Refused")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


class WaitsFor(StrEnum):
    """Who has to act on a delivery next. Nobody, where it went or never will."""

    DIGEST = "digest"
    WORKER = "worker"
    STAFF = "staff"


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def about(self, kind: str, subject_id: int):
        """Return what was told of one record, to whomever."""
        return self.filter(kind=kind, subject_id=subject_id)


class Notice(models.Model):
    """One thing told to one person: unique by recipient, kind, subject and version, so nothing is told twice.

    The row is the notice in the portal; other channels have a delivery each. ``subject_id`` is the primary key of the
    record that the kind speaks of. A notice of a mass release keeps no text (it stands on the release); a single
    letter keeps what it was written from in ``context``, and its words in ``letter``.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False, verbose_name=_("to whom")
    )
    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.BigIntegerField(_("number of the record"))
    version = models.PositiveIntegerField(_("version"), default=1)
    context = models.JSONField(null=True, blank=True)
    letter = models.JSONField(_("letter"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("notice"), _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject_id", "version"], name="a_notice_is_told_once"
            ),  # recipient first: it is the index of the inbox too
        ]
        indexes = [
            BrinIndex(
                fields=["kind", "subject_id"], autosummarize=True, pages_per_range=16, name="notices_of_a_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.subject_id}"


class DeliveryQuerySet(models.QuerySet):
    def due(self, now=None):
        """Return what should have gone by now and waits, also for a worker that died; not what is being sent."""
        now = now or timezone.now()
        left_behind = Q(state=DeliveryState.SENDING, lease_until__lt=now)
        free = Q(state=DeliveryState.PENDING) | left_behind
        return self.filter(free, waits_for=WaitsFor.WORKER, due_at__lte=now, paused=False)

    def troubled(self):
        """Return what was refused or given up: the list that staff look through."""
        return self.filter(waits_for=WaitsFor.STAFF)

    def unsent(self):
        return self.filter(state__in=[DeliveryState.HELD, DeliveryState.PENDING])

    def about(self, kind: str, subject_id: int, version: int):
        """Return the deliveries of a mass release."""
        return self.filter(notice__in=Notice.objects.about(kind, subject_id).filter(version=version))


class Delivery(models.Model):
    """A notice's way through one channel, with its own state, tries and Message-ID (fixed before the first try).

    ``waits_for`` follows from the state and changes only when somebody else has to act: the indexes speak of it and not
    of the state, so that a worker's claim touches none of them. ``message_id`` is kept of deliveries from a time when
    each was given one.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(_("worker"), max_length=60, blank=True)
    paused = models.BooleanField(_("paused"), db_default=False, default=False)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    message_id = models.UUIDField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    digest = models.ForeignKey(
        Notice, models.SET_NULL, related_name="gathered", null=True, blank=True, db_index=False, editable=False
    )  # the digest that carries it
    waits_for = models.GeneratedField(
        expression=Case(
            When(state="held", then=Value("digest")),
            When(state__in=["pending", "sending"], then=Value("worker")),
            When(state__in=["failed", "dead"], then=Value("staff")),
        ),
        output_field=models.CharField(max_length=6, null=True),
        db_persist=True,
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("delivery"), _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="a_notice_goes_once_by_a_channel"),
            models.CheckConstraint(name="a_delivery_has_a_known_state", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(
                name="a_delivery_being_sent_has_a_lease", condition=~Q(state="sending") | Q(lease_until__isnull=False)
            ),
            models.CheckConstraint(
                name="a_sent_delivery_says_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="only_what_waits_is_paused", condition=Q(paused=False) | Q(state__in=["held", "pending"])
            ),
            models.UniqueConstraint(
                fields=["message_id"], condition=Q(message_id__isnull=False), name="a_message_id_is_given_once"
            ),
        ]
        indexes = [
            models.Index(F("due_at"), condition=Q(waits_for="worker", paused=False), name="deliveries_to_send"),
            models.Index(F("due_at"), condition=Q(waits_for="digest"), name="deliveries_to_gather"),
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="deliveries_of_a_digest"),
            models.Index(fields=["-id"], condition=Q(waits_for="staff"), name="deliveries_in_trouble"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"

    @property
    def number(self) -> str:
        """What its Message-ID is made of: its key, and when it was told, as keys come again after a restore."""
        return str(self.message_id or f"{self.pk}.{self.notice.created_at.timestamp() * 1_000_000:.0f}")


@audited()
class Pause(models.Model):
    """A stop of one mass release: while it lasts no mail of it goes, also of those told meanwhile."""

    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.BigIntegerField(_("number of the record"))
    version = models.PositiveIntegerField(_("version"), default=1)
    since = models.DateTimeField(_("since"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    reason = models.CharField(_("reason"), max_length=300)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("ended by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("pause"), _("pauses")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "version"], condition=Q(ended_at=None), name="a_release_is_paused_once"
            ),
            models.CheckConstraint(
                name="a_pause_that_ended_says_who_ended_it",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(name="a_pause_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.subject_id}"


class OutboxAct(models.Model):
    """What a person did with the outbox: paused, resumed, called off, sent again or cancelled, and how much of it."""

    class Act(models.TextChoices):
        PAUSED = "paused", pgettext_lazy("outbox", "Paused")
        RESUMED = "resumed", pgettext_lazy("outbox", "Resumed")
        CALLED_OFF = "called_off", pgettext_lazy("outbox", "Called off")
        RETRIED = "retried", pgettext_lazy("outbox", "Sent again")
        CANCELLED = "cancelled", pgettext_lazy("outbox", "Cancelled")

    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("who")
    )  # nobody: the command line, or a verb of the system
    act = models.CharField(_("act"), max_length=10, choices=Act)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    subject_id = models.BigIntegerField(_("number of the record"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    deliveries = models.PositiveIntegerField(_("deliveries"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("act in the outbox"), _("acts in the outbox")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="an_outbox_act_is_known",
                condition=Q(act__in=["paused", "resumed", "called_off", "retried", "cancelled"]),
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.act} {self.deliveries}"


@audited()
class MailLimit(models.Model):
    """How many mails that may wait one person gets in a day before the rest goes as one overview. One row."""

    MOST = 12  # until staff choose otherwise

    a_day = models.PositiveSmallIntegerField(_("mails a person and day"), default=MOST)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("limit of mails"), _("limit of mails")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(name="there_is_one_limit_of_mails", condition=Q(pk=1)),
            models.CheckConstraint(
                name="a_person_may_get_some_mails_a_day",
                condition=Q(a_day__range=(1, 100)),
                violation_error_message=_("Choose between 1 and 100 mails a day."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.a_day)


class Preference(models.Model):
    """How often a person wants to hear of a topic by a channel. Without a row they hear at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences")
    topic = models.CharField(_("topic"), max_length=40)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    frequency = models.CharField(_("frequency"), max_length=10, choices=Frequency, default=Frequency.AT_ONCE)

    class Meta:
        verbose_name, verbose_name_plural = _("preference"), _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "topic", "channel"], name="one_preference_a_topic_and_channel"),
            models.CheckConstraint(
                name="a_preference_is_a_known_frequency", condition=Q(frequency__in=Frequency.values)
            ),
            models.CheckConstraint(
                name="what_stands_in_the_portal_is_not_muted",
                condition=~Q(channel="in_app"),
                violation_error_message=_("In the portal you always find everything."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic} {self.channel} {self.frequency}"
