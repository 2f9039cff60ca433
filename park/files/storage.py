"""Where the bytes lie: outside the web root, under random names, whole or not at all."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

INCOMING = "incoming"


class NotStored(Exception):
    """The disk is full or away. Nothing was stored, nothing else is lost."""

    def __init__(self):
        super().__init__(_("The file could not be stored. Nothing is lost: what you typed is here. Try again later."))


def keep(chunks: Iterable[bytes]) -> tuple[str, str, int]:
    """Write a file under a new random name; return the name, its SHA-256 and its size.

    First to a temporary file, to the disk, then moved: a half-written file never has a name. Raises NotStored.
    """
    digest, size, temporary = hashlib.sha256(), 0, None
    name = secrets.token_hex(16)
    name = f"{name[:2]}/{name}"
    target = path_of(name)
    try:
        incoming = root() / INCOMING
        for folder in (incoming, target.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=incoming)
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            if settings.FSYNC:
                os.fsync(file.fileno())
        os.replace(temporary, target)
        _sync(target.parent)
    except OSError as trouble:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise NotStored() from trouble
    return name, digest.hexdigest(), size


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def path_of(name: str) -> Path:
    return root() / name


def discard(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def everything() -> Iterator[tuple[str, os.stat_result]]:
    """Yield every stored file with what the disk knows of it, half-written ones too."""
    for folder, _folders, files in os.walk(root()):
        for file in files:
            path = Path(folder) / file
            yield str(path.relative_to(root())), path.stat()


def _sync(folder: Path) -> None:
    if not settings.FSYNC:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
