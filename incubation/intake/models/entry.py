"""The rule of who may enter the park, as versioned data, and what it said of an application when it was checked."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import append_only
from park.rules.states import Verdict

from .applications import Application


class EntryRuleQuerySet(models.QuerySet):
    def in_use(self, now=None):
        """Return the version that applications are checked by."""
        return self.filter(in_use_since__lte=now or timezone.now()).order_by("-in_use_since", "-number").first()


class EntryRule(models.Model):
    """One version of the entry rule. Once it is in use it is never changed: a new version takes its place."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    rule = models.JSONField(_("rule"))
    source = models.CharField(_("where it stands"), max_length=300, blank=True)
    in_use_since = models.DateTimeField(_("in use since"), null=True, blank=True)

    objects = EntryRuleQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("entry rule"), _("entry rules")
        ordering = ["-number"]
        triggers = [
            pgtrigger.Protect(
                name="an_entry_rule_in_use_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__in_use_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return _("Entry rule, version %(number)s") % {"number": self.number}


class EntryVerdict(models.Model):
    """What the entry rule said of an application when an officer passed it on or refused it: kept whole, for good."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="entry_verdicts")
    rule = models.ForeignKey(EntryRule, models.PROTECT, related_name="+", verbose_name=_("entry rule"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    trace = models.JSONField(_("criterion by criterion"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))

    class Meta:
        verbose_name, verbose_name_plural = _("verdict of the entry rule"), _("verdicts of the entry rule")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="an_entry_verdict_is_known", condition=Q(verdict__in=Verdict.values)),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.application}: {self.verdict}"
