"""How papers come in, and how a newer one takes the place of an older."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from park.accounts import limits, post

from . import inspection, kinds, scanner, storage, tasks
from .inspection import NotAccepted
from .kinds import Family
from .models import Document, DocumentState
from .storage import NotStored

__all__ = ["Family", "NotAccepted", "NotStored", "Replaced", "inspection", "keep_made", "receive", "replace"]


class Replaced(Exception):
    """There is a newer version of this document already."""


def receive(
    owner, upload, kind: str, sensitive: bool = False, *, family: str = Family.DOCUMENT, valid_until: date | None = None
) -> Document:
    """Look into an uploaded file, keep it and put it on record. Nothing is stored unless all of it is right.

    With a scanner it is handed out only after a scan; ``kinds.SENSITIVE`` is sensitive whatever is said.
    Raises NotAccepted (which rule, what to do), NotStored.
    """
    found = inspection.inspect(upload, family)
    if limits.spend("upload", owner):
        raise NotAccepted(_("You added very many files within an hour. Go on a little later."), "too-often", 429)
    redrawn = [inspection.redrawn(upload, found.extension)] if family == Family.IMAGE else None
    name, digest, size = storage.keep(redrawn or upload.chunks())
    try:
        with transaction.atomic():
            document = Document.objects.create(
                owner=owner,
                kind=kind,
                name=found.name,
                media_type=found.media_type,
                size=size,
                sha256=digest,
                storage_name=name,
                state=DocumentState.RECEIVED if scanner.configured() else DocumentState.AVAILABLE,
                sensitive=sensitive or kind in kinds.SENSITIVE,
                valid_until=valid_until,
            )
            if scanner.configured():
                transaction.on_commit(lambda: post.nudge(tasks.scan, document.pk), robust=True)
    except BaseException:
        storage.discard(name)
        raise
    return document


def keep_made(owner, name: str, content: bytes, media_type: str, kind: str) -> Document:
    """Keep a file that the portal itself made for a person's work. It stands in nobody's vault. Raises NotStored."""
    stored, digest, size = storage.keep([content])
    try:
        with transaction.atomic():
            return Document.objects.create(
                owner=owner, kind=kind, name=name, media_type=media_type, size=size, sha256=digest,
                storage_name=stored, state=DocumentState.AVAILABLE, made_here=True,
            )  # fmt: skip
    except BaseException:
        storage.discard(stored)
        raise


def replace(document: Document, upload, *, valid_until: date | None = None) -> Document:
    """Put a newer version in the place of a document; the older stays on record for those who decided by it.

    Raises NotAccepted, NotStored, Replaced.
    """
    with transaction.atomic():
        old = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
        if old.replaced_by_id:
            raise Replaced(_("There is a newer version of this document already."))
        family = inspection.family_of(old.media_type)
        newer = receive(old.owner, upload, old.kind, old.sensitive, family=family, valid_until=valid_until)
        old.replaced_by = newer
        old.save(update_fields=["replaced_by"])
    return newer
