"""Who stepped aside, for ever."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import append_only

from ..states import Conflict
from .experts import Expert

# The two triggers look at each other's table. Both first take the same lock: whoever comes second sees the first.
ONE_AT_A_TIME = "PERFORM pg_advisory_xact_lock(hashtextextended('review ' || {expert} || ' ' || {application}, 0));"


class Recusal(models.Model):
    """An expert and an application that have nothing to do with each other any more: in any round, for ever."""

    class Source(models.TextChoices):
        DECLARED = "declared", _("said by the expert")
        OFFICER = "officer", _("recorded by the park")

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="recusals", verbose_name=_("expert"))
    application = models.ForeignKey("intake.Application", models.PROTECT, related_name="recusals")
    kind = models.CharField(_("reason"), max_length=12, choices=Conflict)
    note = models.TextField(_("in words"), blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("recusal"), _("recusals")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["expert", "application"], name="one_steps_aside_once_from_a_file"),
            models.CheckConstraint(name="a_recusal_has_a_known_reason", condition=Q(kind__in=Conflict.values)),
        ]
        triggers = [
            append_only(),
            pgtrigger.Trigger(
                name="who_steps_aside_has_no_review", when=pgtrigger.Before, operation=pgtrigger.Insert,
                func=ONE_AT_A_TIME.format(expert="NEW.expert_id", application="NEW.application_id") + """
                    IF EXISTS (
                        SELECT 1 FROM review_review r JOIN review_roundfile f ON f.id = r.file_id
                        WHERE r.expert_id = NEW.expert_id AND f.application_id = NEW.application_id
                            AND r.state IN ('assigned', 'open', 'sent')
                    ) THEN
                        RAISE EXCEPTION 'a review of this file is still open'
                            USING ERRCODE = '23514', CONSTRAINT = 'who_steps_aside_has_no_review';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.expert} · {self.application}"
