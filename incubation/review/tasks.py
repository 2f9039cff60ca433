"""The timetable's hand on the reviews."""

from celery import shared_task

from . import reminding


@shared_task
def remind() -> None:
    """Remind experts whose scores are due. Safe to run twice, at once, late: a step is reminded of once."""
    reminding.sweep()
