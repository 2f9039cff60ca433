"""What the park says of its stages, how long one may stay, and the milestones inside a stage."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited
from talents.profiles.sectors import Sector

from ..stages import Stage
from .tenants import Tenant


class StageGuide(models.Model):
    """What the park says of a stage: for whom, what one gets, what its gate asks. Kept by staff, in two languages."""

    stage = models.CharField(_("stage"), max_length=20, choices=Stage, unique=True)
    gate = models.CharField(_("gate into this stage"), max_length=40)
    summary = models.CharField(_("in a few words"), max_length=80)
    who = models.TextField(_("for whom"))
    entry = models.TextField(_("what you bring"), help_text=_("One a line."))
    gets = models.TextField(_("what you get"), help_text=_("One a line."))
    asks = models.TextField(_("what the next gate asks"), help_text=_("One a line."))
    evidence = models.TextField(_("what is kept as evidence"), help_text=_("One a line."))
    months_from = models.PositiveSmallIntegerField(_("usual time, months, from"))
    months_to = models.PositiveSmallIntegerField(_("usual time, months, to"))

    class Meta:
        verbose_name, verbose_name_plural = _("what a stage is"), _("what the stages are")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="a_guide_is_of_a_known_stage", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="a_usual_time_runs_forward", condition=Q(months_from__gt=0, months_to__gte=F("months_from")),
                violation_error_message=_("The longer time comes second."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_stage_display()


class MilestonePlan(models.Model):
    """A milestone that every tenant of a stage starts with. Kept by staff; what a tenant has already stays as it is."""

    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    position = models.PositiveSmallIntegerField(_("place"))
    name = models.CharField(_("milestone"), max_length=120)  # name_en, name_zh_hans

    class Meta:
        verbose_name, verbose_name_plural = _("usual milestone"), _("usual milestones")
        ordering = ["stage", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "position"], name="one_usual_milestone_a_place"),
            models.CheckConstraint(name="a_usual_milestone_is_of_a_known_stage", condition=Q(stage__in=Stage.values)),
        ]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """Something a tenant achieved, or means to achieve, inside a stage."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="milestones")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    name = models.CharField(_("milestone"), max_length=120)  # name_en, name_zh_hans
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("milestone"), _("milestones")
        ordering = ["stage", "position", "pk"]

    def __str__(self) -> str:
        return self.name


class StageLimitQuerySet(models.QuerySet):
    def on(self, day):
        """Return the limits in force on a day."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


@audited()
class StageLimit(models.Model):
    """How long a tenant may stay: in one stage, or (``stage`` empty) as a company in all, from start-up incubation on.

    Of several the one for its field goes before the one for every field. A limit is ended and a new one begun, never
    rewritten. The stay in all is a rule of the state: 48 months, 60 in biomedicine, modern agriculture and
    integrated circuits, 科技企业孵化器管理办法 国科发区〔2018〕300号.
    """

    stage = models.CharField(
        _("stage"), max_length=20, choices=Stage, blank=True, help_text=_("Empty: the whole stay as a company.")
    )
    sector = models.CharField(
        _("field"), max_length=40, choices=Sector, blank=True, help_text=_("Empty: every field without one of its own.")
    )
    months = models.PositiveSmallIntegerField(_("months"), validators=[MinValueValidator(1)])
    document = models.CharField(_("document that says so"), max_length=200, blank=True)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("in force until"), null=True, blank=True)

    objects = StageLimitQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("limit of a stay"), _("limits of a stay")
        ordering = ["stage", "sector", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "sector"], condition=Q(until=None), name="one_limit_of_a_stay_holds",
                violation_error_message=_("End the limit that holds first, then begin the new one."),
            ),
            models.CheckConstraint(name="a_limit_is_a_month_at_least", condition=Q(months__gte=1)),
            models.CheckConstraint(
                name="a_limit_ends_after_it_began", condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("The end is before the start."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_stage_display() or _('The whole stay')} · {self.months}"
