"""The mail server of ``bench.sink`` as a benchmark uses it: started, read, ended."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.report import Differs

PATIENCE = 600  # seconds


def wait(done, otherwise: str = f"Not every mail went within {PATIENCE} seconds.") -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > until:
            raise Differs(otherwise)
        time.sleep(0.02)


class Sink:
    """The mail server of ``bench.sink``, and what it took."""

    def __enter__(self) -> "Sink":
        self.kept = tempfile.NamedTemporaryFile(prefix="bench-mails-")
        self.process = subprocess.Popen([sys.executable, "-m", "bench.sink"], stdin=subprocess.PIPE, stdout=self.kept)
        wait(lambda: Path(self.kept.name).read_text().endswith("\n"))
        self.port = int(Path(self.kept.name).read_text())
        return self

    def __exit__(self, *_exc) -> None:
        self.process.kill()
        self.process.communicate()
        self.kept.close()

    def mark(self) -> int:
        """Return where the mails begin that come from now on."""
        return os.path.getsize(self.kept.name)

    def lines(self, mark: int) -> list[str]:
        with open(self.kept.name) as kept:
            kept.seek(mark)
            return kept.read().splitlines()

    def count(self, mark: int) -> int:
        return len(self.lines(mark))

    def mails(self, mark: int) -> list[tuple[str, str]]:
        return [tuple(line.split()[1:]) for line in self.lines(mark)]

    def last(self, mark: int) -> float:
        return float(self.lines(mark)[-1].split()[0])
