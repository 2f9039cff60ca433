"""The timetable's hand on the clocks."""

from celery import shared_task
from django.utils import timezone

from . import clocks


@shared_task
def watch_clocks() -> None:
    """Mark what is at risk and what is late, and have it told. Safe to run twice, at once, late: a mark is set once."""
    now = timezone.now()
    clocks.mark("breached", now=now)
    clocks.mark("warned", now=now)
