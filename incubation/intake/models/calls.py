"""Calls, and the application forms as versioned data."""


from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Call(models.Model):
    """An invitation to apply: rolling (no end) or a round that closes."""

    class DecidedBy(models.TextChoices):
        OFFICERS = "officers", _("Officers: a second one decides after the review")
        PANEL = "panel", _("A panel: its chair proposes, another person decides")

    name = models.CharField(_("name"), max_length=120)  # name_en, name_zh_hans
    slug = models.SlugField(_("address name"), unique=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    decided_by = models.CharField(
        _("decided by"), max_length=10, choices=DecidedBy, default=DecidedBy.OFFICERS
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("call"), _("calls")
        constraints = [
            models.CheckConstraint(
                name="a_call_has_a_known_way_to_decide", condition=Q(decided_by__in=["officers", "panel"])
            ),
            models.CheckConstraint(
                name="a_call_closes_after_it_opens",
                condition=Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
                violation_error_message=_("The call would close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, moment) -> bool:
        """Tell whether one may start an application now."""
        return self.opens_at <= moment and (self.closes_at is None or moment < self.closes_at)


class FormVersionQuerySet(models.QuerySet):
    def in_use(self, moment):
        """Return the version that a new application gets."""
        return self.filter(published_at__lte=moment).order_by("-number").first()


class FormVersion(models.Model):
    """One version of the application form: parts, tasks and fields as data. A sent application keeps its version."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    definition = models.JSONField(_("parts, tasks and fields"))
    published_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("form version"), _("form versions")
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)
