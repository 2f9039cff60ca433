"""Rounds, the files in them, who may see what in which phase, and the plans by which experts were assigned."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incubation.intake.models import Application
from park.audit.tracking import append_only, audited

from ..states import LIVE, PHASE_OF, SENT, UNDER_WAY, Phase, RoundState
from .rubrics import Rubric


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return to staff the rounds in which they do not apply, to an expert those with a file of theirs."""
        if not user.has_perm("review.view_round"):
            return self.visible_to_expert(user)
        return self.exclude(files__application__in=Application.objects.taken_part_in_by(user))

    def visible_to_expert(self, user):
        """Return the rounds in which a person has a file to score, or has scored one."""
        return self.filter(
            files__reviews__expert__user=user, files__reviews__expert__active=True, files__reviews__state__in=LIVE,
            state__in=(*UNDER_WAY, RoundState.CLOSED),
        ).distinct()  # fmt: skip

    def under_way(self):
        return self.filter(state__in=UNDER_WAY)


@audited(translated=["name"])
class Round(models.Model):
    """A number of files of one call, scored by experts with one version of a rubric until one day."""

    call = models.ForeignKey("intake.Call", models.PROTECT, related_name="rounds", verbose_name=_("call"))
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="rounds", verbose_name=_("rubric"))
    name = models.CharField(_("name"), max_length=120)  # name_en, name_zh_hans
    slug = models.SlugField(_("address name"), unique=True)
    experts_per_file = models.PositiveSmallIntegerField(_("experts a file"), default=3)
    files_per_expert = models.PositiveSmallIntegerField(_("files an expert, at most"), default=10)
    minimum = models.PositiveSmallIntegerField(
        _("reviews that are enough"), default=2, help_text=_("So many have to be in before the panel can decide.")
    )
    due_at = models.DateTimeField(_("scores are due"))
    blind = models.BooleanField(_("names hidden"), default=True)
    field_only = models.BooleanField(
        _("only experts of the field"), default=False, help_text=_("Otherwise they are preferred.")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes a file, about"), default=25)
    seed = models.PositiveIntegerField(_("seed"), default=1, help_text=_("The same seed gives the same plan."))
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("chair")
    )
    state = models.CharField(_("state"), max_length=12, choices=RoundState, default=RoundState.PREPARING)
    version = models.PositiveIntegerField(default=1, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("round"), _("rounds")
        ordering = ["-due_at", "-pk"]
        permissions = [
            ("manage_round", "Can set up rounds, make copies and assign experts"),
            ("chair_round", "Can close the scoring and the round"),
            ("read_results", "Can read the results of a round"),
        ]
        constraints = [
            models.CheckConstraint(name="a_round_has_a_known_state", condition=Q(state__in=RoundState.values)),
            models.CheckConstraint(
                name="a_round_asks_at_least_its_minimum",
                condition=Q(minimum__gte=1, experts_per_file__gte=models.F("minimum"), experts_per_file__lte=15),
                violation_error_message=_("Ask at least as many experts a file as are enough, and at most 15."),
            ),
            models.CheckConstraint(
                name="an_expert_gets_at_least_one_file", condition=Q(files_per_expert__range=(1, 200)),
                violation_error_message=_("An expert gets between 1 and 200 files."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phase(self) -> str | None:
        """The phase whose rules hold now; None before the scoring."""
        return PHASE_OF.get(self.state)

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


SWITCHES = ("scores", "names", "comments", "files", "ranking", "tags", "applicant", "edit_own")


@audited()
class PhaseRule(models.Model):
    """Who sees what in one phase of a round: eight switches for the experts, and whether one scores first."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="rules")
    phase = models.CharField(_("phase"), max_length=10, choices=Phase)
    scores = models.BooleanField(_("others' scores"), default=False)
    names = models.BooleanField(_("others' names"), default=False)
    comments = models.BooleanField(_("others' comments"), default=False)
    files = models.BooleanField(_("files"), default=True)
    ranking = models.BooleanField(_("ranking"), default=False)
    tags = models.BooleanField(_("tags"), default=True)
    applicant = models.BooleanField(_("who applies"), default=False)
    edit_own = models.BooleanField(_("change own scores"), default=False)
    own_first = models.BooleanField(_("the others' only after one's own"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("rule of a phase"), _("rules of the phases")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "phase"], name="a_phase_has_one_rule"),
            models.CheckConstraint(name="a_rule_is_for_a_known_phase", condition=Q(phase__in=Phase.values)),
            models.CheckConstraint(
                name="while_scores_come_in_nobody_sees_anothers",
                condition=~Q(phase=Phase.SCORING) | Q(scores=False, names=False, comments=False, ranking=False),
                violation_error_message=_("While scores come in, each expert sees their own only."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_phase_display()


USUAL_RULES = {
    Phase.SCORING: {"edit_own": True},
    Phase.PANEL: {"scores": True, "comments": True, "ranking": True},
    Phase.CLOSED: {"scores": True, "comments": True, "ranking": True, "files": False},
}


class RoundFileQuerySet(models.QuerySet):
    def counted(self):
        """Return the files with how many reviews live and are in."""
        live = models.Count("reviews", filter=Q(reviews__state__in=LIVE), distinct=True)
        sent = models.Count("reviews", filter=Q(reviews__state=SENT), distinct=True)
        return self.annotate(asked=live, came=sent)


@audited()
class RoundFile(models.Model):
    """An application in a round. ``code`` is all that experts know it by; it says nothing about when it came."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="files")
    application = models.ForeignKey("intake.Application", models.PROTECT, related_name="round_files")
    code = models.CharField(_("code"), max_length=12)
    tags = models.CharField(
        _("tags"), max_length=200, blank=True, help_text=_("Experts read them if the phase allows.")
    )
    added_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(_("reviews closed"), null=True, blank=True)

    objects = RoundFileQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("file"), _("files")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["round", "application"], name="an_application_is_in_a_round_once"),
            models.UniqueConstraint(fields=["round", "code"], name="a_file_has_its_own_code"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_file_stays_the_same_application", operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("round", "application", "code"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code


class Plan(models.Model):
    """One computed assignment: who would read what, what stays empty and why. Kept with its seed, never changed."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(_("number"))
    seed = models.PositiveIntegerField(_("seed"))
    pairs = models.JSONField(_("who reads what"))  # [[file, expert, fit], …]
    unfilled = models.JSONField(_("empty places"))  # [{"file": pk, "missing": 1, "why": {reason: count}}, …]
    basis = models.JSONField(_("computed from"))  # what the round asked for, and the digest of all that was given
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("plan"), _("plans")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="a_plan_has_its_own_number")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.round} · {self.number}"
