"""Looking after drafts by the timetable."""

import structlog
from django.utils import timezone

from park.workflow.actions import MoveRefused

from .actions.dropping import BEFORE_CLOSING, BEFORE_DROPPING, KEPT, drafts, drop, is_over, remind_of_closing
from .actions.dropping import warn_of_dropping as warn
from .models import Call

log = structlog.get_logger(__name__)


def watch() -> None:
    """Remind of calls that close, warn of drafts that lie idle, drop those that are over. Called by the timetable."""
    now = timezone.now()
    for call in Call.objects.filter(closes_at__gt=now, closes_at__lte=now + BEFORE_CLOSING[0]):
        remind_of_closing(call=call)
    for application in drafts().filter(saved_at__lte=now - KEPT + BEFORE_DROPPING[0]).order_by("pk").iterator():
        if warn(application=application) or not is_over(application, now):
            continue
        try:
            drop(application=application)
        except MoveRefused as refusal:  # saved or discarded in the same moment
            log.info("intake.drop_refused", application=application.pk, reason=refusal.code)
