"""Letters of the park: their texts as versions, what was issued, and the numbers."""

import hashlib
import json
import secrets

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import append_only, audited

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read for another


def new_check_code() -> str:
    """Return the part of a reference that nobody can guess."""
    return "".join(secrets.choice(SIGNS) for _place in range(8))


def digest_of(content: dict) -> str:
    """Return the SHA-256 of a letter's content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class LetterTextQuerySet(models.QuerySet):
    def in_use(self, kind: str):
        """Return the version that a new letter of a kind is written from."""
        return self.filter(kind=kind, published_at__lte=timezone.now()).order_by("-number").first()


@audited()
class LetterText(models.Model):
    """One version of the text of a kind of letter, with blanks, in both languages. Once in use it stays as it is."""

    kind = models.CharField(_("kind"), max_length=40)
    number = models.PositiveIntegerField(_("version"))
    title_en = models.CharField(_("title (English)"), max_length=160)
    title_zh = models.CharField(_("title (Chinese)"), max_length=160)
    body_en = models.TextField(_("text (English)"))
    body_zh = models.TextField(_("text (Chinese)"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("author")
    )
    published_at = models.DateTimeField(_("in use since"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("put in use by"),
    )  # fmt: skip

    objects = LetterTextQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("letter text"), _("letter texts")
        ordering = ["kind", "-number"]
        permissions = [("publish_lettertext", "Can put texts of letters in use")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="a_letter_text_has_its_own_number"),
            models.CheckConstraint(
                name="nobody_puts_their_own_text_in_use",  # the first of each kind came with the portal
                condition=Q(author=None, published_by=None)
                | Q(published_at=None, published_by=None)
                | (
                    Q(author__isnull=False, published_by__isnull=False, published_at__isnull=False)
                    & ~Q(published_by=F("author"))
                ),
                violation_error_message=_("A second person has to take this step: you took the one before it."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_text_in_use_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.number}"

    def words(self, language: str) -> tuple[str, str]:
        """Return title and text in a language."""
        return (self.title_zh, self.body_zh) if language == "zh-hans" else (self.title_en, self.body_en)


class LetterNumber(models.Model):
    """The last number given in a year to letters with one beginning. Its row is locked while a number is taken."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("letter number"), _("letter numbers")
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="letters_are_counted_by_kind_and_year")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:04d}"


class LetterQuerySet(models.QuerySet):
    def about(self, record):
        """Return the letters about a record, newest first."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk).order_by("-pk")

    def valid(self):
        return self.filter(withdrawn_at=None)

    def without_pdf(self):
        return self.filter(file=None)


@audited(exclude=["content"])  # the content is kept by its digest
class Letter(models.Model):
    """A letter that the park issued: numbered, kept as written, and genuine for whoever checks its reference."""

    ref = models.CharField(_("reference"), max_length=40, unique=True)  # DL-2026-0001-7K3M9QXT
    kind = models.CharField(_("kind"), max_length=40)
    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    text = models.ForeignKey(LetterText, models.PROTECT, related_name="letters", verbose_name=_("text"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    content = models.JSONField(_("content"))  # what ``composing`` makes, and the frame around it
    digest = models.CharField(_("digest of the content"), max_length=64)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="letters", null=True, blank=True, verbose_name=_("to")
    )
    to_name = models.CharField(_("name"), max_length=200)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="replaced_by", null=True, blank=True, verbose_name=_("replaces")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("withdrawn by"),
    )
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("letter"), _("letters")
        ordering = ["-pk"]
        permissions = [("withdraw_letter", "Can withdraw letters")]
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year", "serial"], name="a_letter_has_its_own_number"),
            models.CheckConstraint(
                name="a_withdrawn_letter_says_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
            ),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="letters_about_a_record")]
        triggers = [
            pgtrigger.ReadOnly(
                name="what_was_issued_stays",
                fields=[
                    "ref", "kind", "prefix", "year", "serial", "text", "language", "content", "digest", "content_type",
                    "object_id", "to_name", "issued_at", "replaces",
                ],
            ),
            pgtrigger.Protect(name="a_letter_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_withdrawn_letter_stays_withdrawn",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False)
                & pgtrigger.Q(new__withdrawn_at__df=pgtrigger.F("old__withdrawn_at")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("letters:letter", args=[self.ref])

    @property
    def number(self) -> str:
        return f"{self.prefix}-{self.year}-{self.serial:04d}"

    @property
    def is_valid(self) -> bool:
        return self.withdrawn_at is None

    @property
    def check_url(self) -> str:
        """The address at which anybody can ask whether the letter is genuine, as it stands in its QR code."""
        return f"{settings.BASE_URL}/v/{self.ref}/"

    @property
    def is_whole(self) -> bool:
        """Tell whether the content is what was issued."""
        return digest_of(self.content) == self.digest


class LetterFile(models.Model):
    """The PDF of a letter, made once. Its digest stands in the audit through this row, which never changes."""

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="file")
    content = models.BinaryField()
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("PDF of a letter"), _("PDFs of letters")
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.sha256[:12]
