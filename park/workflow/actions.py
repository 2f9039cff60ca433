"""The one door through which a record changes its state.

A room's verb looks like this::

    @verb
    def accept(*, application, by, note="", version=None):
        log = apply_move(MACHINE, application, "accept", by=by, may=access.may_make, note=note, version=version)
        notices.tell(...)
        return log

``verb`` opens the transaction, tries a deadlock again, turns what the database refuses into a sentence, and writes a
refused try into the log after the rollback.
"""

import functools
import threading
from collections.abc import Callable
from contextlib import contextmanager

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from . import access, clocks, conflicts
from .machine import Machine, Move
from .models import TransitionLog
from .refusals import (
    Conflict,
    GuardFailed,
    MoveRefused,
    NotInTable,
    NotYours,
    ReasonMissing,
    SecondPersonNeeded,
    Stale,
)

__all__ = [
    "Conflict",
    "GuardFailed",
    "MoveRefused",
    "NotInTable",
    "NotYours",
    "ReasonMissing",
    "SecondPersonNeeded",
    "Stale",
    "all_or_nothing",
    "apply_move",
    "begin",
    "bring_up_to_date",
    "history",
    "open_moves",
    "refusal_of",
    "refusals_logged",
    "verb",
]

TRIES = 3  # of an act that ran into a deadlock
_edge = threading.local()


def apply_move(
    machine: Machine,
    record,
    name: str,
    *,
    by,
    may: Callable,
    acting_for=None,
    reason_code: str = "",
    internal_note: str = "",
    note: str = "",
    version: int | str | None = None,
    changes: dict | None = None,
    guard: Callable | None = None,
    versions: dict | None = None,
) -> TransitionLog:
    """Make one move of the table: lock the row, ask everything of the locked row, write it down, change it.

    ``by`` None is the system. ``may(user, move, record)`` is the room's predicate; ``guard(record)`` raises
    ``GuardFailed`` where a condition does not hold. ``version`` is what the person had read; ``changes`` are further
    fields of the record. ``record`` itself is brought up to date. Raises a ``MoveRefused``; must run in a transaction.
    """
    _in_transaction()
    locked = type(record)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
    move = machine.find(name)
    log = TransitionLog(
        record=locked,
        move=name,
        origin=machine.state_of(locked),
        target=move.leads_to(machine.state_of(locked)) if move else "",
        actor=by,
        acting_for=acting_for,
        at=timezone.now(),
        reason_code=reason_code,
        internal_note=internal_note,
        note=note,
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
        versions=versions or {},
    )
    try:
        _check_version(machine, locked, version)
        _check_table(machine, locked, move)
        if not may(by, move, locked):
            raise NotYours
        if (move.reason_required and not (reason_code or note)) or (move.note_required and not note.strip()):
            raise ReasonMissing
        if not _another_person(locked, move, by):
            raise SecondPersonNeeded
        _ask(guard, locked)
    except MoveRefused as refusal:
        refusal.attempt = log
        raise

    log.save(force_insert=True)
    _change(machine, locked, log.target, changes)
    clocks.run(move, locked, final=log.target in machine.finals, at=log.at)
    bring_up_to_date(record, locked)
    return log


def begin(
    machine: Machine,
    record,
    name: str,
    *,
    by,
    may: Callable | None = None,
    acting_for=None,
    note: str = "",
    versions=None,
) -> TransitionLog:
    """Write down how a record that was just created began, and start the clocks of that move (one without origins)."""
    _in_transaction()
    move = machine.find(name)
    if move is None or move.origins or machine.state_of(record) != move.target:
        raise NotInTable(_("A record cannot begin like this."))
    if may and not may(by, move, record):
        raise NotYours
    log = TransitionLog.objects.create(
        record=record,
        move=name,
        target=move.target,
        actor=by,
        acting_for=acting_for,
        at=timezone.now(),
        note=note,
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
        versions=versions or {},
    )
    clocks.run(move, record, final=False, at=log.at)
    return log


def history(record):
    """Return the moves of a record, newest first, refused tries included; ``.made()`` leaves those out."""
    return TransitionLog.objects.of(record).select_related("actor", "acting_for")


def open_moves(machine: Machine, record, user, may: Callable) -> list[Move]:
    """Return the moves that this person may make now, four eyes included: what a page may offer as buttons."""
    return [move for move in machine.next_moves(record, user, may) if _another_person(record, move, user)]


