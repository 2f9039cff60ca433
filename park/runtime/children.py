"""Processes that the supervisor starts: how each is stopped, and how an orphan of a crash is known again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from park.runtime.addresses import ROOT
from park.runtime.guard import Guard

SERVICE, PROGRAM = 1, 2  # layers: programs are stopped before the services they use
LONGEST_LOG = 5_000_000


def say(text: str) -> None:
    """Print one line at once. Where nobody listens any more, go on: stopping must not fail on a closed terminal."""
    with suppress(OSError):
        print(text, flush=True)


def warn(text: str) -> None:
    """Print one line beside the output of the command that runs with the services."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def identity(pid: int) -> str | None:
    """Return what tells a process from a later one with the same number, or None if there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
        return None if fields[0] == "Z" else f"{fields[19]}@{boot}"
    except OSError:
        if Path("/proc/self/stat").exists():
            return None
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "-".join(told.stdout.split()) or None


def fresh_log(path: Path) -> Path:
    """Return the log to write on; put it aside first when it has grown long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path


def last_lines(path: Path, count: int = 15) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])


class Child:
    """A running process with a process group of its own."""

    def __init__(
        self,
        name: str,
        argv: list[str],
        *,
        layer: int,
        guard: Guard,
        stop: int = signal.SIGTERM,
        grace: float = 10,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        cwd: str | Path = ROOT,
        **popen: Any,
    ):
        self.name, self.layer, self.stop, self.grace, self.log, self.guard = name, layer, stop, grace, log, guard
        if "process_group" not in popen:
            popen["start_new_session"] = True  # Ctrl-C reaches the supervisor only, which stops things in order
            popen["stdin"] = subprocess.DEVNULL
        if log:
            with fresh_log(log).open("ab") as out:
                self.process = subprocess.Popen(argv, cwd=cwd, env=env, stdout=out, stderr=subprocess.STDOUT, **popen)
        else:
            self.process = subprocess.Popen(argv, cwd=cwd, env=env, **popen)
        guard.watch(layer=layer, group=self.pid, stop=stop, grace=grace)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if not self.ended:
            self.process.send_signal(self.stop)

    def see_it_end(self) -> None:
        """Wait until it has stopped, as long as it was promised, then end its whole group."""
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            warn(f"{self.name} did not stop within {self.grace:.0f} s and was killed.")
        _signal(os.killpg, self.pid, signal.SIGKILL)  # whatever the group still holds
        self.process.wait()
        self.guard.forget(self.pid)


class Register:
    """The file that names our running processes, for the start after a crash in which the guard died as well."""

    def __init__(self, path: Path):
        self.path = path

    def write(self, children: list[Child]) -> None:
        lines = [f"{c.layer} {c.pid} {int(c.stop)} {c.grace:.0f} {identity(c.pid)} {c.name}\n" for c in children]
        draft = self.path.with_suffix(".new")
        draft.write_text("".join(lines))
        draft.replace(self.path)

    def end_leftovers(self) -> list[str]:
        """End the processes of an earlier run that are still there, programs first; return their names."""
        try:
            entries = [line.split(" ", 5) for line in self.path.read_text().splitlines()]
        except FileNotFoundError:
            return []
        left = [
            (int(layer), int(pid), int(stop), float(grace), known, name)
            for layer, pid, stop, grace, known, name in entries
            if identity(int(pid)) == known
        ]
        for layer in (PROGRAM, SERVICE):
            todo = [entry for entry in left if entry[0] == layer]
            for _, pid, stop, _, _, _ in todo:
                _signal(os.kill, pid, stop)
            until = time.monotonic() + max((entry[3] for entry in todo), default=0)
            while any(identity(pid) == known for _, pid, _, _, known, _ in todo) and time.monotonic() < until:
                time.sleep(0.05)
            for _, pid, _, _, _, _ in todo:
                _signal(os.killpg, pid, signal.SIGKILL)
        self.path.unlink()
        return [entry[5] for entry in left]


def _signal(send, target: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        send(target, number)
