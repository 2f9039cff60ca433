"""The timetable's hand on tenants."""

from celery import shared_task

from . import reminding


@shared_task
def nightly() -> None:
    """Remind of gates, time and conditions. Safe to run twice, at once and late: each asks who was not told yet."""
    reminding.nightly()
