"""What is written beside a policy: its articles in plain words, what departments said, and what tenants ask."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import audited
from services.policies.models import Policy, PolicyVersion

from .states import CoordinationState, QuestionState

NOT_BLANK = r"\S"
AS_IT_WAS_SENT = """
    IF (SELECT state FROM policies_policyversion WHERE id = coalesce(NEW.version_id, OLD.version_id)) <> 'draft' AND (
        TG_OP <> 'UPDATE'
        OR (NEW.version_id, NEW.number, NEW.original) IS DISTINCT FROM (OLD.version_id, OLD.number, OLD.original)
    ) THEN
        RAISE EXCEPTION 'the articles of a version that was sent are fixed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
"""


@audited(translated=["heading", "plain"])
class Article(models.Model):
    """A passage of a policy's document with the park's own plain words beside it.

    What the document says is fixed once the version was sent; the plain words may be put better at any time.
    """

    version = models.ForeignKey(
        PolicyVersion, models.CASCADE, related_name="articles", verbose_name=_("policy version")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    heading = models.CharField(_("heading"), max_length=200)  # heading_en, heading_zh_hans
    original = models.TextField(_("original wording"), blank=True, help_text=_("Word for word, or empty."))
    plain = models.TextField(_("plain words"))  # plain_en, plain_zh_hans

    class Meta:
        verbose_name, verbose_name_plural = pgettext_lazy("policy", "article"), pgettext_lazy("policy", "articles")
        ordering = ["version", "number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="an_article_has_a_number_of_its_own"),
            models.CheckConstraint(
                name="an_article_has_plain_words_in_chinese", condition=Q(plain_zh_hans__regex=NOT_BLANK)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="as_it_was_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=AS_IT_WAS_SENT,
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.heading}"

    @property
    def anchor(self) -> str:
        return f"article-{self.number}"

    @property
    def lines(self) -> list[str]:
        return [line for line in (self.plain or "").splitlines() if line.strip()]


@audited(translated=["name"])
class Department(models.Model):
    """A public body that issues or carries out policies, and how it is reached."""

    name = models.CharField(_("name"), max_length=200)  # name_en, name_zh_hans
    contact = models.CharField(_("who to ask"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(pgettext_lazy("department", "exists"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("department"), _("departments")
        ordering = ["name_zh_hans", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name_zh_hans"], name="a_department_is_named_once",
                violation_error_message=_("There is a department of this name already."),
            ),
            models.CheckConstraint(
                name="a_department_can_be_reached", condition=~Q(phone="", email=""),
                violation_error_message=_("Give a telephone number or an e-mail address."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@audited()
class Involvement(models.Model):
    """A department's part in a policy, and what it is asked of each version before it is approved."""

    class Role(models.TextChoices):
        ISSUES = "issues", _("Issues it")
        CARRIES_OUT = "carries_out", _("Carries it out")

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="involvements", verbose_name=_("policy"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="involvements", verbose_name=_("department")
    )
    role = models.CharField(_("its part"), max_length=12, choices=Role, default=Role.CARRIES_OUT)
    asked = models.TextField(_("what it is asked"), max_length=2000)

    class Meta:
        verbose_name, verbose_name_plural = _("part of a department"), _("parts of departments")
        ordering = ["policy", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "department"], name="a_department_has_one_part_in_a_policy",
                violation_error_message=_("It has a part in this policy already."),
            ),
            models.CheckConstraint(name="a_part_is_known", condition=Q(role__in=["issues", "carries_out"])),
            models.CheckConstraint(name="a_part_says_what_is_asked", condition=Q(asked__regex=NOT_BLANK)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.department} · {self.policy}"


