"""What gathers around an application: what was sent, what was asked, which papers it uses."""


from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import append_only

from .applications import Application


class Revision(models.Model):
    """What was sent: the first time, and again with each answer. Never changed."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("number"))
    answers = models.JSONField(_("answers"))  # {task: {field: value}}, clean; stays and papers among them
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))

    class Meta:
        verbose_name, verbose_name_plural = _("revision"), _("revisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="a_revision_has_its_own_number"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.application} · {self.number}"


class InfoRequest(models.Model):
    """What the park asked an applicant for: in words, and which tasks of the form are open for the answer."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="requests")
    text = models.TextField(_("what we need"))
    tasks = models.JSONField(_("tasks that can be changed"), default=list)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("request to the applicant"), _("requests to the applicant")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(closed_at=None), name="one_open_request_an_application"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


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
