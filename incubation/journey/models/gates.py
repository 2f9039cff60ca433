"""Gates: what each asks, as versioned data, and the case of one tenant at one gate."""

import uuid
from functools import cached_property

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incubation.facts.vocabulary import TENANT_FACTS
from park.audit.tracking import append_only, audited
from park.rules.tree import Rule, parse

from ..stages import Stage
from ..states import LET_THROUGH, UNDER_WAY, GateState, TermsState
from .tenants import Tenant

FEWEST_SCORES = 2
TWO_SCORES = """
    IF NEW.terms_id IS NOT NULL AND (
        SELECT count(*) FROM journey_gatescorer s WHERE s.gate_id = NEW.id AND s.scored_at IS NOT NULL
    ) < (SELECT greatest(2, t.scorers) FROM journey_gateterms t WHERE t.id = NEW.terms_id) THEN
        RAISE EXCEPTION 'gate % was passed without two scores', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'two_people_score_a_gate', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
"""
NOT_ONE_OF_THEIRS = """
    IF EXISTS (
        SELECT 1 FROM journey_gate g JOIN journey_tenant t ON t.id = g.tenant_id
        LEFT JOIN profiles_talent p ON p.id = t.talent_id
        LEFT JOIN organisations_membership m
            ON m.organisation_id = t.organisation_id AND m.user_id = NEW.person_id AND m.ended_at IS NULL
        WHERE g.id = NEW.gate_id AND (m.id IS NOT NULL OR p.user_id = NEW.person_id)
    ) THEN
        RAISE EXCEPTION 'person % belongs to the tenant', NEW.person_id
            USING ERRCODE = '23514', CONSTRAINT = 'nobody_scores_a_tenant_of_their_own', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
"""
WHAT_COUNTS = (
    "stage", "number", "criteria", "evidence", "scorecard", "scorers", "pass_mark", "extensions", "extension_months",
    "retry_days", "author_id", "published_by_id", "published_at",
)  # fmt: skip


def changed(names) -> pgtrigger.Q:
    """Return the condition of a trigger that one of these columns becomes another."""
    found = pgtrigger.Q()
    for name in names:
        found |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    return found


def in_language(entry: dict) -> str:
    """Return a text of versioned data in the reader's language, or in the one there is."""
    language = "zh" if (get_language() or "en").startswith("zh") else "en"
    return entry.get(language) or entry.get("en") or entry.get("zh") or ""


class GateTermsQuerySet(models.QuerySet):
    def in_use(self):
        """Return the version of each gate that a new case starts with."""
        return self.filter(state=TermsState.PUBLISHED)


