"""Endpoints of partners and enterprises, what happened, and a delivery each: rows claimed in leases, like mail."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import append_only, audited
from park.organisations.models import Organisation


class SendState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("message", "Waiting")
    SENDING = "sending", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    FAILED = "failed", pgettext_lazy("message", "Refused")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


class EndpointQuerySet(models.QuerySet):
    def running(self):
        return self.filter(stopped_at=None)


@audited(exclude=["secret", "old_secret", "served_at", "quiet_until"])
class Endpoint(models.Model):
    """An address of an organisation's own server that is told what happens. Its secrets are sealed."""

    MOST = 5  # running ones of an organisation

    class Stopped(models.TextChoices):
        OWNER = "owner", _("by its owner")
        STAFF = "staff", _("by park staff")
        GONE = "gone", _("the address said it is gone (410)")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="endpoints", verbose_name=_("organisation")
    )
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=40), verbose_name=_("told of"))
    secret = models.TextField(editable=False)
    old_secret = models.TextField(blank=True, editable=False)
    old_until = models.DateTimeField(_("old secret counts until"), null=True, blank=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    served_at = models.DateTimeField(default=timezone.now, editable=False)  # whose turn it was last
    quiet_until = models.DateTimeField(_("asked to be left alone until"), null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stopped = models.CharField(_("why it stopped"), max_length=10, choices=Stopped, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("endpoint"), _("endpoints")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "url"], condition=Q(stopped_at=None), name="an_address_is_told_once"
            ),
            models.CheckConstraint(
                name="an_endpoint_that_stopped_says_why",
                condition=Q(stopped_at=None, stopped="") | Q(stopped_at__isnull=False) & ~Q(stopped=""),
            ),
            models.CheckConstraint(name="an_endpoint_is_told_of_something", condition=Q(events__len__gt=0)),
            models.CheckConstraint(
                name="an_old_secret_has_an_end", condition=Q(old_secret="", old_until=None) | Q(old_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Event(models.Model):
    """One thing that happened, as every endpoint reads it: written down once, unique by its key."""

    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("key"), max_length=80)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("about")
    )
    data = models.JSONField(_("data"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("event"), _("events")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="an_event_happens_once")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SendingQuerySet(models.QuerySet):
    def troubled(self):
        return self.filter(state__in=[SendState.FAILED, SendState.DEAD])

    def unsent(self):
        return self.filter(state=SendState.PENDING)


class Sending(models.Model):
    """An event's way to one endpoint, with its own state, tries and delivery number (fixed before the first try)."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="sendings", verbose_name=_("endpoint"))
    event = models.ForeignKey(Event, models.CASCADE, related_name="sendings", verbose_name=_("event"))
    state = models.CharField(_("state"), max_length=10, choices=SendState, default=SendState.PENDING)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(_("worker"), max_length=60, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    number = models.UUIDField(_("delivery number"), default=uuid.uuid4, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("webhook delivery"), _("webhook deliveries")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="an_event_goes_once_to_an_endpoint"),
            models.CheckConstraint(name="a_sending_has_a_known_state", condition=Q(state__in=SendState.values)),
            models.CheckConstraint(
                name="a_sending_on_its_way_has_a_lease", condition=~Q(state="sending") | Q(lease_until__isnull=False)
            ),
            models.CheckConstraint(
                name="a_sending_that_arrived_says_when", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(F("due_at"), condition=Q(state__in=["pending", "sending"]), name="sendings_to_send"),
            models.Index(fields=["state"], condition=Q(state__in=["failed", "dead"]), name="sendings_in_trouble"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class EndpointAct(models.Model):
    """What somebody did with an endpoint or its deliveries."""

    class Act(models.TextChoices):
        MADE = "made", pgettext_lazy("endpoint", "Made")
        ROTATED = "rotated", pgettext_lazy("endpoint", "New secret")
        TESTED = "tested", pgettext_lazy("endpoint", "Tested")
        STOPPED = "stopped", pgettext_lazy("endpoint", "Stopped")
        REPLAYED = "replayed", pgettext_lazy("endpoint", "Sent again")
        CANCELLED = "cancelled", pgettext_lazy("endpoint", "Cancelled")

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="acts", verbose_name=_("endpoint"))
    act = models.CharField(_("act"), max_length=10, choices=Act)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    deliveries = models.PositiveIntegerField(_("deliveries"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("act on an endpoint"), _("acts on endpoints")
        default_permissions = ()
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.act}"
