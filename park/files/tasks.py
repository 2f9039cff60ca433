from celery import shared_task

from . import scanning


@shared_task
def scan(document_id: int) -> None:
    scanning.scan_one(document_id)


@shared_task
def scan_waiting() -> None:
    scanning.scan_waiting()
