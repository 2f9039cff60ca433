"""What the rule of a version says of each tenant, and what was known and said at a past moment."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import append_only

from .policies import PolicyVersion


class Verdict(models.Model):
    """What a policy version's rule says of a tenant; stored for those that fit, may fit, are near, or once were.

    ``met`` and ``unknown`` hold a bit a criterion in the order of the rule; one in both does not apply. ``trace`` keeps
    each fact as it was read: key, value, source and day, and until when it is good, where that is known.
    """

    class Word(models.TextChoices):
        FITS = "fits", _("Fits")
        MAY_FIT = "may_fit", _("May fit")
        NOT_NOW = "not_now", _("Does not fit now")

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="verdicts")
    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="verdicts", db_index=False)
    word = models.CharField(_("verdict"), max_length=8, choices=Word)
    near = models.BooleanField(_("one condition away"), default=False)
    met = models.BigIntegerField()
    unknown = models.BigIntegerField()
    trace = models.JSONField(_("trace"), default=list)
    judged_at = models.DateTimeField(_("checked"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("verdict"), _("verdicts")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="one_verdict_a_tenant_and_version"),
            models.CheckConstraint(
                name="a_verdict_is_one_of_three_words", condition=Q(word__in=["fits", "may_fit", "not_now"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.word}"


class VerdictChange(models.Model):
    """A verdict as it was written at one moment: the database adds a row whenever one is written or becomes another."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="+", db_index=False)
    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(_("verdict"), max_length=8, choices=Verdict.Word)
    near = models.BooleanField(_("one condition away"))
    met = models.BigIntegerField()
    unknown = models.BigIntegerField()
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name, verbose_name_plural = _("verdict of then"), _("verdicts of then")
        default_permissions = ()
        indexes = [models.Index(fields=["tenant", "version", "-at"], name="verdicts_by_moment")]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.word} {self.at:%Y-%m-%d %H:%M}"


class NewFit(models.Model):
    """That a released version came to fit a tenant which it had never fitted before: told once, with what turned.

    ``turned`` holds a bit for each condition that was not met before; ``trace`` is that of the verdict. ``batch``
    counts the checks of this version that found somebody.
    """

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="new_fits", db_index=False)
    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="new_fits")
    batch = models.PositiveIntegerField()
    turned = models.BigIntegerField(default=0)
    trace = models.JSONField(_("trace"), default=list)
    judged_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("new fit"), _("new fits")
        default_permissions = ()
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(fields=["version", "tenant"], name="a_version_comes_to_fit_a_tenant_once"),
        ]
        indexes = [models.Index(fields=["version", "batch"], name="new_fits_by_batch")]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.judged_at:%Y-%m-%d}"


class KnownUntil(models.Model):
    """What stood in a tenant's row of facts until it became another, written by the database with every change.

    ``was`` holds by column, and ``origins`` by key of the fact, only what changed.
    ``began``: until then there was no row.
    """

    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="+", db_index=False)
    until = models.DateTimeField()
    was = models.JSONField(default=dict)
    origins = models.JSONField(default=dict)
    began = models.BooleanField(default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("facts of then"), _("facts of then")
        default_permissions = ()
        indexes = [models.Index(fields=["tenant", "until", "id"], name="facts_by_moment")]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.until:%Y-%m-%d %H:%M}"


class Judged(models.Model):
    """Up to which change of its facts a tenant was judged against every released policy."""

    tenant = models.OneToOneField("journey.Tenant", models.CASCADE, primary_key=True, related_name="+")
    facts_of = models.DateTimeField()
    before = models.DateTimeField(null=True)  # up to which change it was judged the time before
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name, verbose_name_plural = _("last check"), _("last checks")

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.facts_of:%Y-%m-%d %H:%M}"
