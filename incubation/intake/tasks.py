"""What the timetable has this room do. Each may run twice, at once, late."""

from celery import shared_task

from . import clockwork, drafts, sweeping


@shared_task
def remind_applicants() -> None:
    """Remind of answers that are due soon. A reminder is marked in the transaction that writes it, so it goes once."""
    clockwork.remind_applicants()


@shared_task
def watch_drafts() -> None:
    """Remind of calls that close, drop drafts that lie idle. What was told is not told again; nothing goes untold."""
    drafts.watch()


@shared_task
def run_batch(pk: int) -> None:
    """Make the rows of an act on many that wait. Each is locked and marked with what it does, so twice does no harm."""
    sweeping.run_batch(pk)


@shared_task
def finish_batches() -> None:
    """Go on with acts on many that a dead worker or a missing broker left."""
    sweeping.finish_batches()
