"""Policies, their versions, whom a release reached, and the verdict on each tenant."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .states import State


class Level(models.TextChoices):
    NATIONAL = "national", _("Nation")
    PROVINCIAL = "provincial", _("Province")
    MUNICIPAL = "municipal", _("City")
    DISTRICT = "district", _("District")
    ZONE = "development_zone", _("Development zone")


class Kind(models.TextChoices):
    SUBSIDY = "subsidy", _("Grants and subsidies")
    TAX = "tax", _("Tax")
    TALENT = "talent", _("Talent programmes")
    FINANCE = "finance", _("Loans and investment")
    SPACE = "space", _("Space")
    VISA = "visa", _("Visas and permits")
    RECOGNITION = "recognition", _("Recognition of companies")
    HONOUR = "honour", _("Honours")


class Applicant(models.TextChoices):
    TALENT = "talent", _("Talents")
    ENTERPRISE = "enterprise", _("Companies")
    PROJECT = "project", _("Projects")
    PARK = "park", _("The park itself")
    INVESTOR = "investor", _("Investors")
    INSTITUTION = "institution", _("Institutions")


class Confidence(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


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
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    source_document = models.TextField(_("source document"), blank=True)
    source_url = models.URLField(_("source address"), max_length=500, blank=True)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)
    approximate_dates = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    depends_on = models.ManyToManyField("self", symmetrical=False, related_name="needed_for", blank=True)
    supersedes = models.ManyToManyField("self", symmetrical=False, related_name="superseded_by", blank=True)
    current = models.OneToOneField(
        "PolicyVersion", models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )  # the version that the catalogue shows
    search = SearchVectorField(null=True, editable=False)

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
        ]
        indexes = [GinIndex(fields=["search"], name="policies_by_word")]

    def __str__(self) -> str:
        return self.slug


class PolicyVersion(models.Model):
    """One wording of a policy with its rule. A released version is never rewritten; a new one takes its place."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=300)  # title_en, title_zh_hans
    summary = models.TextField(_("summary"))  # summary_en, summary_zh_hans
    rule = models.JSONField(_("conditions"))
    benefits = models.JSONField(_("benefits"), default=list)
    documents = models.JSONField(_("documents"), default=list)
    steps = models.JSONField(_("steps"), default=list)
    notes = models.TextField(_("notes on what is a guess"), blank=True)
    amount_max = models.DecimalField(_("up to, CNY"), max_digits=18, decimal_places=2, null=True, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    deadline = models.DateTimeField(_("closes"), null=True, blank=True)
    compiler_status = models.CharField(_("compiler's opinion"), max_length=20, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    lock = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("policy version"), _("policy versions")
        ordering = ["policy", "-number"]
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
                name="a_version_ends_after_it_began",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Release(models.Model):
    """One act of telling the tenants of a version: who did it, what was previewed, how far the work has come."""

    class Progress(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        COMPLETE = "complete", _("Complete")

    version = models.OneToOneField(PolicyVersion, models.PROTECT, related_name="release")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)
    progress = models.CharField(_("progress"), max_length=10, choices=Progress, default=Progress.QUEUED)
    previewed = models.JSONField(_("what the preview showed"), default=dict)
    fits = models.PositiveIntegerField(_("fits"), default=0)
    may_fit = models.PositiveIntegerField(_("may fit"), default=0)
    near = models.PositiveIntegerField(_("near"), default=0)
    told = models.PositiveIntegerField(_("people told"), default=0)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("release"), _("releases")

    def __str__(self) -> str:
        return f"{self.version} {self.at:%Y-%m-%d}"


class Verdict(models.Model):
    """What a policy version's rule says of a tenant, with a mask bit a criterion (in the order of the rule)."""

    class Word(models.TextChoices):
        FITS = "fits", _("Fits")
        MAY_FIT = "may_fit", _("May fit")
        NOT_NOW = "not_now", _("Does not fit now")

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="verdicts")
    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="verdicts", db_index=False)
    word = models.CharField(_("verdict"), max_length=8, choices=Word)
    near = models.BooleanField(_("one condition away"), default=False)
    met = models.BigIntegerField()
    unknown = models.BigIntegerField()
    trace = models.JSONField(_("trace"), default=list)
    judged_at = models.DateTimeField(_("checked"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("verdict"), _("verdicts")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="one_verdict_a_tenant_and_version"),
            models.CheckConstraint(
                name="a_verdict_is_one_of_three_words", condition=Q(word__in=["fits", "may_fit", "not_now"])
            ),
            models.CheckConstraint(
                name="no_condition_is_both_met_and_unknown",
                condition=Exact(F("met").bitand(F("unknown")), 0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.word}"
