"""Celery's hand on the webhooks: a nudge, and the sweep on the timetable. Safe to run twice, at once and late."""

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from . import delivery

log = structlog.get_logger(__name__)


@shared_task
def deliver() -> None:
    """Serve one endpoint, and ask for another hand while there may be more."""
    if delivery.run_lease():
        nudge()


def nudge() -> None:
    """Ask a worker to look. A broker that is away delays, and is never waited for."""
    try:
        deliver.apply_async(retry=False)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("webhooks.nudge_lost", error=type(error).__name__)
