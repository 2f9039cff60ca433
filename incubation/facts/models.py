"""What the park knows of each tenant, fact by fact, and one wide row a tenant that rules are compiled against."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    SELF = "self", _("said by the tenant")
    STAFF = "staff", _("checked by park staff")
    REGISTER = "register", _("from a register")


class Fact(models.Model):
    """One value of one fact of one tenant, as known from a day on. The newest row a key is what holds; older ones stay."""

    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="facts")
    key = models.CharField(_("fact"), max_length=60)
    value = models.JSONField(_("value"), null=True)  # NULL: declared unknown again
    source = models.CharField(_("source"), max_length=10, choices=Source)
    proof = models.ForeignKey("files.Document", models.PROTECT, null=True, blank=True, related_name="+")
    as_of = models.DateField(_("as of"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("fact"), _("facts")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key"], condition=Q(superseded_at=None), name="one_value_of_a_fact_holds"
            ),
            models.CheckConstraint(name="a_fact_has_a_known_source", condition=Q(source__in=Source.values)),
        ]
        indexes = [models.Index(fields=["tenant", "key", "-recorded_at"], name="history_of_a_fact")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
