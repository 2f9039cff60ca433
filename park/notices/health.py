"""Is mail going out? Asked by /health/: waiting mail is a delay, never an outage."""

import datetime as dt

from django.utils import timezone

from .models import Delivery

PATIENCE = dt.timedelta(minutes=15)


def oldest_due() -> tuple[str, str, str]:
    """Return 'degraded' where a mail that should have gone has waited for a quarter of an hour, and since when."""
    oldest = Delivery.objects.due(timezone.now() - PATIENCE).order_by("due_at").values_list("due_at", flat=True).first()
    return "notices", "degraded" if oldest else "ok", f"waiting since {oldest:%Y-%m-%dT%H:%MZ}" if oldest else ""
