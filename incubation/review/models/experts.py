"""The people who score."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from park.accounts.models import Language
from park.audit.tracking import audited
from talents.profiles.sectors import Sector


class Background(models.TextChoices):
    """What an expert brings to a panel."""

    TECHNICAL = "technical", _("Technical expert")
    ENTERPRISE = "enterprise", _("Enterprise")
    INVESTOR = "investor", _("Investor")
    FINANCE = "finance", _("Finance")


def words(label, help_text="", **options):
    """A list of short texts."""
    return ArrayField(
        models.CharField(max_length=120), default=list, blank=True, verbose_name=label, help_text=help_text, **options
    )


class ExpertQuerySet(models.QuerySet):
    def serving(self):
        """Return the experts who may be assigned at all."""
        return self.filter(active=True, user__is_active=True)

    def present_on(self, day):
        """Return those who are not away on a day."""
        return self.exclude(away_from__lte=day, away_until__gte=day)


@audited()
class Expert(models.Model):
    """A person who scores files: what they know, for whom they work, how much they take, when they are away."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="expert", verbose_name=_("account")
    )
    background = models.CharField(_("background"), max_length=12, choices=Background, default=Background.TECHNICAL)
    sectors = ArrayField(
        models.CharField(max_length=40, choices=Sector), default=list, blank=True, verbose_name=_("fields")
    )
    keywords = words(_("expertise in key words"))
    languages = ArrayField(
        models.CharField(max_length=10, choices=Language), default=list, blank=True, verbose_name=_("reads"),
        help_text=_("Languages in which this person can read a file."),
    )  # fmt: skip
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    organisations = words(_("other organisations"), _("Of the last three years: posts, boards, advice."))
    invested_in = words(_("has shares in, lends to or directs"))
    coauthors = words(_("co-authors and project partners"), _("Of the last three years."))
    address = models.CharField(_("address"), max_length=200, blank=True)
    outside = models.BooleanField(_("from outside the park"), default=True)
    max_load = models.PositiveSmallIntegerField(_("takes at most, in all rounds"), default=15)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    active = models.BooleanField(_("serves"), default=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("expert"), _("experts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="an_absence_has_both_ends",
                condition=Q(away_from=None, away_until=None) | Q(away_until__gte=models.F("away_from")),
                violation_error_message=_("Give both days of the absence, the first before the last."),
            ),
            models.CheckConstraint(
                name="an_expert_takes_a_countable_load", condition=Q(max_load__range=(1, 200)),
                violation_error_message=_("The load lies between 1 and 200."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.user.display_name

    def is_away(self, first, last) -> bool:
        """Tell whether the whole time between two days falls into an absence."""
        return bool(self.away_from and self.away_from <= first and self.away_until >= last)
