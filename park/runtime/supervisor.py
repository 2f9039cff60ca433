"""One process owns everything that runs for one VAR_DIR: it starts, watches and stops it, and leaves nothing behind."""

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from park.runtime import postgres, valkey
from park.runtime.addresses import POSTGRES_SOCKET, VALKEY_SOCKET, database_url, redis_url, run_dir, var_dir
from park.runtime.children import PROGRAM, SERVICE, Child, Register, identity, last_lines, warn
from park.runtime.embedded import CannotStart
from park.runtime.guard import Guard

STOPPING = "stopping"
PATIENCE = 2  # seconds for an owner that was told to stop and may not know yet
STOP_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Stack:
    """The services and programs of one VAR_DIR, children of this process.

    ``env`` is what the children get: the environment, and the addresses of the services once they run.
    """

    def __init__(self, purpose: str):
        self.purpose = purpose
        self.env = dict(os.environ)
        self.children: list[Child] = []
        self.guard: Guard | None = None
        self._lock: int | None = None

    # --- owning the VAR_DIR -------------------------------------------------------------------------------------------
    def take(self, *, wait: float = 0) -> None:
        """Become the owner of VAR_DIR, and end what a killed owner may have left.

        Waits up to ``wait`` seconds for another owner; for one that is stopping, and for the guard of a dead one, as
        long as it takes.
        Raises CannotStart while somebody else owns it.
        """
        try:
            var_dir().mkdir(parents=True, exist_ok=True)
            self._lock = os.open(var_dir() / "owner", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as refusal:
            raise CannotStart(f"VAR_DIR is {var_dir()}, which cannot be written to: {refusal.strerror}.") from None
        until, told = time.monotonic() + max(wait, PATIENCE), False
        while not self._locked():
            owner = _read_owner()
            if owner and owner[1] != STOPPING and time.monotonic() >= until:
                raise CannotStart(
                    f"Already running for {var_dir()}: '{owner[1]}', process {owner[0]}. "
                    "Stop it first, or set VAR_DIR to another folder."
                )
            if not told and (wait or not owner or owner[1] == STOPPING):
                warn("Waiting for another run to end." if owner else "Waiting for the remains of a killed run to end.")
                told = True
            time.sleep(0.1)
        self._sign(self.purpose)
        self.register = Register(var_dir() / "children")
        if left := self.register.end_leftovers():
            warn(f"Ended what a killed run had left: {', '.join(left)}.")
        self.guard = Guard(self._lock)

    def _sign(self, purpose: str) -> None:
        os.truncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()} {identity(os.getpid())} {purpose}\n".encode(), 0)

    def _locked(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    # --- children -----------------------------------------------------------------------------------------------------
    def start(self, name: str, argv: list[str], *, layer: int = PROGRAM, log: str | None = None, **how) -> Child:
        """Start a process that lives as long as this one; it writes to ``log`` in VAR_DIR where one is named."""
        path = var_dir() / "log" / f"{log}.log" if log else None
        how.setdefault("env", self.env)
        with _uninterrupted():  # a child that is running but not written down would be left behind
            child = Child(name, argv, layer=layer, guard=self.guard, log=path, **how)
            self.children.append(child)
            self.register.write(self.children)
        return child

    def forget(self, child: Child) -> None:
        child.guard.forget(child.pid)
        self.children.remove(child)
        self.register.write(self.children)

    def run(self, name: str, argv: list[str]) -> int:
        """Run a program to its end and return its exit code; it cannot outlive this process."""
        child = self.start(name, argv)
        code = child.process.wait()
        self.forget(child)
        return code

    def run_in_foreground(self, argv: list[str]) -> int:
        """Run a command on our terminal as a shell would, and return its exit code as a shell would."""
        terminal = os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()
        before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # it would stop who gives or takes the terminal

        def take_terminal():
            if terminal:
                os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, before)

        try:
            child = self.start(argv[0], argv, process_group=0, preexec_fn=take_terminal, cwd=None)
        except OSError as refusal:
            raise CannotStart(f"'{argv[0]}' cannot be run: {refusal.strerror}.") from None
        try:
            code = child.process.wait()
        finally:
            if terminal:
                os.tcsetpgrp(0, os.getpgrp())
        self.forget(child)
        return code if code >= 0 else 128 - code

    def wait_for(self, child: Child, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait until ``ready``; raise CannotStart, with the last of its log, if the child ends or takes too long."""
        until = time.monotonic() + seconds
        while not ready():
            if child.ended:
                raise CannotStart(
                    f"{child.name} ended at its start. The last lines of {child.log}:\n{last_lines(child.log)}"
                )
            if time.monotonic() > until:
                raise CannotStart(f"{child.name} was not ready after {seconds:.0f} s; see {child.log}.")
            time.sleep(0.03)

    # --- services -----------------------------------------------------------------------------------------------------
    def services(self) -> list[str]:
        """Start the services that no variable names an address for, and return their names."""
        started = []
        for variable, service, name, address in (
            ("DATABASE_URL", postgres, "PostgreSQL", database_url),
            ("REDIS_URL", valkey, "Valkey", redis_url),
        ):
            if not self.env.get(variable):
                service.start(self)
                self.env[variable] = address()
                started.append(name)
        return started

    def stop(self) -> None:
        """Stop the programs, then the services they use, then the guard; give VAR_DIR free."""
        if self.guard:
            self._sign(STOPPING)
        for layer in (PROGRAM, SERVICE):
            todo = [child for child in self.children if child.layer == layer]
            for child in todo:
                child.ask_to_stop()
            for child in todo:
                child.see_it_end()
                self.children.remove(child)
        if self.guard:
            self.register.write([])
            self.guard.dismiss()
            self.guard = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


@contextmanager
def owned(purpose: str, *, wait: float = 0) -> Iterator[Stack]:
    """Own VAR_DIR for a while; whatever was started is stopped in order, also on Ctrl-C, SIGTERM or an error."""
    stack = Stack(purpose)
    before = {number: signal.signal(number, _interrupt) for number in STOP_SIGNALS}
    try:
        stack.take(wait=wait)
        yield stack
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # stopping in order takes a moment and is not cut short
        stack.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


_held = {"now": False, "wanted": False}


def _interrupt(number, frame):
    if _held["now"]:
        _held["wanted"] = True
    else:
        raise KeyboardInterrupt


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put a Ctrl-C or SIGTERM off until the end of the block."""
    _held.update(now=True, wanted=False)
    try:
        yield
    finally:
        _held["now"] = False
    if _held["wanted"]:
        raise KeyboardInterrupt


def _read_owner() -> tuple[int, str] | None:
    """Return process and purpose of the living owner of VAR_DIR, or None."""
    try:
        pid, known, purpose = (var_dir() / "owner").read_text().strip().split(" ", 2)
    except (OSError, ValueError):
        return None
    return (int(pid), purpose) if identity(int(pid)) == known else None


def running() -> bool:
    """Do somebody's embedded services answer for this VAR_DIR?"""
    return bool(_read_owner() and valkey.answers(run_dir() / VALKEY_SOCKET) and (run_dir() / POSTGRES_SOCKET).exists())
