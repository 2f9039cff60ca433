"""Calls, forms as versioned data, and applications."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited

from .states import State


class Call(models.Model):
    """An invitation to apply: rolling (no end) or a round that closes."""

    name = models.CharField(_("name"), max_length=120)  # name_en, name_zh_hans
    slug = models.SlugField(_("address name"), unique=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("call"), _("calls")
        constraints = [
            models.CheckConstraint(
                name="a_call_closes_after_it_opens", condition=Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
                violation_error_message=_("The call would close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormVersion(models.Model):
    """One version of the application form: parts, tasks and fields as data. A sent application keeps its version."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    definition = models.JSONField(_("parts, tasks and fields"))
    published_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("form version"), _("form versions")
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return what was sent to officers, and to an applicant only their own."""
        own = Q(talent__user=user)
        return self.filter(own | ~Q(state=State.DRAFT)) if user.has_perm("intake.view_application") else self.filter(own)


@audited()
class Application(models.Model):
    """A person's request for a place in the park, for a project that needs no company yet.

    ``ref`` (LJ-2026-0391) is given when it is sent; drafts are addressed by ``draft_ref`` (D-…).
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="applications")
    talent = models.ForeignKey("profiles.Talent", models.PROTECT, related_name="applications")
    ref = models.CharField(_("reference"), max_length=20, unique=True)
    title = models.CharField(_("project"), max_length=200, blank=True)
    sector = models.CharField(_("field"), max_length=40, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("case officer")
    )
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("application"), _("applications")
        permissions = [
            ("screen_application", "Can take, ask about and pass on applications"),
            ("decide_application", "Can accept and reject applications"),
        ]
        constraints = [
            models.CheckConstraint(name="an_application_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="only_a_draft_was_never_sent",
                condition=Q(submitted_at__isnull=False) | Q(state__in=[State.DRAFT, State.WITHDRAWN, State.CLOSED]),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="applications_by_state"),
            models.Index(fields=["officer", "state"], name="applications_by_officer"),
        ]

    def __str__(self) -> str:
        return self.ref


class ApplicationDocument(models.Model):
    """A document that an application uses, for one paper that its form asks for."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="documents")
    document = models.ForeignKey("files.Document", models.PROTECT, related_name="+")
    paper = models.CharField(_("paper"), max_length=40)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        constraints = [
            models.UniqueConstraint(fields=["application", "document", "paper"], name="a_paper_is_added_once"),
        ]

    def __str__(self) -> str:
        return f"{self.paper}: {self.document}"
