"""What gathers around an application: what was sent, what was asked, which papers it uses."""


from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import append_only
from park.workflow.models import Clock

from ..states import ANSWER_CLOCK, MORE_INFO
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


class InfoRequestQuerySet(models.QuerySet):
    def to_be_reminded(self, *, last: bool, due_by):
        """Return the open requests whose answer is due by then and whose first (or last) reminder is not sent.

        Who had no more time than the first reminder leaves gets the last one only.
        """
        clocks = Clock.objects.running().filter(
            content_type=ContentType.objects.get_for_model(Application),
            object_id=OuterRef("application_id"),
            name=ANSWER_CLOCK.name,
            due_at__lte=due_by,
        )
        waiting = self.filter(closed_at=None, application__state=MORE_INFO)
        if last:
            return waiting.filter(Exists(clocks), last_reminded_at=None)
        return waiting.filter(Exists(clocks.filter(working_days__gt=5)), reminded_at=None)


class InfoRequest(models.Model):
    """What the park asked an applicant for: in words, and what of the form is open for the answer.

    ``tasks`` open whole; ``fields`` name single questions and papers (``market.customers``, ``papers.business_plan``).
    ``revision`` is what the answer sent; a request that was closed without one had no answer in time.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="requests")
    text = models.TextField(_("what we need"))
    tasks = models.JSONField(_("tasks that can be changed"), default=list)
    fields = models.JSONField(_("fields and papers that can be changed"), default=list)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    revision = models.OneToOneField(
        Revision, models.PROTECT, null=True, blank=True, related_name="answers_to", verbose_name=_("what came back")
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    last_reminded_at = models.DateTimeField(_("reminded for the last time"), null=True, blank=True)

    objects = InfoRequestQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("request to the applicant"), _("requests to the applicant")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(closed_at=None), name="one_open_request_an_application"
            ),
            models.CheckConstraint(
                name="an_open_request_has_no_answer_yet",
                condition=Q(closed_at__isnull=False) | Q(revision=None, answer=""),
            ),
            models.CheckConstraint(
                name="the_last_reminder_is_not_the_first",
                condition=Q(last_reminded_at=None) | Q(reminded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def was_answered(self) -> bool:
        return self.revision_id is not None

    def opens(self, task: str) -> bool:
        """Tell whether something of this task can be changed for the answer."""
        return task in self.tasks or any(name.startswith(f"{task}.") for name in self.fields)

    def opened_in(self, task: str) -> set[str] | None:
        """Return the fields and papers of a task that open; None if the whole task does."""
        if task in self.tasks:
            return None
        return {name.partition(".")[2] for name in self.fields if name.startswith(f"{task}.")}


class ApplicationDocument(models.Model):
    """A document that an application uses, for one paper that its form asks for."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="documents")
    document = models.ForeignKey("files.Document", models.PROTECT, related_name="+")
    paper = models.CharField(_("paper"), max_length=40)
    instead = models.BooleanField(_("in place of the paper"), default=False)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        constraints = [
            models.UniqueConstraint(fields=["application", "document", "paper"], name="a_paper_is_added_once"),
        ]

    def __str__(self) -> str:
        return f"{self.paper}: {self.document}"
