"""The chain that shows whether the history was touched, and who read what."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .tracking import append_only, chained


class AuditLine(models.Model):
    """One link: an event of some table as it was written, its digest, and the digest of the link before.

    Lines are written by the database alone (``audit_chain``). The content is kept beside its digest, so that a later
    migration of the event's table breaks nothing: the line still tells what the event said.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("at"))
    event_table = models.CharField(_("table of the event"), max_length=63)
    event_id = models.BigIntegerField(_("number of the event"))
    content = models.JSONField(_("what it says"))
    content_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name, verbose_name_plural = _("line of the audit"), _("lines of the audit")
        default_permissions = ("view",)
        triggers = [append_only()]
        constraints = [models.UniqueConstraint(fields=["event_table", "event_id"], name="an_event_is_chained_once")]

    def __str__(self) -> str:
        return f"{self.seq} · {self.event_table} {self.event_id}"


class ReadLog(models.Model):
    """One reading of a person's papers, or one export: who, what, whose, and why."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="readings", verbose_name=_("who read")
    )
    acting_for = models.CharField(_("acting for"), max_length=200, blank=True)
    what = models.CharField(_("what"), max_length=60)  # 'files.document'
    object_id = models.CharField(_("which"), max_length=64)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="read_by", verbose_name=_("whose")
    )
    reason = models.CharField(_("reason"), max_length=200)
    request_id = models.CharField(pgettext_lazy("web", "request"), max_length=64, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("reading"), _("readings")
        default_permissions = ("view",)
        triggers = [append_only(), chained("id")]
        indexes = [models.Index(fields=["about", "-at"], name="who_read_of_a_person")]
        constraints = [
            models.CheckConstraint(
                name="a_reading_has_a_reason",
                condition=~models.Q(reason=""),
                violation_error_message=_("Say why you read it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.object_id}"
