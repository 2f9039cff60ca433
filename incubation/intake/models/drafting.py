"""What goes with a draft while it is written: who edits which task, and which papers cannot be had."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited


class TaskLeaseQuerySet(models.QuerySet):
    def live(self):
        """Return the tasks that somebody edits now: touched within the last ten minutes."""
        return self.filter(touched_at__gt=timezone.now() - TaskLease.IDLE)

    def of_others(self, user):
        """Return the tasks that somebody else edits now, with who it is."""
        return self.live().exclude(user=user).select_related("user")


class TaskLease(models.Model):
    """Who edits a task of an application. One person at a time; ten idle minutes release it."""

    IDLE = dt.timedelta(minutes=10)

    application = models.ForeignKey("intake.Application", models.CASCADE, related_name="leases")
    task = models.CharField(max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)

    objects = TaskLeaseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("task being edited"), _("tasks being edited")
        constraints = [
            models.UniqueConstraint(fields=["application", "task"], name="a_task_has_one_editor"),
            models.CheckConstraint(
                name="a_task_is_touched_after_it_was_taken", condition=Q(touched_at__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.task}"

    @property
    def is_live(self) -> bool:
        return self.touched_at > timezone.now() - self.IDLE

    @property
    def free_at(self) -> dt.datetime:
        return self.touched_at + self.IDLE


@audited()
class PaperExcuse(models.Model):
    """Why a paper cannot be provided. What is added in its place is marked ``instead`` among the documents."""

    application = models.ForeignKey("intake.Application", models.PROTECT, related_name="excuses")
    paper = models.CharField(_("paper"), max_length=40)
    reason = models.CharField(_("why it cannot be provided"), max_length=1000)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    said_at = models.DateTimeField(_("said"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("paper that cannot be provided"), _("papers that cannot be provided")
        ordering = ["said_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "paper"], name="a_paper_is_excused_once"),
            models.CheckConstraint(
                name="an_excuse_has_a_reason", condition=~Q(reason=""),
                violation_error_message=_("Say why the paper cannot be provided."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reason[:60]
