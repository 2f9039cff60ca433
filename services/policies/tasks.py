"""Thin hands: each carries an id or nothing, and may be called twice."""

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from . import matching

log = structlog.get_logger(__name__)


@shared_task
def run_release(release_id: int) -> None:
    """Judge and tell one release. Verdicts, notices and deliveries that are there already stay as they are."""
    matching.run_release(release_id)


@shared_task
def finish_releases() -> None:
    """Run the releases that a lost nudge or a dead worker left behind."""
    matching.finish_releases()


@shared_task
def rejudge_changed() -> None:
    """Judge the tenants whose facts changed against the released policies. Asked again, the question finds nobody."""
    matching.rejudge_changed()


@shared_task
def release_scheduled() -> None:
    """Release what was set for this moment, by the same verb as by hand. What was released is scheduled no more."""
    from . import timetable  # it uses the verbs, and they this file

    timetable.release_due()


@shared_task
def rejudge_all() -> None:
    """Judge everybody anew against the released policies: what a date has turned. Asked again, it changes nothing."""
    matching.rejudge_all()


def nudge(task, *args) -> None:
    """Hand a task to the broker; where it is away, the sweep on the timetable finds the work in the database."""
    try:
        task.apply_async(args, retry=False)
    except (OperationalError, OSError) as trouble:
        log.warning("nudge_lost", task=task.name, error=type(trouble).__name__)
