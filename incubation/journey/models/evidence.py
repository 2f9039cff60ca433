"""Papers that a tenant shows at its gates: each with its day, and how long it counts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .tenants import Tenant


class EvidenceQuerySet(models.QuerySet):
    def current(self):
        """Return the papers that no newer one of the same kind has taken the place of."""
        return self.filter(replaced_at=None)


class Evidence(models.Model):
    """One paper of one kind, as a tenant or an officer gave it. A newer one takes its place; all stay."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="evidence")
    key = models.CharField(_("what it is"), max_length=40)  # as the terms of the gate name it
    document = models.ForeignKey("files.Document", models.PROTECT, related_name="+", verbose_name=_("document"))
    issued_on = models.DateField(_("dated"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("paper"), _("papers")
        ordering = ["key", "-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key"], condition=Q(replaced_at=None), name="one_paper_of_a_kind_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant} · {self.key}"
