"""What the timetable asks of the ground itself."""

from celery import shared_task
from celery.signals import beat_init
from django.db.models.functions import Now

from park.runtime.models import Heartbeat


@shared_task
def beat_heartbeat() -> None:
    """Show that timetable, broker and worker reach the database. Safe to run twice, at once and late."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=Heartbeat.BEAT, at=Now())], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


@beat_init.connect
def show_the_start(**kwargs) -> None:
    """Be heard of as soon as the timetable starts, not only when its first minute is over."""
    beat_heartbeat.apply_async(expires=50)
