"""Who acts, said to the database; and the readings that no trigger can see."""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from pghistory.runtime import _tracker as tracker

from .models import ReadLog


@contextmanager
def acting(user=None, reason: str = "", **more: str) -> Iterator[None]:
    """Tell the history who makes the changes inside, for tasks and commands. ``user`` None: the portal itself.

    Inside another ``acting`` or a request, what is said here holds until the end of this block.
    """
    said = {"user": user.pk if user else None, "reason": reason, **more}
    if hasattr(tracker, "value"):
        before = dict(tracker.value.metadata)
        tracker.value.metadata.update(said)
        try:
            yield
        finally:
            tracker.value.metadata.clear()
            tracker.value.metadata.update(before)
    else:
        with pghistory.context(**said):
            yield


def current() -> dict:
    """Return what is known of the present act: user, request, route, acting_for, reason."""
    return dict(tracker.value.metadata) if hasattr(tracker, "value") else {}


def log_read(*, by, record, about=None, reason: str) -> ReadLog:
    """Write down that a person read a record, or took it along, and why. ``about``: the person whose record it is.

    A model in place of a record stands for all its rows: they were taken along as one file.
    """
    act = current()
    return ReadLog.objects.create(
        reader=by,
        acting_for=str(act.get("acting_for") or ""),
        what=record._meta.label_lower,
        object_id="*" if isinstance(record, type) else str(getattr(record, "public_id", record.pk)),
        about=about,
        reason=reason.strip()[:200],
        request_id=act.get("request") or "",
    )
