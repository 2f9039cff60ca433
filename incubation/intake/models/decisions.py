"""What was decided on an application, on which conditions, and whether it was looked at again."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited
from park.workflow.calendar import beijing_day

from ..states import ACCEPTED, CONDITIONAL, REJECTED, WAITLISTED, Ground, Reason, State
from .applications import Application


class DecisionQuerySet(models.QuerySet):
    def open(self):
        """Return the proposals that nobody has decided or sent back."""
        return self.filter(decided_at=None, returned_at=None)

    def made(self):
        return self.filter(decided_at__isnull=False)


@audited()
class Decision(models.Model):
    """A decision on an application, in the words that the applicant reads: proposed by one person, made by another.

    ``proposed_by`` is the chair of the panel; where officers decide, whoever had the case; at a second look, whoever
    made the first decision. ``scores`` are the experts' means by criterion, as
    ``[{"label": {"en": …, "zh-hans": …}, "score": "4.3", "of": 5, "reason": …}]``.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = ACCEPTED, State.ACCEPTED.label
        CONDITIONAL = CONDITIONAL, State.CONDITIONAL.label
        WAITLISTED = WAITLISTED, State.WAITLISTED.label
        REJECTED = REJECTED, State.REJECTED.label

    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("number"))
    outcome = models.CharField(_("decision"), max_length=12, choices=Outcome)
    reason_code = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    criterion = models.TextField(_("why"), blank=True)
    advice = models.TextField(_("advice"), blank=True)
    scores = models.JSONField(_("view of the experts by criterion"), default=list, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    returned_at = models.DateTimeField(_("sent back"), null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("decision"), _("decisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="a_decision_has_its_own_number"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(decided_at=None, returned_at=None),
                name="one_open_proposal_an_application",
            ),
            models.CheckConstraint(
                name="nobody_decides_their_own_proposal",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                violation_error_message=_("A second person has to take this step: you took the one before it."),
            ),
            models.CheckConstraint(
                name="a_decision_names_its_maker",
                condition=Q(decided_by=None, decided_at=None) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_proposal_is_decided_or_sent_back", condition=Q(decided_at=None) | Q(returned_at=None)
            ),
            models.CheckConstraint(
                name="a_decision_has_a_known_outcome",
                condition=Q(outcome__in=[ACCEPTED, CONDITIONAL, WAITLISTED, REJECTED]),
            ),
            models.CheckConstraint(
                name="a_refusal_says_why", condition=~Q(outcome=REJECTED) | (~Q(reason_code="") & ~Q(criterion=""))
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="what_was_decided_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__decided_at__isnull=False) | pgtrigger.Q(old__returned_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.get_outcome_display()}"

    @property
    def words(self) -> str:
        """The reasons and the advice, as one text."""
        return "\n\n".join(filter(None, [self.criterion, self.advice]))


class ConditionQuerySet(models.QuerySet):
    def binding(self):
        """Return the conditions of decisions that were made."""
        return self.filter(decision__decided_at__isnull=False)

    def open(self):
        return self.filter(met_at=None)


@audited()
class Condition(models.Model):
    """What has to be shown by a day before an acceptance with conditions becomes whole."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="conditions")
    position = models.PositiveSmallIntegerField(_("place"))
    text = models.TextField(_("condition"))
    due = models.DateField(_("due"))
    version = models.PositiveIntegerField(default=1)
    evidence = models.ForeignKey(
        "files.Document", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("evidence")
    )
    words = models.TextField(_("what the applicant says of it"), blank=True)
    shown_at = models.DateTimeField(_("shown"), null=True, blank=True)
    met_at = models.DateTimeField(_("met"), null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("found by")
    )
    met_note = models.TextField(_("why it is met"), blank=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("condition"), _("conditions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "position"], name="a_condition_has_its_own_place"),
            models.CheckConstraint(
                name="a_met_condition_names_who_found_it_so",
                condition=Q(met_at=None, met_by=None) | Q(met_at__isnull=False, met_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_condition_is_met_by_evidence_or_for_a_reason",
                condition=Q(met_at=None) | Q(evidence__isnull=False) | ~Q(met_note=""),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="a_condition_stands_as_decided", fields=["decision", "position", "text", "due"]),
            pgtrigger.Protect(
                name="a_met_condition_stays_met",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__met_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_late(self) -> bool:
        return self.met_at is None and self.due < beijing_day(timezone.now())


@audited()
class SecondLook(models.Model):
    """That an applicant asked to have a refusal looked at again: once, with new facts or an error to show."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="second_look")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="second_look")  # the one complained of
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)
    text = models.TextField(_("what speaks for it"))
    evidence = models.ForeignKey(
        "files.Document", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("evidence")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.OneToOneField(Decision, models.PROTECT, related_name="answers", null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("second look"), _("second looks")
        constraints = [
            models.CheckConstraint(name="a_second_look_has_a_known_ground", condition=Q(ground__in=Ground.values)),
            models.CheckConstraint(name="a_second_look_says_what_speaks_for_it", condition=~Q(text="")),
            models.CheckConstraint(
                name="a_second_look_is_answered_by_another_decision",
                condition=Q(answer=None) | ~Q(answer=F("decision")),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="a_second_look_stands_as_asked",
                fields=["application", "decision", "ground", "text", "evidence", "asked_by", "asked_at"],
            ),
            pgtrigger.Protect(
                name="a_second_look_is_answered_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__answer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.get_ground_display()}"
