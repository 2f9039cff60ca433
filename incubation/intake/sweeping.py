"""Acts on many that were started: carried on by a worker, and found again when it died."""

import datetime as dt

from django.utils import timezone

from park.audit.actions import acting

from . import actions
from .models import Batch, BatchRow

LEFT_ALONE = dt.timedelta(minutes=1)  # a batch that was just started has its own worker


def run_batch(pk: int) -> None:
    batch = Batch.objects.select_related("by").get(pk=pk)
    with acting(batch.by, reason=f"batch {pk}"):
        actions.carry_on(batch)


def finish_batches() -> None:
    waiting = BatchRow.objects.filter(done_at=None, refusal="", hindrance="").values("batch")
    for pk in Batch.objects.filter(
        pk__in=waiting, started_at__lt=timezone.now() - LEFT_ALONE, undone_at=None
    ).values_list("pk", flat=True):
        run_batch(pk)
