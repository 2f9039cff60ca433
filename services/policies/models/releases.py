"""Whom a release would reach, and what a release did."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import append_only, audited

from ..states import State
from .policies import PolicyVersion

TOLD = ["fits", "may_fit"]


class Preview(models.Model):
    """Whom a release would reach, as an officer saw it at one moment. A release names the preview it rests on."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="previews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)
    fits = ArrayField(models.BigIntegerField(), default=list)
    may_fit = ArrayField(models.BigIntegerField(), default=list)
    near = ArrayField(models.BigIntegerField(), default=list)  # one condition away, of those who do not fit
    people = models.PositiveIntegerField(_("people"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("preview"), _("previews")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.at:%Y-%m-%d %H:%M}"


class ReleaseQuerySet(models.QuerySet):
    def unfinished(self):
        """Return the releases that have not told everybody yet."""
        return self.exclude(progress=Release.Progress.COMPLETE).exclude(version__state=State.WITHDRAWN)


@audited()
class Release(models.Model):
    """One act of telling the tenants of a version: who did it, what was previewed, how far the work has come."""

    class Progress(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("release", "Queued")
        RUNNING = "running", pgettext_lazy("release", "Running")
        COMPLETE = "complete", pgettext_lazy("release", "Complete")

    version = models.OneToOneField(PolicyVersion, models.PROTECT, related_name="release", verbose_name=_("version"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    progress = models.CharField(_("progress"), max_length=10, choices=Progress, default=Progress.QUEUED)
    preview = models.ForeignKey(Preview, models.PROTECT, related_name="+", verbose_name=_("preview"))
    amends = models.OneToOneField(
        PolicyVersion, models.PROTECT, related_name="amended_by", null=True, blank=True, verbose_name=_("amends")
    )  # the version that was released before
    drift = models.JSONField(_("changed since the preview"), default=dict)
    fits = models.PositiveIntegerField(_("fits"), default=0)
    may_fit = models.PositiveIntegerField(_("may fit"), default=0)
    near = models.PositiveIntegerField(_("near"), default=0)
    told = models.PositiveIntegerField(_("people told"), default=0)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("release"), _("releases")
        constraints = [
            models.CheckConstraint(
                name="a_complete_release_says_when", condition=~Q(progress="complete") | Q(completed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {date_format(timezone.localtime(self.at))}"


class ReleaseChange(models.Model):
    """A tenant for whom a release turned what the version before had said: it gained the policy, or lost it.

    Masks and trace are those of a verdict, so that the reasons can be said at any time.
    """

    class What(models.TextChoices):
        GAINED = "gained", pgettext_lazy("release", "Gained")
        LOST = "lost", pgettext_lazy("release", "Lost")

    release = models.ForeignKey(Release, models.CASCADE, related_name="changes", verbose_name=_("release"))
    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="+", verbose_name=_("tenant"))
    what = models.CharField(_("what"), max_length=6, choices=What)
    before = models.CharField(_("verdict before"), max_length=8, blank=True)
    after = models.CharField(_("verdict after"), max_length=8, blank=True)  # empty: it is not for such tenants
    trace = models.JSONField(default=list)

    class Meta:
        verbose_name, verbose_name_plural = _("change by a release"), _("changes by a release")
        default_permissions = ()
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(fields=["release", "tenant"], name="a_release_turns_a_tenant_once"),
            models.CheckConstraint(
                name="who_gained_did_not_fit_before",
                condition=Q(what="gained", after__in=TOLD) & ~Q(before__in=TOLD)
                | Q(what="lost", before__in=TOLD) & ~Q(after__in=TOLD),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.what}"

    @property
    def version(self) -> PolicyVersion:
        return self.release.version

    @property
    def judged_at(self):
        return self.release.at
