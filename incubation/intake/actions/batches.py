"""One act on many applications: tried first, then made row by row, each through the verb that makes it for one."""

from collections.abc import Iterable

import structlog
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, MoveRefused, NotYours, open_moves, verb

from .. import access, panels
from ..models import Application, Batch, BatchRow
from ..models.batches import BatchAct
from ..states import MACHINE
from .casework import ask, close, hand_over, pass_on, take

MOST = 500
AT_ONCE = 50  # more are made in the background
VERBS = {"take": take, "hand_over": hand_over, "ask": ask, "pass_on": pass_on, "close": close}
log = structlog.get_logger(__name__)


@verb
def plan_batch(*, act: str, applications: Iterable[Application], by) -> Batch:
    """Try an act on many applications: nothing happens to them, each row says what would. Raises MoveRefused."""
    applications = list(applications)
    if not by.has_perm(access.SCREEN):
        raise NotYours
    if not 0 < len(applications) <= MOST:
        raise GuardFailed(_("Choose between 1 and %(most)s applications.") % {"most": MOST}, code="too-many")
    batch = Batch.objects.create(act=BatchAct(act), by=by)
    BatchRow.objects.bulk_create(
        BatchRow(
            batch=batch, application=each, version=each.version, before=each.state, previous_officer=each.officer,
            hindrance=hindrance(each, act, by),
        )
        for each in applications
    )  # fmt: skip
    return batch


def hindrance(application: Application, act: str, by) -> str:
    """Return why this act cannot be made now, as the verb would say it; '' if it can."""
    move = MACHINE.find(act)
    if application.state not in move.origins:
        words = {"step": move.label, "state": application.get_state_display()}
        return _("“%(step)s” is not possible now: it stands at “%(state)s”.") % words
    if move not in open_moves(MACHINE, application, by, access.may_make):
        return str(NotYours.sentence)
    if act == "pass_on":
        try:
            panels.may_be_passed_on(application)
        except MoveRefused as refusal:
            return str(refusal)
    return ""


@verb
def start_batch(*, batch: Batch, by, **given) -> Batch:
    """Start what was tried, with what the act takes besides. The rows follow in ``carry_on``. Raises MoveRefused."""
    locked = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if locked.by_id != by.pk:
        raise NotYours
    if locked.started_at:
        raise GuardFailed(_("This was started already."), code="started")
    if locked.act in ("ask", "close") and not given.get("note", "").strip():
        raise GuardFailed(_("Give a reason: the other side is told why."), code="reason-missing")
    if locked.act == "hand_over" and not given.get("to"):
        raise GuardFailed(_("Choose who takes the cases over."), code="nobody")
    locked.given, locked.started_at = given, timezone.now()
    locked.save(update_fields=["given", "started_at"])
    return locked


def carry_on(batch: Batch) -> None:
    """Make the rows that wait, each in a transaction of its own. Safe to run twice and at once: a row is locked."""
    if batch.started_at is None:
        return
    given = dict(batch.given)
    if "to" in given:
        given["to"] = get_user_model().objects.get(pk=given["to"])
    with translation.override(batch.by.language):
        while _next_row(batch, given):
            continue


def _next_row(batch: Batch, given: dict) -> bool:
    with transaction.atomic():
        waiting = batch.rows.filter(done_at=None, refusal="", hindrance="").order_by("pk")
        row = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return False
        application = row.application
        try:
            VERBS[batch.act](application=application, by=batch.by, version=row.version, **given)
        except MoveRefused as refusal:
            row.refusal = str(refusal)[:300]
        except Exception:  # one row's fault must not keep the others waiting for ever; it is said, and logged whole
            log.exception("batch.row_failed", batch=batch.pk, row=row.pk)
            row.refusal = _("Something went wrong here. Nothing was changed; make this one by itself.")
        else:
            application.refresh_from_db()
            row.done_at, row.after, row.after_version = timezone.now(), application.state, application.version
        row.save(update_fields=["done_at", "after", "after_version", "refusal"])
    return True


@verb
def undo_batch(*, batch: Batch, by) -> int:
    """Hand back what was handed over, where nothing happened since; return how many. Raises MoveRefused.

    Nothing else can be undone: who was written to has read it.
    """
    locked = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if locked.by_id != by.pk:
        raise NotYours
    if locked.act != BatchAct.HAND_OVER or locked.started_at is None or locked.undone_at:
        raise GuardFailed(_("This cannot be undone."), code="not-undoable")
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    undone = 0
    rows = locked.rows.filter(done_at__isnull=False, previous_officer__isnull=False)
    for row in rows.select_related("application__talent", "previous_officer"):
        try:
            hand_over(application=row.application, to=row.previous_officer, by=by, version=row.after_version)
        except MoveRefused as refusal:
            log.info("batch.not_undone", row=row.pk, reason=refusal.code)
            continue
        undone += 1
        BatchRow.objects.filter(pk=row.pk).update(undone_at=locked.undone_at)
    return undone
