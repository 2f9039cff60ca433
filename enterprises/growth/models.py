"""How companies grow: titles, rights, money raised."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Rung(models.TextChoices):
    """The growth ladder in the order of the park; gazelle and unicorn are side labels."""

    TECH_SME = "tech_sme", _("Technology-based SME")
    INNOVATIVE_SME = "innovative_sme", _("Innovative SME")
    HNTE = "hnte", _("High-tech enterprise")
    SRDI_SME = "srdi_sme", _("Specialised and sophisticated SME")
    LITTLE_GIANT = "little_giant", _("Little giant")
    CHAMPION = "champion", _("Single-field champion")
    GAZELLE = "gazelle", _("Gazelle")
    UNICORN = "unicorn", _("Unicorn")


class Recognition(models.Model):
    """A title an enterprise holds for a time."""

    enterprise = models.ForeignKey("registry.Enterprise", models.CASCADE, related_name="recognitions")
    rung = models.CharField(pgettext_lazy("of the growth ladder", "title"), max_length=20, choices=Rung)
    number = models.CharField(_("certificate number"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("recognition"), _("recognitions")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "rung", "valid_from"], name="a_title_is_granted_once_a_day"),
            models.CheckConstraint(name="a_title_is_on_the_ladder", condition=Q(rung__in=Rung.values)),
            models.CheckConstraint(
                name="a_title_ends_after_it_began", condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_rung_display()


class IPRight(models.Model):
    """A right an enterprise owns. Classes I and II are those of the evaluation of technology-based SMEs.

    Source: 国科发政〔2017〕115号.
    """

    class Kind(models.TextChoices):
        INVENTION = "invention", _("Invention patent")
        UTILITY_MODEL = "utility_model", _("Utility model")
        DESIGN = "design", _("Design patent")
        SOFTWARE = "software", _("Software copyright")
        PLANT_VARIETY = "plant_variety", _("Plant variety right")
        IC_LAYOUT = "ic_layout", _("Integrated-circuit layout")
        NEW_DRUG = "new_drug", _("New drug certificate")

    CLASS_ONE = (Kind.INVENTION, Kind.PLANT_VARIETY, Kind.IC_LAYOUT, Kind.NEW_DRUG)

    enterprise = models.ForeignKey("registry.Enterprise", models.CASCADE, related_name="ip_rights")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("number"), max_length=60)
    granted_on = models.DateField(_("granted on"))
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("IP right"), _("IP rights")
        ordering = ["-granted_on"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="an_ip_right_is_registered_once"),
        ]

    def __str__(self) -> str:
        return self.title


class FinancingRound(models.Model):
    """Money an enterprise raised, in yuan."""

    class Kind(models.TextChoices):
        ANGEL = "angel", _("Angel")
        SEED = "seed", _("Seed fund")
        ROUND_A = "a", _("Round A")
        ROUND_B = "b", _("Round B")
        LATER = "later", _("Later round")
        LOAN = "loan", _("Loan")

    enterprise = models.ForeignKey("registry.Enterprise", models.CASCADE, related_name="financing_rounds")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    amount = models.DecimalField(_("amount, CNY"), max_digits=18, decimal_places=2)
    closed_on = models.DateField(_("closed on"))
    investor = models.CharField(_("investor"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("financing round"), _("financing rounds")
        ordering = ["-closed_on"]
        constraints = [
            models.CheckConstraint(
                name="a_round_raises_money", condition=Q(amount__gt=0),
                violation_error_message=_("The amount is above zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.closed_on}"
