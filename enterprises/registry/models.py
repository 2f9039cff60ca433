"""The companies of the park."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError

from park.audit.tracking import audited
from talents.profiles.sectors import Sector


class Zone(models.TextChoices):
    HIGH_TECH = "CCGX", _("High-tech Zone")
    BEIHU = "CCBH", _("Beihu")
    AIRPORT = "CCKG", _("Airport Zone")
    CHANGDE = "CCCD", _("Changde")
    ELSEWHERE = "other_changchun", _("Elsewhere in Changchun")


class PublicField(models.TextChoices):
    """What an enterprise may agree to show, field by field."""

    NAME = "name", _("Name")
    SECTOR = "sector", _("Field")
    STAGE = "stage", _("Stage")
    ABOUT = "about", _("What we do")
    WEBSITE = "website", _("Website")
    FOUNDERS = "founders", _("Founders")
    HEADCOUNT = "headcount", _("Number of people")
    RECOGNITIONS = "recognitions", _("Recognitions")


def validate_credit_code(code: str) -> None:
    """Refuse a unified social credit code whose form or check characters are wrong (GB 32100-2015)."""
    try:
        uscc.validate(code)
    except NumberError:
        raise ValidationError(
            _("This is not a unified social credit code: it has 18 characters and a check character at the end.")
        )


class EnterpriseQuerySet(models.QuerySet):
    def shown_in_public(self):
        """Return the enterprises that agreed to show at least their name."""
        return self.filter(public_fields__contains=[PublicField.NAME])


@audited(translated=["about"])
class Enterprise(models.Model):
    """A company on the park's register. What it may show to strangers is listed field by field in ``public_fields``."""

    organisation = models.OneToOneField(
        "organisations.Organisation", models.PROTECT, related_name="enterprise", verbose_name=_("organisation")
    )
    credit_code = models.CharField(
        _("unified social credit code"), max_length=18, unique=True, null=True, blank=True,
        validators=[validate_credit_code],
    )
    sector = models.CharField(_("field"), max_length=40, choices=Sector)
    zone = models.CharField(_("zone"), max_length=20, choices=Zone, default=Zone.HIGH_TECH)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    about = models.TextField(_("what we do"), blank=True)  # about_en, about_zh_hans
    website = models.URLField(_("website"), blank=True)
    public_fields = ArrayField(
        models.CharField(max_length=20, choices=PublicField),
        verbose_name=_("shown in public"),
        default=list,
        blank=True,
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("enterprise"), _("enterprises")
        constraints = [
            models.CheckConstraint(name="an_enterprise_has_a_known_sector", condition=Q(sector__in=Sector.values)),
            models.CheckConstraint(name="an_enterprise_has_a_known_zone", condition=Q(zone__in=Zone.values)),
            models.CheckConstraint(
                name="a_credit_code_has_18_characters",
                condition=Q(credit_code=None) | Q(credit_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


@audited()
class Founder(models.Model):
    """A talent's share in an enterprise."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="founders")
    talent = models.ForeignKey("profiles.Talent", models.PROTECT, related_name="foundings", verbose_name=_("talent"))
    share = models.PositiveSmallIntegerField(_("share"), help_text=_("Per cent of the equity."))
    legal_representative = models.BooleanField(_("legal representative"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("founder"), _("founders")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "talent"], name="a_talent_founds_an_enterprise_once"),
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(legal_representative=True), name="one_legal_representative"
            ),
            models.CheckConstraint(
                name="founder_share_is_a_per_cent", condition=Q(share__range=(1, 100)),
                violation_error_message=_("A share lies between 1 and 100 per cent."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="founders_share_at_most_all",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                # The lock makes two founders who are entered at once wait for each other, so both sums are true.
                func="""
                    PERFORM 1 FROM registry_enterprise WHERE id = NEW.enterprise_id FOR NO KEY UPDATE;
                    IF (SELECT sum(share) FROM registry_founder WHERE enterprise_id = NEW.enterprise_id) > 100 THEN
                        RAISE EXCEPTION 'founders_share_at_most_all' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.talent} · {self.share} %"
