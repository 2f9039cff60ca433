"""Calls: when and for what one may apply."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incubation.journey.stages import Stage
from park.audit.tracking import audited

from .forms import ApplicationForm, FormVersion


class CallQuerySet(models.QuerySet):
    def open_at(self, moment):
        """Return the calls for which one may start an application, those that close first in front."""
        running = self.filter(Q(closes_at=None) | Q(closes_at__gt=moment), opens_at__lte=moment)
        return running.order_by(models.F("closes_at").asc(nulls_last=True), "opens_at", "pk")

    def opening_after(self, moment):
        """Return the calls that open later, the next one in front."""
        return self.filter(opens_at__gt=moment).order_by("opens_at", "pk")


@audited(translated=["name", "about", "who"])
class Call(models.Model):
    """An invitation to apply: rolling (no end) or a round that closes.

    ``form`` left empty is the general one; no ``stages`` named means all five.
    """

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
    form = models.ForeignKey(
        ApplicationForm, models.PROTECT, related_name="calls", null=True, blank=True,
        verbose_name=_("application form"),
        help_text=_("Left empty, people fill in the general form."),
    )  # fmt: skip
    stages = ArrayField(
        models.CharField(max_length=20, choices=Stage), verbose_name=_("stages"), default=list, blank=True,
        help_text=_("Into which stages one can come by this call. None ticked: into any."),
    )  # fmt: skip
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    about = models.TextField(_("what it is about"), blank=True, max_length=4000)  # about_en, about_zh_hans
    who = models.TextField(_("who may apply"), blank=True, max_length=2000)  # who_en, who_zh_hans

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("call"), _("calls")
        constraints = [
            models.CheckConstraint(
                name="a_call_has_a_known_way_to_decide", condition=Q(decided_by__in=["officers", "panel"])
            ),
            models.CheckConstraint(
                name="a_call_names_known_stages", condition=Q(stages__contained_by=list(Stage.values)),
                violation_error_message=_("One of these is no stage."),
            ),
            models.CheckConstraint(
                name="a_call_has_a_place_or_no_count", condition=Q(places=None) | Q(places__gte=1),
                violation_error_message=_("Write at least one place, or leave it empty."),
            ),
            models.CheckConstraint(
                name="a_call_closes_after_it_opens",
                condition=Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
                violation_error_message=_("The call would close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("intake:call", args=[self.slug])

    @property
    def form_version(self) -> FormVersion | None:
        """The version of its form that a new application gets."""
        return FormVersion.objects.in_use(self.form)

    @property
    def stage_labels(self) -> list[str]:
        """The stages it is for, in their order, in the reader's language."""
        return [str(stage.label) for stage in Stage if stage in self.stages]

    def is_open(self, moment) -> bool:
        """Tell whether one may start an application now."""
        return self.opens_at <= moment and (self.closes_at is None or moment < self.closes_at)
