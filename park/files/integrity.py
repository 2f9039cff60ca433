"""Do rows and files belong together? A file without a row is left of an act that failed; the other way is a loss."""

import hashlib
import time
from dataclasses import asdict, dataclass, field

from . import storage
from .models import Document

YOUNG = 3600  # seconds in which a file may still be on its way to its row


@dataclass
class Findings:
    """What does not belong together, by storage name."""

    documents: int = 0
    files_without_rows: list[str] = field(default_factory=list)
    rows_without_files: list[str] = field(default_factory=list)
    changed_files: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not (self.rows_without_files or self.changed_files)

    def as_dict(self) -> dict:
        return asdict(self)


def check(deep: bool = False, sweep: bool = False) -> Findings:
    """Compare rows and files; ``deep`` reads every file again, ``sweep`` deletes files that no row knows."""
    found = Findings()
    on_disk = dict(storage.everything())
    for name, size, digest in Document.objects.order_by("pk").values_list("storage_name", "size", "sha256").iterator():
        found.documents += 1
        stat = on_disk.pop(name, None)
        if stat is None:
            found.rows_without_files.append(name)
        elif stat.st_size != size or (deep and _digest(name) != digest):
            found.changed_files.append(name)
    found.files_without_rows = sorted(name for name, stat in on_disk.items() if stat.st_mtime < time.time() - YOUNG)
    if sweep:
        for name in found.files_without_rows:
            storage.discard(name)
    return found


def _digest(name: str) -> str:
    with storage.path_of(name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
