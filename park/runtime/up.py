"""``manage.py up``: services, preparation, then web, workers and beat as one supervised group, on loopback only."""

import fcntl
import http.client
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from park.runtime import outside, postgres, surroundings, valkey
from park.runtime.addresses import NAME, database_url, var_dir
from park.runtime.children import Child, identity, last_lines, say
from park.runtime.embedded import CannotStart
from park.runtime.signins import sign_ins
from park.runtime.stale import Seen, everything
from park.runtime.supervisor import Stack, owned

HOST = "127.0.0.1"
FIRST_PORT = 8000
QUEUES = "default,mail"
ABROAD = "webhooks"  # other people's servers, which may be slow: nothing of the park waits behind them
RESTARTS, RESTART_WINDOW = 5, 60  # so often within so many seconds, then we give up


def up(*, port: int | None, demo: bool) -> int:
    """Run the portal until Ctrl-C; return 0 then, and 1 if something kept ending. Raises CannotStart."""
    began = time.monotonic()
    outside.check(os.environ)
    with owned("manage.py up") as stack:
        end_with(os.environ.get("ENDS_WITH"))
        stack.env.setdefault("DEMO", "1" if demo else "0")
        if stack.env["DEMO"] not in {"0", ""} and not stack.env.get("SECRET_KEY"):
            stack.env["SECRET_KEY"] = secret_key()
        chosen, claim = claim_port(port)
        try:
            stack.env["PORT"] = str(chosen)
            url = f"http://{HOST}:{chosen}"
            stack.env.setdefault("BASE_URL", url)
            surroundings.leave(stack.env)
            for name in stack.services():
                say(f"{name} is running in {var_dir()}.")
            prepare(stack, demo=demo)
            group = Group(stack, chosen)
            group.start()
            (var_dir() / "url").write_text(f"{url}/\n")
            if demo and (table := sign_ins(var_dir() / "demo.json")):
                say(f"\n{table}")
            say(f"Parasol 梧桐 runs on {url}/ (ready after {time.monotonic() - began:.1f} s). Ctrl-C ends it.")
            return group.watch()
        except KeyboardInterrupt:
            say("\nStopping.")
            return 0
        finally:
            (var_dir() / "url").unlink(missing_ok=True)
            os.close(claim)


