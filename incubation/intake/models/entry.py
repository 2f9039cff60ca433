"""The rule of who may enter the park, as versioned data, and what it said of an application when it was checked."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import append_only
from park.rules.states import Verdict

from .applications import Application


class EntryRuleQuerySet(models.QuerySet):
    def in_use(self):
        """Return the version that applications are checked by."""
        return self.filter(in_use_since__isnull=False, retired_at=None).first()


NEVER_NONE = """
    IF NOT EXISTS (SELECT 1 FROM intake_entryrule WHERE in_use_since IS NOT NULL AND retired_at IS NULL) THEN
        RAISE EXCEPTION 'one entry rule is in use' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'one_entry_rule_is_in_use', TABLE = 'intake_entryrule';
    END IF;
    RETURN NULL;
"""


class EntryRule(models.Model):
    """One version of the entry rule: written by one person, put in use by another, from then on never changed.

    Exactly one is in use: a new one takes the place of the old in one act. The first came with the portal.
    """

    number = models.PositiveIntegerField(_("version"), unique=True)
    rule = models.JSONField(_("rule"))
    source = models.CharField(_("where it stands"), max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("author")
    )
    in_use_since = models.DateTimeField(_("in use since"), null=True, blank=True)
    put_in_use_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("put in use by"),
    )  # fmt: skip
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True)

    objects = EntryRuleQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("entry rule"), _("entry rules")
        ordering = ["-number"]
        permissions = [("publish_entryrule", "Can put versions of the entry rule in use")]
        constraints = [
            models.UniqueConstraint(
                models.ExpressionWrapper(Q(in_use_since__isnull=False), models.BooleanField()),
                name="one_entry_rule_is_in_use_at_a_time",
                condition=Q(in_use_since__isnull=False, retired_at=None),
            ),
            models.CheckConstraint(
                name="nobody_puts_their_own_entry_rule_in_use",
                condition=Q(author=None, put_in_use_by=None)
                | Q(in_use_since=None, put_in_use_by=None)
                | (
                    Q(author__isnull=False, put_in_use_by__isnull=False, in_use_since__isnull=False)
                    & ~Q(put_in_use_by=F("author"))
                ),
                violation_error_message=_("A second person has to take this step: you took the one before it."),
            ),
            models.CheckConstraint(
                name="an_entry_rule_goes_out_of_use_after_it_was_in_use",
                condition=Q(retired_at=None) | Q(in_use_since__isnull=False, retired_at__gte=F("in_use_since")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_entry_rule_in_use_is_kept", operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__in_use_since__isnull=False),
            ),
            pgtrigger.Protect(
                name="an_entry_rule_in_use_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.in_use_since IS NOT NULL AND (OLD.retired_at IS NOT NULL OR NEW.number <> OLD.number"
                    " OR NEW.rule IS DISTINCT FROM OLD.rule OR NEW.source <> OLD.source"
                    " OR NEW.in_use_since IS DISTINCT FROM OLD.in_use_since"
                    " OR NEW.author_id IS DISTINCT FROM OLD.author_id"
                    " OR NEW.put_in_use_by_id IS DISTINCT FROM OLD.put_in_use_by_id)"
                ),
            ),
            pgtrigger.Trigger(
                name="one_entry_rule_is_in_use", when=pgtrigger.After, operation=pgtrigger.Update,
                timing=pgtrigger.Deferred, func=NEVER_NONE, condition=pgtrigger.Q(new__retired_at__isnull=False),
            ),
        ]  # fmt: skip

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
