"""What a scan does to a document. The work of the tasks of this room."""

from datetime import timedelta

import structlog
from django.utils import timezone

from . import scanner, storage
from .models import Document, DocumentState

log = structlog.get_logger(__name__)


def scan_one(document_id: int) -> None:
    """Scan a document that waits for it, and let it out or hold it back. Twice does no harm; away is tried later."""
    document = Document.objects.filter(pk=document_id, state=DocumentState.RECEIVED).first()
    if document is None:
        return
    try:
        found = scanner.scan(storage.path_of(document.storage_name))
    except scanner.ScannerAway as trouble:
        log.warning("scanner_away", document=document.pk, error=str(trouble))
        return
    waiting = Document.objects.filter(pk=document.pk, state=DocumentState.RECEIVED)
    if found:
        log.warning("document_held_back", document=document.pk)
        waiting.update(state=DocumentState.QUARANTINED, held_because=found)
    else:
        waiting.update(state=DocumentState.AVAILABLE)


def scan_waiting(limit: int = 100) -> None:
    """Scan what a lost message, or a scanner that was away, left behind."""
    if not scanner.configured():
        return
    left = Document.objects.filter(state=DocumentState.RECEIVED, uploaded_at__lt=timezone.now() - timedelta(seconds=30))
    for document_id in left.order_by("pk").values_list("pk", flat=True)[:limit]:
        scan_one(document_id)
