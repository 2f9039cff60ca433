"""What people asked to be told of: searches they saved, and the private calendar of their deadlines."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited
from park.notices.models import Frequency
from services.policies.facets import Asked
from services.policies.models import PolicyVersion

HOW_OFTEN = [(each.value, each.label) for each in (Frequency.AT_ONCE, Frequency.DAILY, Frequency.WEEKLY)]


class SavedSearchQuerySet(models.QuerySet):
    def running(self):
        """Return the searches that their owners have not stopped."""
        return self.filter(stopped_at=None)


@audited(exclude=["looked_at"])
class SavedSearch(models.Model):
    """What a person asked of the catalogue and wants to hear of again: new policies that match, and why they do."""

    MOST = 20  # of one person

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=80)
    query = models.JSONField(_("filters"))  # {"q": text, "kind": [values], …}, cleaned
    key = models.CharField(max_length=64, editable=False)  # the same for the same filters
    frequency = models.CharField(_("how often"), max_length=10, choices=HOW_OFTEN, default=Frequency.DAILY)
    created_at = models.DateTimeField(_("saved"), default=timezone.now)
    looked_at = models.DateTimeField(_("looked"), default=timezone.now)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("saved search"), _("saved searches")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], condition=Q(stopped_at=None), name="a_search_is_saved_once"
            ),
            models.CheckConstraint(
                name="a_search_is_told_of_now_and_then", condition=Q(frequency__in=["at_once", "daily", "weekly"])
            ),
            models.CheckConstraint(name="a_saved_search_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="a_saved_search_asks_for_something",
                condition=~Q(query={}),
                violation_error_message=_("Choose a filter or write a word first: this would be every policy."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def asked(self) -> Asked:
        """The filters as the catalogue takes them."""
        return Asked(text=self.query.get("q", ""), chosen={k: v for k, v in self.query.items() if k != "q"})


class Alert(models.Model):
    """One telling of a saved search: at most one a search and period. The outbox sends it, and again if it must."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="alerts", verbose_name=_("saved search"))
    period = models.CharField(_("period"), max_length=24)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("alert"), _("alerts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["search", "period"], name="one_alert_a_search_and_period"),
        ]

    def __str__(self) -> str:
        return f"{self.search_id} {self.period}"


class HitQuerySet(models.QuerySet):
    def untold(self):
        """Return what matches and was not told of yet."""
        return self.filter(alert=None, known_before=False)


class Hit(models.Model):
    """A policy version that a saved search matches, with the filters that matched when it was found."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="hits", verbose_name=_("saved search"))
    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="+", verbose_name=_("policy version"))
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    matched = models.JSONField(_("what matched"), default=dict)
    known_before = models.BooleanField(_("known when it was saved"), default=False)
    alert = models.ForeignKey(Alert, models.SET_NULL, related_name="hits", null=True, blank=True)

    objects = HitQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("hit"), _("hits")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["search", "version"], name="a_search_finds_a_version_once"),
            models.CheckConstraint(
                name="what_was_known_is_not_told", condition=Q(known_before=False) | Q(alert__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["search"], condition=Q(alert=None, known_before=False), name="hits_to_tell_of"),
        ]

    def __str__(self) -> str:
        return f"{self.search_id} {self.version_id}"


@audited(exclude=["digest", "read_at"])
class Feed(models.Model):
    """The secret address of a person's calendar; only its digest is kept. A new one ends the old one."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds", verbose_name=_("person")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("calendar address"), _("calendar addresses")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None), name="a_person_has_one_calendar_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"