def end_with(pid: str | None) -> None:
    """Stop this process when another ends: make, when it was killed, cannot tell us."""
    if pid is None:
        return
    known = identity(int(pid))

    def watch():
        while identity(int(pid)) == known:
            time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def secret_key() -> str:
    """Return the demo's secret key; it is made once and kept in VAR_DIR."""
    kept = var_dir() / "secret_key"
    if not kept.exists():
        draft = os.open(kept.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(draft, "w") as file:
            file.write(secrets.token_urlsafe(50))
        kept.with_suffix(".new").replace(kept)
    return kept.read_text().strip()


def prepare(stack: Stack, *, demo: bool) -> None:
    """Bring database, translations, static files and demo park up to date, in one process that loads Django once.

    Where nothing changed since the last time, not even that process is needed.
    """

    def seen() -> Seen:
        told = (var_dir() / "demo.json").exists() if demo else None
        debug = stack.env.get("DEBUG", "")
        return Seen("everything", everything(), salt=f"{demo} {told} {debug} {postgres.migrations()}")

    own = stack.env["DATABASE_URL"] == database_url()  # of another database we cannot tell so cheaply
    if own and not seen().changed:
        return
    if stack.run("preparation", [sys.executable, "manage.py", "prepare", *(["--demo"] if demo else [])]):
        raise CannotStart("The portal could not be prepared: see above.")
    if own:
        seen().remember()


# --- The port ---------------------------------------------------------------------------------------------------------
def claim_port(port: int | None) -> tuple[int, int]:
    """Return a port nobody listens on and an open lock on it: ``port`` itself, or the first free one from PORT up.

    The lock matters because the web server shares its port with whoever of the same user asks for it: two clones that
    start at the same moment would answer for each other.
    """
    if port is not None:
        claim = _claim(port)
        if claim is None:
            raise CannotStart(f"Port {port} of {HOST} is taken: name another with --port, or leave --port out.")
        return port, claim
    wanted = os.environ.get("PORT") or str(FIRST_PORT)
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise CannotStart(f"PORT is '{wanted}'; set it to a number between 1 and 65535.")
    for candidate in range(int(wanted), min(int(wanted) + 100, 65536)):
        claim = _claim(candidate)
        if claim is not None:
            if candidate != int(wanted):
                say(f"Port {wanted} is taken; using {candidate}.")
            return candidate, claim
    raise CannotStart(f"No port from {wanted} on is free: set PORT to another number.")


def _claim(port: int) -> int | None:
    path = Path(tempfile.gettempdir()) / f"{NAME}-port-{port}.lock"
    try:
        claim = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except PermissionError:  # another user's: it can be looked at, and locked, all the same
        claim = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except OSError:
        os.close(claim)
        return None
    return claim


# --- The group --------------------------------------------------------------------------------------------------------
class Group:
    """Web, workers and beat, with what they stand on: who ends unasked is started again, but not for ever."""

    def __init__(self, stack: Stack, port: int):
        self.stack, self.port = stack, port
        self.ended: deque[float] = deque(maxlen=RESTARTS)

    def start(self) -> None:
        """Start them all; return when the web answers.

        Each loads the whole portal, so the web comes first; the work of the others is kept for them.
        """
        say("Starting web, workers and timetable.")
        web = self.web()
        self.stack.wait_for(web, self.answers, seconds=120)
        self.worker()
        self.webhooks()
        self.beat()

    def watch(self) -> int:
        """Start again what ends unasked; return 1 when it keeps ending."""
        again: dict[str, Callable[[], object]] = {
            "PostgreSQL": lambda: postgres.start(self.stack),
            "Valkey": lambda: valkey.start(self.stack),
            "web": self.web,
            "worker": self.worker,
            "webhooks": self.webhooks,
            "beat": self.beat,
        }
        while True:
            for child in list(self.stack.children):
                if not child.ended:
                    continue
                code = child.process.returncode
                child.see_it_end()  # its group may live on
                self.stack.forget(child)
                now = time.monotonic()
                if len(self.ended) == RESTARTS and now - self.ended[0] < RESTART_WINDOW:
                    say(f"{child.name} ended with {code} once too often. The last lines of {child.log}:")
                    say(last_lines(child.log))
                    return 1
                self.ended.append(now)
                say(f"{child.name} ended with {code}; starting it again.")
                again[child.name]()
            time.sleep(0.3)

    def web(self) -> Child:
        argv = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(self.port),
                "--workers", "2", "--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "5",
                "--respawn-failed-workers", "--log-level", "warning", "park.wsgi:application"]  # fmt: skip
        return self.stack.start("web", argv, log="web", grace=15)

    def worker(self) -> Child:
        return self._worker("worker", QUEUES, 2)

    def webhooks(self) -> Child:
        return self._worker("webhooks", ABROAD, 1)

    def _worker(self, name: str, queues: str, processes: int) -> Child:
        argv = [sys.executable, "-m", "celery", "-A", "park", "worker", "-n", f"{name}@%h", "-l", "INFO",
                "-c", str(processes), "-Q", queues, "--without-mingle", "--without-gossip"]  # fmt: skip
        env = {**self.stack.env, "REMAP_SIGTERM": "SIGQUIT"}  # SIGTERM hands unfinished tasks back to the broker
        return self.stack.start(name, argv, env=env, log=name, grace=25, stop=signal.SIGTERM)

    def beat(self) -> Child:
        argv = [sys.executable, "-m", "celery", "-A", "park", "beat", "-l", "INFO", "--pidfile="]
        return self.stack.start("beat", argv, log="beat")

    def answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            connection.request("GET", "/health/live/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