@audited()
class Coordination(models.Model):
    """What one department was asked about one version, and what it said or why the park goes on without it."""

    class Opinion(models.TextChoices):
        AGREES = "agrees", _("Agrees")
        CHANGES = "changes", _("Agrees with changes")
        OBJECTS = "objects", _("Objects")

    policy_version = models.ForeignKey(
        PolicyVersion, models.CASCADE, related_name="coordinations", verbose_name=_("policy version")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="coordinations", verbose_name=_("department")
    )
    asked = models.TextField(_("what it is asked"), max_length=2000)
    state = models.CharField(_("state"), max_length=12, choices=CoordinationState, default=CoordinationState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    opinion = models.CharField(_("opinion"), max_length=8, choices=Opinion, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.CharField(_("who answered"), max_length=120, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    because = models.TextField(_("why the park goes on without its answer"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)  # of the row

    class Meta:
        verbose_name, verbose_name_plural = _("coordination"), _("coordinations")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ("view", "add")
        constraints = [
            models.UniqueConstraint(
                fields=["policy_version", "department"], condition=~Q(state="called_off"),
                name="a_department_is_asked_once_about_a_version",
                violation_error_message=_("It is asked about this version already."),
            ),
            models.CheckConstraint(
                name="a_coordination_has_a_known_state", condition=Q(state__in=CoordinationState.values)
            ),
            models.CheckConstraint(
                name="an_answer_of_a_department_says_what_who_and_when",
                condition=~Q(state="answered") | Q(answer__regex=NOT_BLANK, answered_by__regex=NOT_BLANK)
                & Q(answered_at__isnull=False, opinion__in=["agrees", "changes", "objects"]),
            ),
            models.CheckConstraint(
                name="silence_is_passed_over_with_a_reason",
                condition=~Q(state="silent") | Q(because__regex=NOT_BLANK),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.department} · {self.policy_version}"


class QuestionQuerySet(models.QuerySet):
    def published(self):
        """Return the questions that everybody reads, newest answer first."""
        return self.filter(state=QuestionState.PUBLISHED).order_by("-published_at", "-pk")

    def visible_to(self, user):
        """Return all to staff who may see them, to others their own."""
        if user.has_perm("interpretation.view_question"):
            return self.all()
        return self.filter(asked_by=user) if user.is_authenticated else self.none()


@audited(translated=["public_question", "public_answer"])
class Question(models.Model):
    """What somebody asks about a policy, and the park's answer; published without names where others may want it."""

    class Topic(models.TextChoices):
        PRACTICE = "practice", _("Dates, papers, where to hand in: answered in one working day")
        CONDITION = "condition", _("Whether and how a condition applies: answered in three working days")

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="questions", verbose_name=_("policy"))
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        "journey.Tenant", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("tenant")
    )
    topic = models.CharField(pgettext_lazy("question", "what it is about"), max_length=10, choices=Topic)
    text = models.TextField(pgettext_lazy("asked", "question"), max_length=2000)
    state = models.CharField(_("state"), max_length=10, choices=QuestionState, default=QuestionState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("who has it")
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("answered by"),
    )  # fmt: skip
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    public_question = models.TextField(_("question as published"), blank=True)  # _en, _zh_hans
    public_answer = models.TextField(_("answer as published"), blank=True)  # _en, _zh_hans
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = pgettext_lazy("asked", "question"), pgettext_lazy("asked", "questions")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["policy", "state"], name="questions_of_a_policy"),
            models.Index(fields=["asked_by", "-asked_at"], name="questions_of_a_person"),
        ]
        constraints = [
            models.CheckConstraint(name="a_question_has_a_known_state", condition=Q(state__in=QuestionState.values)),
            models.CheckConstraint(
                name="a_question_has_a_known_topic", condition=Q(topic__in=["practice", "condition"])
            ),
            models.CheckConstraint(
                name="an_answered_question_says_what_who_and_when",
                condition=~Q(state__in=["answered", "published"])
                | Q(answer__regex=NOT_BLANK, answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_published_question_is_written_in_both_languages",
                condition=~Q(state="published")
                | Q(
                    public_question_en__regex=NOT_BLANK, public_question_zh_hans__regex=NOT_BLANK,
                    public_answer_en__regex=NOT_BLANK, public_answer_zh_hans__regex=NOT_BLANK,
                    published_at__isnull=False,
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return f"{reverse('interpretation:questions', args=[self.policy.slug])}#question-{self.pk}"


class Clarity(models.Model):
    """Whether a reader found the plain words of a version clear: one voice a person, or a visit."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="clarity", db_index=False)
    voter = models.CharField(max_length=64)  # a digest: who it was is not kept
    clear = models.BooleanField(_("clear"))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("voice on clarity"), _("voices on clarity")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "voter"], name="one_voice_a_reader_and_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.clear}"