@audited(translated=("notes",))
class GateTerms(models.Model):
    """One version of what the gate out of a stage asks: criteria, evidence, scorecard, and how long one may take.

    ``criteria`` is a rule over the facts of tenants. ``evidence`` is a list of ``{key, kind, en, zh, mandatory,
    fresh_days}``, ``scorecard`` of ``{key, en, zh, weight}`` with weights that make 100. A version in use never
    changes; a gate keeps the version it was asked for under.
    """

    stage = models.CharField(_("gate out of the stage"), max_length=20, choices=Stage)
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=TermsState, default=TermsState.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    criteria = models.JSONField(pgettext_lazy("of a gate", "criteria"))
    evidence = models.JSONField(_("evidence"), default=list, blank=True)
    scorecard = models.JSONField(_("scorecard"), default=list)
    scorers = models.PositiveSmallIntegerField(
        _("scores needed"), default=FEWEST_SCORES,
        validators=[MinValueValidator(FEWEST_SCORES), MaxValueValidator(9)],
    )  # fmt: skip
    pass_mark = models.PositiveSmallIntegerField(
        _("mark to pass, of 100"), default=60, validators=[MaxValueValidator(100)]
    )
    extensions = models.PositiveSmallIntegerField(_("times more time can be given"), default=2)
    extension_months = models.PositiveSmallIntegerField(
        _("months of more time at the most"), default=6, validators=[MinValueValidator(1)]
    )
    retry_days = models.PositiveSmallIntegerField(_("days until a tenant that was held asks again"), default=60)
    notes = models.TextField(_("grounds: documents and guesses"), blank=True)  # notes_en, notes_zh_hans
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("author")
    )  # NULL: came with the portal
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("put into use by"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    objects = GateTermsQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("terms of a gate"), _("terms of gates")
        ordering = ["stage", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="a_number_of_gate_terms_is_used_once"),
            models.UniqueConstraint(
                fields=["stage"], condition=Q(state="published"), name="one_version_of_a_gate_is_in_use"
            ),
            models.UniqueConstraint(
                fields=["stage"], condition=Q(state="draft"), name="one_draft_of_a_gate_at_a_time",
                violation_error_message=_("A draft of this gate is being worked on already."),
            ),
            models.CheckConstraint(name="gate_terms_have_a_known_state", condition=Q(state__in=TermsState.values)),
            models.CheckConstraint(name="gate_terms_are_of_a_known_stage", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(name="two_people_at_least_score", condition=Q(scorers__gte=FEWEST_SCORES)),
            models.CheckConstraint(
                name="a_second_person_puts_gate_terms_into_use",
                condition=Q(state__in=["draft", "dropped"])
                | Q(author=None, published_by=None, published_at__isnull=False)
                | Q(author__isnull=False, published_by__isnull=False, published_at__isnull=False)
                & ~Q(author=F("published_by")),
                violation_error_message=_("A second person has to take this step: you took the one before it."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="terms_in_use_never_change", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["published", "retired", "dropped"]) & changed(WHAT_COUNTS),
            ),
            pgtrigger.Protect(name="terms_are_not_deleted", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_stage_display()} · {self.number}"

    vocabulary = TENANT_FACTS

    @cached_property
    def rule(self) -> Rule:
        """The criteria, read. Raises RuleError while a draft's are not right."""
        return parse(self.criteria, self.vocabulary)

    @property
    def mandatory(self) -> list[dict]:
        return [entry for entry in self.evidence if entry.get("mandatory")]


class GateQuerySet(models.QuerySet):
    def under_way(self):
        """Return the gates that somebody of the park has to act on."""
        return self.filter(state__in=UNDER_WAY)

    def let_through(self):
        return self.filter(state__in=LET_THROUGH)

    def visible_to(self, user):
        """Return every gate to staff who may see them, to a tenant its own, to a scorer those they are asked for."""
        if user.has_perm("journey.view_gate"):
            return self.all()
        theirs = Q(tenant__organisation__memberships__user=user, tenant__organisation__memberships__ended_at=None)
        return self.filter(theirs | Q(asked__person=user)).distinct()


@audited()
class Gate(models.Model):
    """One tenant at one gate (``target`` empty: out of the park after the last stage), from request to decision."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="gates", verbose_name=_("tenant"))
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.CharField(_("from"), max_length=20, choices=Stage)
    target = models.CharField(_("to"), max_length=20, choices=Stage, blank=True)  # empty: graduation
    terms = models.ForeignKey(
        GateTerms, models.PROTECT, null=True, blank=True, related_name="gates", verbose_name=_("terms")
    )  # NULL: decided before gates had terms
    state = models.CharField(_("state"), max_length=12, choices=GateState, default=GateState.REQUESTED)
    version = models.PositiveIntegerField(default=1, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    requested_at = models.DateTimeField(_("asked for"), default=timezone.now)
    note = models.TextField(_("grounds"), blank=True)
    facts = models.JSONField(_("facts when it was asked for"), default=list, editable=False)
    found = models.JSONField(_("facts when it was checked"), default=list, editable=False)
    evidence = models.ManyToManyField("journey.Evidence", related_name="gates", blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    retry_on = models.DateField(_("may be asked for again from"), null=True, blank=True)
    plan = models.TextField(pgettext_lazy("of a held gate", "plan"), blank=True)

    objects = GateQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("gate"), _("gates")
        ordering = ["-requested_at", "-pk"]
        permissions = [
            ("check_gate", "Can check a gate and ask scorers"),
            ("hear_gate", "Is told when a tenant passes a gate, is suspended or leaves"),
        ]
        indexes = [models.Index(fields=["state", "requested_at"], name="gates_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(state__in=["requested", "in_review", "to_decide", "held"]),
                name="a_tenant_stands_at_one_gate_at_a_time",
                violation_error_message=_("This tenant stands at a gate already."),
            ),
            models.CheckConstraint(name="a_gate_has_a_known_state", condition=Q(state__in=GateState.values)),
            models.CheckConstraint(
                name="a_gate_is_decided_by_somebody",
                condition=~Q(state__in=["passed", "conditional", "held"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="two_people_let_a_tenant_through_a_gate",
                condition=Q(decided_by=None)
                | ~Q(decided_by=F("requested_by")) & (Q(checked_by=None) | ~Q(decided_by=F("checked_by"))),
                violation_error_message=_("A second person has to take this step: you took the one before it."),
            ),
            models.CheckConstraint(
                name="a_gate_is_checked_before_it_is_scored",
                condition=Q(terms=None) | ~Q(state__in=["in_review", "to_decide", "held", "conditional", "passed"])
                | Q(checked_by__isnull=False, checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="who_is_held_has_a_plan_and_a_day",
                condition=Q(terms=None) | ~Q(state="held") | Q(retry_on__isnull=False) & ~Q(plan=""),
                violation_error_message=_("Say what is missing, and from which day it may be asked for again."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="two_scores_before_a_decision", when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state") | pgtrigger.Insert, timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__state__in=["to_decide", "passed", "conditional", "held"]), func=TWO_SCORES,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.tenant} · {self.get_origin_display()}"

    @property
    def leads_out(self) -> bool:
        return not self.target


class GateWaiver(models.Model):
    """That one condition or paper is not asked of one tenant at one gate: by whom, and why."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="waivers")
    what = models.CharField(_("what"), max_length=80)  # criterion:2 (place in the rule) or evidence:lease
    words = models.CharField(_("in words"), max_length=500)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("waiver"), _("waivers")
        ordering = ["at", "pk"]
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "what"], name="a_condition_is_waived_once",
                violation_error_message=_("This is waived already."),
            ),
            models.CheckConstraint(name="a_waiver_has_a_reason", condition=~Q(reason="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words


class GateScorerQuerySet(models.QuerySet):
    def waiting(self):
        """Return those who were asked and have neither scored nor stepped aside."""
        return self.filter(scored_at=None, stepped_aside_at=None)


class GateScorer(models.Model):
    """Somebody who was asked to score a tenant at a gate; their score once it is sent, or why they stepped aside."""

    class Role(models.TextChoices):
        MENTOR = "mentor", _("Mentor")
        OFFICER = "officer", _("Officer of the park")
        EXPERT = "expert", _("Expert from outside")

    class Advice(models.TextChoices):
        PASS = "pass", _("Let it through")
        CONDITIONS = "conditions", _("Let it through with conditions")
        HOLD = "hold", _("Hold it")

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="asked")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    role = models.CharField(_("as"), max_length=8, choices=Role)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    scores = models.JSONField(_("scores"), default=dict, blank=True)
    total = models.DecimalField(_("of 100"), max_digits=5, decimal_places=2, null=True, blank=True)
    advice = models.CharField(_("advice"), max_length=10, choices=Advice, blank=True)
    comment = models.TextField(_("comment for the park"), blank=True)
    scored_at = models.DateTimeField(_("scored"), null=True, blank=True)
    stepped_aside_at = models.DateTimeField(pgettext_lazy("a moment", "stepped aside"), null=True, blank=True)
    interest = models.CharField(_("why"), max_length=300, blank=True)

    objects = GateScorerQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("scorer"), _("scorers")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "person"], name="a_person_scores_a_gate_once",
                violation_error_message=_("This person is asked already, or has stepped aside."),
            ),
            models.CheckConstraint(
                name="a_scorer_scores_or_steps_aside", condition=Q(scored_at=None) | Q(stepped_aside_at=None)
            ),
            models.CheckConstraint(
                name="a_score_has_its_total_and_advice",
                condition=Q(scored_at=None, total=None)
                | Q(scored_at__isnull=False, total__gte=0, total__lte=100) & ~Q(advice=""),
            ),
            models.CheckConstraint(
                name="who_steps_aside_says_why", condition=Q(stepped_aside_at=None) | ~Q(interest="")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="nobody_scores_their_own", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update,
                func=NOT_ONE_OF_THEIRS,
            ),
            pgtrigger.Protect(
                name="a_score_stays", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__scored_at__isnull=False) | pgtrigger.Q(old__stepped_aside_at__isnull=False),
            ),
            pgtrigger.Protect(name="a_scorer_is_not_removed", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"


class GateConditionQuerySet(models.QuerySet):
    def open(self):
        """Return the conditions that are still to be met, of gates that stand."""
        return self.filter(met_at=None, gate__state=GateState.CONDITIONAL)


class GateCondition(models.Model):
    """Something that a tenant still has to do after it was let through, by a day."""

    gate = models.ForeignKey(Gate, models.PROTECT, related_name="conditions")
    text = models.CharField(_("condition"), max_length=300)
    due_on = models.DateField(pgettext_lazy("a day", "by"))
    met_at = models.DateTimeField(_("met"), null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    proof = models.CharField(_("how it was shown"), max_length=300, blank=True)

    objects = GateConditionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("condition"), _("conditions")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_condition_is_met_before_somebody",
                condition=Q(met_at=None, met_by=None) | Q(met_at__isnull=False, met_by__isnull=False) & ~Q(proof=""),
            ),
            models.CheckConstraint(name="a_condition_says_what", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text
