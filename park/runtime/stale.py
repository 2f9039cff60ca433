"""What changed since it was last looked at, known without loading Django."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from park.runtime.addresses import ROOT, var_dir


class Seen:
    """Whether some files are as they were when they were last looked at, by size and time.

    ``salt`` is whatever else decides, as text. Nothing is kept until ``remember``.
    """

    def __init__(self, name: str, files: Iterable[Path | str], salt: str = ""):
        self.kept = var_dir() / "seen" / name
        digest = hashlib.sha256(salt.encode())
        for file in files:
            stat = os.stat(file)
            digest.update(f"{file} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        self.now = digest.hexdigest()

    @property
    def changed(self) -> bool:
        return not self.kept.exists() or self.kept.read_text() != self.now

    def remember(self) -> None:
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        self.kept.write_text(self.now)


def code(root: Path = ROOT) -> Iterator[Path]:
    """Return every source file of every floor."""
    for package in sorted(root.glob("*/__init__.py")):
        yield from sorted(package.parent.rglob("*.py"))


def everything(root: Path = ROOT) -> Iterator[Path]:
    """Return every file that a preparation of the portal depends on or makes."""
    yield from code(root)
    for pattern in ("locale/**/*.[pm]o", "static/**/*", ".venv/.lock"):
        yield from sorted(file for file in root.glob(pattern) if file.is_file())
