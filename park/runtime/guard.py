"""The supervisor's end of the guard: see ``guard_process``."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


class Guard:
    """Tells a second process which process groups to end if this one is killed.

    The guard keeps ``lock`` open, so that a lock on that file is free only when nothing is left to end.
    """

    def __init__(self, lock: int):
        reading, self.pipe = os.pipe()
        script = Path(__file__).with_name("guard_process.py")
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(script), str(reading)],
            pass_fds=[reading, lock],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
        )
        os.close(reading)

    def _tell(self, line: str) -> None:
        with suppress(BrokenPipeError):  # somebody killed the guard: we go on without
            os.write(self.pipe, f"{line}\n".encode())

    def watch(self, *, layer: int, group: int, stop: int, grace: float) -> None:
        self._tell(f"{layer} {group} {int(stop)} {int(grace)}")

    def forget(self, group: int) -> None:
        self._tell(f"gone {group}")

    def dismiss(self) -> None:
        """Let the guard go: everything was ended in order."""
        self._tell("done")
        os.close(self.pipe)
        self.process.wait(5)
