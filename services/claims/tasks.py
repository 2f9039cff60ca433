"""The timetable's hand on claims."""

from celery import shared_task

from . import upkeep


@shared_task
def nightly() -> None:
    """Approve ahead, fall back, let lapse. Safe to run twice, at once and late: each asks what is still to do."""
    upkeep.refresh_day()
    upkeep.approve_ahead()
