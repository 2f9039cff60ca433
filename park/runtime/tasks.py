"""What the timetable asks of the ground itself."""

from celery import shared_task
from django.db.models.functions import Now

from park.runtime.models import Heartbeat


@shared_task
def beat_heartbeat() -> None:
    """Show that timetable, broker and worker reach the database. Safe to run twice, at once and late."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=Heartbeat.BEAT, at=Now())], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )
