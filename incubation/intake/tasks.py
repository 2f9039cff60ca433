"""What the timetable has this room do. Each may run twice, at once, late."""

from celery import shared_task

from . import clockwork, drafts


@shared_task
def remind_applicants() -> None:
    """Remind of answers that are due soon. A reminder is marked in the transaction that writes it, so it goes once."""
    clockwork.remind_applicants()


@shared_task
def watch_drafts() -> None:
    """Remind of calls that close, drop drafts that lie idle. What was told is not told again; nothing goes untold."""
    drafts.watch()
