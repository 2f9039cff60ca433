"""The way of a service request, as a table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    OPEN = "open", _("Sent")
    MATCHED = "matched", _("Waiting for replies")
    TAKEN = "taken", _("Taken")
    IN_SERVICE = "in_service", _("Under way")
    DELIVERED = "delivered", _("Delivered")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")
