"""Private documents."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import audited


class DocumentState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("file", "Being checked")
    AVAILABLE = "available", _("On file")
    QUARANTINED = "quarantined", _("Held back")


class DocumentQuerySet(models.QuerySet):
    def current(self):
        """Return the documents that no newer version has replaced."""
        return self.filter(replaced_by=None)

    def in_vault(self):
        """Return what people put on file themselves, in its newest version."""
        return self.current().filter(made_here=False)


@audited()
class Document(models.Model):
    """One version of one file that a person gave the park. Its bytes lie under a random name outside the web root."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="documents", verbose_name=_("whose")
    )
    kind = models.CharField(_("kind"), max_length=40)  # degree_certificate, business_plan, passport …
    name = models.CharField(_("file name"), max_length=150)
    media_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=120, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=DocumentState, default=DocumentState.RECEIVED)
    held_because = models.CharField(_("held back because"), max_length=120, blank=True, editable=False)
    sensitive = models.BooleanField(_("sensitive"), default=False, help_text=_("Reading it is logged with a reason."))
    made_here = models.BooleanField(_("made by the portal"), default=False, editable=False)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("on file since"), default=timezone.now)
    replaced_by = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaces", editable=False
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        indexes = [models.Index(fields=["owner", "kind", "-uploaded_at"], name="documents_of_a_person")]
        constraints = [
            models.CheckConstraint(name="a_document_has_a_known_state", condition=Q(state__in=DocumentState.values)),
            models.CheckConstraint(name="a_document_is_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.public_id])
