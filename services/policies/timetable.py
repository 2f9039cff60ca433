"""Releases that were set for a moment: made by the same verb as by hand, or the manager asked to look again."""

import datetime as dt

import structlog
from django.utils import timezone, translation

from park.audit.actions import acting
from park.notices.actions import tell
from park.pages.wording import local_date
from park.workflow.actions import MoveRefused

from . import actions
from .models import PolicyVersion, Preview
from .states import State
from .telling import WAITS

ASKED_AHEAD = dt.timedelta(hours=12)
log = structlog.get_logger(__name__)


def release_due(now: dt.datetime | None = None) -> int:
    """Release what is due. Whose preview will be too old is asked once to look again; until then the release waits.

    Asked twice, nothing happens twice: what was released is scheduled no more. Returns how many were released.
    """
    now = now or timezone.now()
    due = PolicyVersion.objects.filter(state=State.SCHEDULED, scheduled_for__lte=now + ASKED_AHEAD)
    return sum(_release(version, now) for version in due.select_related("policy", "scheduled_by").order_by("pk"))


def _release(version: PolicyVersion, now: dt.datetime) -> bool:
    manager = version.scheduled_by
    seen = Preview.objects.filter(version=version, by=manager).first()
    moment = max(version.scheduled_for, now)
    if seen is None or seen.at < moment - actions.FRESH:
        _ask(version, manager)
        return False
    if version.scheduled_for > now:
        return False
    try:
        with acting(manager, reason="set moment"):
            actions.release(
                version=version, by=manager, previewed=seen, lock=version.version, confirmed=None
            )  # who set a moment ahead meant the tenants of that moment
    except MoveRefused as refusal:  # the manager has no duty for it any more, say: it waits for somebody who has
        log.warning("policies.scheduled_release_refused", version=version.pk, why=refusal.code)
        return False
    return True


def _ask(version: PolicyVersion, manager) -> None:
    with translation.override(manager.language):
        tell(
            WAITS, recipients=[manager], subject_id=version.pk, version=version.version,
            context={
                "title": version.title_en, "title_zh": version.title_zh_hans, "pk": version.pk,
                "moment": local_date(version.scheduled_for, "moment"),
            },
        )  # fmt: skip
