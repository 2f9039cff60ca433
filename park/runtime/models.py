"""What the running portal says about itself."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HeartbeatQuerySet(models.QuerySet):
    def age_of(self, name):
        """Return how long ago a part of the portal was last heard of, or None if never."""
        at = self.filter(name=name).values_list("at", flat=True).first()
        return None if at is None else timezone.now() - at


class Heartbeat(models.Model):
    """The last sign of life of one part of the portal that works unseen."""

    BEAT = "beat"

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("last heard of"))

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self):
        return self.name
