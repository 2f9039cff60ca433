"""Celery's hand on the PDFs: a message is only a nudge, what is missing is found by the sweep."""

import structlog
from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from . import pdfs

log = structlog.get_logger(__name__)


@shared_task
def make_pdf(letter_id: int) -> None:
    """Make the PDF of one letter. Safe to run twice: a letter that has one is left alone."""
    pdfs.make(letter_id)


@shared_task
def make_missing_pdfs() -> None:
    pdfs.make_missing()


def make_after_commit(letter_id: int) -> None:
    """Ask a worker for the PDF once the letter is committed. A broker that is away delays it; nobody waits for it."""

    def nudge() -> None:
        try:
            make_pdf.delay(letter_id)
        except (OperationalError, RedisError, OSError) as error:
            log.warning("letters.nudge_lost", error=type(error).__name__)

    transaction.on_commit(nudge, robust=True)
