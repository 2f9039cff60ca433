"""What experts read: copies of their own, made for them, never the application itself."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited

from .rounds import RoundFile


@audited()
class ReadingCopy(models.Model):
    """The copy of a file that experts read, made from what was sent last.

    In a round with hidden names it is a blind copy: what tells who applies was left out or replaced when it was made,
    so it is not in the row at all. ``texts`` holds the sections by language:
    ``{"en": [{"label": …, "rows": [{"label": …, "value": …}]}], "zh-hans": […]}``.
    """

    file = models.OneToOneField(RoundFile, models.CASCADE, related_name="copy")
    revision = models.ForeignKey("intake.Revision", models.PROTECT, related_name="+")
    blind = models.BooleanField(_("names hidden"))
    title = models.CharField(_("title"), max_length=200)
    sector = models.CharField(_("field"), max_length=40, blank=True)
    language = models.CharField(_("written in"), max_length=10)
    texts = models.JSONField(_("texts"))
    extra_words = models.TextField(
        _("further words to leave out"), blank=True,
        help_text=_("One a line: names of colleagues, institutes, products that give the person away."),
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("reading copy"), _("reading copies")
        ordering = ["file__code"]
        constraints = [
            models.CheckConstraint(
                name="a_copy_is_approved_by_a_second_person",
                condition=Q(approved_by=None, approved_at=None)
                | (Q(approved_at__isnull=False) & ~Q(approved_by=F("made_by"))),
                violation_error_message=_("A second person approves the copy."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_approved_copy_stays", operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__approved_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None


class CopyFile(models.Model):
    """A paper of a reading copy: a file and a name of its own, without what programs write about people."""

    class Finding(models.TextChoices):
        CLEAN = "clean", _("Read through: no name found")
        UNREAD = "unread", _("Cannot be read by a program: look at it")
        NAMES = "names", _("Names were found inside: replace it")
        REDACTED = "redacted", _("Replaced by the park")

    copy = models.ForeignKey(ReadingCopy, models.CASCADE, related_name="papers")
    document = models.ForeignKey("files.Document", models.PROTECT, related_name="+")
    origin = models.ForeignKey("files.Document", models.PROTECT, related_name="+", null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=40)
    finding = models.CharField(_("looked through"), max_length=10, choices=Finding)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("paper of a copy"), _("papers of a copy")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_copy_never_hands_out_the_original", condition=Q(origin=None) | ~Q(document=F("origin"))
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="papers_of_an_approved_copy_stay",
                when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM review_readingcopy c WHERE c.approved_at IS NOT NULL AND c.id =
                        CASE WHEN TG_OP = 'INSERT' THEN NEW.copy_id ELSE OLD.copy_id END
                    ) THEN
                        RAISE EXCEPTION 'an approved copy is never changed'
                            USING ERRCODE = '23514', CONSTRAINT = 'papers_of_an_approved_copy_stay';
                    END IF;
                    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.document)
