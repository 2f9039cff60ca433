"""Policies, their versions, and the subjects of whom is known what a version must say."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incubation.facts.vocabulary import TENANT_FACTS
from park.audit.tracking import audited
from park.rules.states import Verdict as Word
from park.rules.tree import Rule, parse

from ..kinds import Applicant, CompilerStatus, Confidence, Kind, Level, Live
from ..states import LISTED, State
from ..status import live


def in_language(entries) -> list[str]:
    """Return the texts of ``[{"en": …, "zh": …}]`` in the language of the page; where one is missing, the other."""
    first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
    return [entry.get(first) or entry.get(second) or "" for entry in entries]


class PolicyQuerySet(models.QuerySet):
    def listed(self):
        """Return the policies of the public catalogue: checked by a second officer, and not withdrawn."""
        return self.filter(current__state__in=LISTED)

    def with_status(self, now=None):
        """Give each policy its status of today as ``live``."""
        return self.annotate(live=live(self.model._base_manager.all(), now))

    def running(self, now=None):
        """Return the listed policies of which somebody can make use, now or later."""
        return self.listed().with_status(now).filter(live__in=Live.running())


class Policy(models.Model):
    """A public policy as the park presents it. Text, rule and dates stand on its versions."""

    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    document_no = models.CharField(_("document number"), max_length=120, blank=True)
    level = models.CharField(_("issued by level"), max_length=20, choices=Level)
    region = models.CharField(_("region"), max_length=20)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    applicant = models.CharField(_("who applies"), max_length=20, choices=Applicant)
    issuing_body = models.CharField(_("issuing body"), max_length=300)  # issuing_body_en, issuing_body_zh_hans
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)
    source_document = models.TextField(_("source document"), blank=True)
    source_url = models.URLField(_("source address"), max_length=500, blank=True)
    new_because = models.TextField(_("why it is none of those that look like it"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)
    approximate_dates = ArrayField(
        models.CharField(max_length=40), verbose_name=_("dates that are approximate"), default=list, blank=True
    )
    depends_on = models.ManyToManyField(
        "self", symmetrical=False, related_name="needed_for", blank=True, verbose_name=_("needs first")
    )
    supersedes = models.ManyToManyField(
        "self", symmetrical=False, related_name="superseded_by", blank=True, verbose_name=_("replaces")
    )
    current = models.OneToOneField(
        "PolicyVersion", models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )  # the version that the catalogue shows
    search = SearchVectorField(null=True, editable=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("policy"), _("policies")
        permissions = [
            ("review_policy", "Can approve policy versions"),
            ("release_policy", "Can release policies to tenants"),
        ]
        constraints = [
            models.CheckConstraint(name="a_policy_has_a_known_level", condition=Q(level__in=Level.values)),
            models.CheckConstraint(name="a_policy_has_a_known_kind", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="a_policy_has_a_known_applicant", condition=Q(applicant__in=Applicant.values)),
            models.CheckConstraint(
                name="a_policy_has_a_known_confidence", condition=Q(confidence__in=Confidence.values)
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="policies_by_word")]

    def __str__(self) -> str:
        return self.current.title if self.current else self.slug

    def get_absolute_url(self) -> str:
        return reverse("policies:policy", args=[self.slug])


NOT_OVER_A_NEWER_ONE = """
    IF EXISTS (
        SELECT FROM policies_policyversion newer
        WHERE newer.policy_id = NEW.policy_id AND newer.number > NEW.number AND newer.released_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a newer version of the policy was released' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@audited(translated=["title", "summary", "notes", "contact"])
class PolicyVersion(models.Model):
    """One wording of a policy with its rule. What was approved is never rewritten; a new version takes its place."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="versions", verbose_name=_("policy"))
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=300)  # title_en, title_zh_hans
    summary = models.TextField(_("summary"))  # summary_en, summary_zh_hans
    rule = models.JSONField(_("conditions"))
    benefits = models.JSONField(_("benefits"), default=list, blank=True)
    documents = models.JSONField(_("documents"), default=list, blank=True)
    steps = models.JSONField(_("steps"), default=list, blank=True)
    notes = models.TextField(_("notes on what is a guess"), blank=True)  # notes_en, notes_zh_hans
    contact = models.CharField(
        _("whom to ask"), max_length=300, blank=True,
        help_text=_("Who answers questions about it, and how to reach them."),
    )  # fmt: skip   contact_en, contact_zh_hans
    amount_max = models.DecimalField(_("up to, CNY"), max_digits=18, decimal_places=2, null=True, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    deadline = models.DateTimeField(_("closes"), null=True, blank=True)
    is_standing = models.BooleanField(
        _("applies at any time"), default=False, help_text=_("It has no first day, no last day and no deadline.")
    )
    stages = ArrayField(models.CharField(max_length=20), verbose_name=_("stages"), default=list, editable=False)
    sectors = ArrayField(models.CharField(max_length=40), verbose_name=_("fields"), default=list, editable=False)
    compiler_status = models.CharField(
        _("compiler's opinion"), max_length=20, choices=CompilerStatus, default=CompilerStatus.IN_FORCE
    )
    source_file = models.ForeignKey(
        "files.Document", models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("source document, kept"),
    )  # fmt: skip   private; its digest stands on the document
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", editable=False
    )  # whoever wrote any of its text: none of them checks or releases it
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)
    scheduled_for = models.DateTimeField(_("to be released"), null=True, blank=True, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    digest = models.CharField(max_length=64, blank=True, editable=False)  # of the entry it was loaded from
    version = models.PositiveIntegerField(default=1, editable=False)  # of the row: what an officer had read

    class Meta:
        verbose_name, verbose_name_plural = _("policy version"), _("policy versions")
        ordering = ["policy", "-number"]
        triggers = [
            pgtrigger.Trigger(
                name="not_released_over_a_newer_one",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state=State.RELEASED) & ~pgtrigger.Q(old__state=State.RELEASED),
                func=NOT_OVER_A_NEWER_ONE,
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="a_version_number_is_used_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state=State.RELEASED), name="one_version_of_a_policy_is_released"
            ),
            models.CheckConstraint(name="a_version_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="a_released_version_says_when",
                condition=~Q(state=State.RELEASED) | Q(released_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_scheduled_version_says_when_and_by_whom",
                condition=~Q(state=State.SCHEDULED) | Q(scheduled_for__isnull=False, scheduled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="what_applies_at_any_time_has_no_days",
                condition=Q(is_standing=False) | Q(valid_from=None, valid_until=None, deadline=None),
                violation_error_message=_("What applies at any time has no first day, no last day and no deadline."),
            ),
            models.CheckConstraint(
                name="a_version_ends_after_it_began",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("policies:policy", args=[self.policy.slug])

    vocabulary = TENANT_FACTS

    @cached_property
    def parsed(self) -> Rule:
        """The rule, read. Raises RuleError while a draft's rule is not right."""
        return parse(self.rule, self.vocabulary)

    @property
    def benefit_words(self) -> list[str]:
        return in_language(self.benefits)

    @property
    def document_words(self) -> list[str]:
        return in_language(self.documents)

    @property
    def step_words(self) -> list[str]:
        return in_language(self.steps)


ONLY_OF_A_DRAFT = """
    IF (SELECT state FROM policies_policyversion WHERE id = coalesce(NEW.version_id, OLD.version_id)) <> 'draft' THEN
        RAISE EXCEPTION 'the golden cases of a version that was sent are fixed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
"""


@audited(translated=["name"])
class GoldenCase(models.Model):
    """A subject of whom an officer knows what the rule must say. A version is not approved before all of its say so."""

    version = models.ForeignKey(
        PolicyVersion, models.CASCADE, related_name="golden_cases", verbose_name=_("policy version")
    )
    name = models.CharField(_("who it is"), max_length=200)  # name_en, name_zh_hans
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    expected = models.CharField(_("must say"), max_length=8, choices=Word)
    source = models.TextField(_("where it says so"), blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("golden case"), _("golden cases")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name_en"], name="a_golden_case_is_named_once"),
            models.CheckConstraint(
                name="a_golden_case_expects_a_known_word", condition=Q(expected__in=["fits", "may_fit", "not_now"])
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_of_a_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=ONLY_OF_A_DRAFT,
            )
        ]

    def __str__(self) -> str:
        return self.name
