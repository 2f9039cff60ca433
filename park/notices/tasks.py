"""Celery's hand on the outbox. The database is the queue of record; a message here is only a nudge."""

import time

import structlog
from celery import shared_task
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from . import delivery, digests

PAUSE = 5  # seconds in which a broker that did not answer is not nudged again
log = structlog.get_logger(__name__)
_broker = {"away_until": 0.0}


@shared_task
def deliver() -> None:
    """Send one lease of what is due, and ask for another hand while there is more.

    Safe to run twice, at once and late: a delivery is claimed before it is sent. The sweep is this same task on the
    timetable: it finds what a lost nudge or a dead worker left behind.
    """
    digests.gather()
    if delivery.run_lease():
        nudge()


def nudge() -> None:
    """Ask a worker to look at the outbox. A broker that is away delays the mail and is never waited for."""
    if time.monotonic() < _broker["away_until"]:
        return
    try:
        deliver.delay()
    except (OperationalError, RedisError, OSError) as error:
        _broker["away_until"] = time.monotonic() + PAUSE
        log.warning("notices.nudge_lost", error=type(error).__name__)


def nudge_after_commit() -> None:
    """Nudge once when the transaction is committed, however many notices it holds."""
    if not any(entry[1] is nudge for entry in connection.run_on_commit):
        transaction.on_commit(nudge, robust=True)
