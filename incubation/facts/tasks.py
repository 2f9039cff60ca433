"""The clock on facts: ages change with the date, and profiles change on floors that know nothing of facts."""

from celery import shared_task

from . import reminding, wide_row


@shared_task
def refresh_what_changed() -> None:
    """Compute anew where the day, the profile or the register is newer than what was computed. Safe to run twice."""
    wide_row.refresh(wide_row.out_of_date())


@shared_task
def refresh_all() -> None:
    """Compute everything anew: titles, rights and money raised have no moment of change. Safe to run twice."""
    wide_row.refresh()


@shared_task
def remind_of_stale() -> None:
    """Tell whose facts run out in 30 days, and whose have. Safe to run twice."""
    reminding.remind()
