"""Is mail going out? Asked by /health/: waiting mail is a delay, never an outage."""

import datetime as dt

from django.utils import timezone

from .models import Delivery

PATIENCE = dt.timedelta(minutes=15)


def oldest_due() -> tuple[str, str]:
    """Return 'degraded' where a mail that should have gone has waited for a quarter of an hour."""
    late = Delivery.objects.due(timezone.now() - PATIENCE).exists()
    return "notices", "degraded" if late else "ok"