def refusal_of(machine: Machine, record, name: str, user, may: Callable) -> MoveRefused | None:
    """Return why this person may not make a move now, before its page is shown; None where it may be offered."""
    move = machine.find(name)
    try:
        _check_table(machine, record, move)
    except NotInTable as refusal:
        return refusal
    if not may(user, move, record):
        return NotYours()
    return None if _another_person(record, move, user) else SecondPersonNeeded()


# --- The edge of a verb -----------------------------------------------------------------------------------------------
@contextmanager
def refusals_logged():
    """Write a refused try into the log once the caller's transaction is rolled back. The outermost edge writes."""
    depth = _edge.depth = getattr(_edge, "depth", 0) + 1
    try:
        yield
    except MoveRefused as refusal:
        if depth == 1 and refusal.attempt is not None and not connection.needs_rollback:
            _write_down(refusal)
        raise
    finally:
        _edge.depth = depth - 1


@contextmanager
def all_or_nothing():
    """Let all acts inside stand or fall together: none can be rolled back by itself, so a refusal ends the whole.

    For loads of thousands of acts that are not to be refused; without a savepoint each they cost less.
    """
    before = getattr(_edge, "whole", False)
    _edge.whole = True
    try:
        with transaction.atomic():
            yield
    finally:
        _edge.whole = before


def verb(act: Callable) -> Callable:
    """Make a function one atomic act of the park: see the head of this file."""

    @functools.wraps(act)
    def door(*args, **kwargs):
        nested = connection.in_atomic_block
        with refusals_logged():
            for tries_left in reversed(range(TRIES)):
                try:
                    with transaction.atomic(savepoint=not getattr(_edge, "whole", False)):
                        return act(*args, **kwargs)
                except DatabaseError as error:
                    if tries_left and not nested and conflicts.may_be_tried_again(error):
                        continue
                    conflict = conflicts.explain(error)
                    if conflict is None:
                        raise
                    raise conflict from error

    return door


def _write_down(refusal: MoveRefused) -> None:
    attempt, refusal.attempt = refusal.attempt, None
    with translation.override("en"):
        attempt.refusal = f"{refusal.code}: {refusal}"[:200]
    attempt.save(force_insert=True)


# --- What is asked of the locked row ----------------------------------------------------------------------------------
def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("A move needs a transaction: decorate the verb with @verb.")


def _check_version(machine: Machine, record, version: int | None) -> None:
    if version is not None and machine.version_field and str(version) != str(getattr(record, machine.version_field)):
        raise Stale


def _check_table(machine: Machine, record, move: Move | None) -> None:
    state = machine.state_of(record)
    if move is None or state not in move.origins:
        words = {"state": machine.label_of(state)}
        if move is None:
            raise NotInTable(_("There is no such step here. It stands at “%(state)s”.") % words)
        raise NotInTable(_("“%(step)s” is not possible now: it stands at “%(state)s”.") % {**words, "step": move.label})


def _another_person(record, move: Move, by) -> bool:
    """Tell whether this person made none of the steps that ``move`` is to check, when they were last made."""
    if not move.other_than or by is None:
        return True
    earlier = (
        TransitionLog.objects.of(record)
        .made()
        .filter(move__in=move.other_than, actor__isnull=False)
        .order_by("move", "-pk")
        .distinct("move")
        .select_related("actor")
    )
    return not any(access.same_person(by, log.actor) for log in earlier)


def _ask(guard: Callable | None, record) -> None:
    if guard is None:
        return
    try:
        guard(record)
    except ValidationError as error:
        raise GuardFailed(" ".join(error.messages), code=getattr(error, "code", "") or "") from error


def _change(machine: Machine, record, target: str, changes: dict | None) -> None:
    changes = {**(changes or {}), machine.state_field: target}
    if machine.version_field:
        changes[machine.version_field] = getattr(record, machine.version_field) + 1
    for field, value in changes.items():
        setattr(record, field, value)
    record.save(update_fields=list(changes))


def bring_up_to_date(record, locked) -> None:
    """Let the caller's object say what the row says now."""
    for field in locked._meta.concrete_fields:
        if getattr(record, field.attname, None) != getattr(locked, field.attname):
            if field.is_relation:
                record._state.fields_cache.pop(field.name, None)
            setattr(record, field.attname, getattr(locked, field.attname))
