"""The timetable's hand on services."""

from celery import shared_task

from . import upkeep


@shared_task
def nightly() -> None:
    """Warn of licences and end what is silent. Safe to run twice, at once and late: each asks what is still due."""
    upkeep.warn_of_licences()
    upkeep.end_the_silent()
