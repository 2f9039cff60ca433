"""The whole portal as ``manage.py up`` runs it, in a VAR_DIR and on a database of its own, with a mail server that
keeps every mail.

Processes of a parallel run share one: the first that needs it starts it, and ends it when the others are done with it.
"""

import email
import email.policy
import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from park.runtime.addresses import ROOT, var_dir
from tests import ground
from tests.smtp_sink import SmtpSink

PATIENCE = 400  # seconds for the first start, with the demo park to load, beside other tests

DATABASE = "parasol_walk"


@dataclass
class Portal:
    """A running portal: its address, its demo sign-ins and keys, and its post."""

    url: str
    var: Path
    env: dict[str, str]
    demo: dict

    @property
    def password(self) -> str:
        return self.demo["password"]

    def key(self, name: str) -> str:
        return next(key["key"] for key in self.demo["api_keys"] if key["name"] == name)

    def mail(self, address: str, pattern: str, seconds: float = 30):
        """Wait for the mail to an address whose subject matches, and return it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for mail in reversed(self.post(address)):
                if re.search(pattern, str(mail["Subject"]).strip()):
                    return mail
            time.sleep(0.1)
        subjects = [str(mail["Subject"]) for mail in self.post(address)]
        raise AssertionError(f"No mail “{pattern}” came to {address}; these did: {subjects}")

    def post(self, address: str) -> list:
        """Return every mail that came to an address, oldest first."""
        kept = sorted((self.var / "post").glob(f"*-{address}.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in kept]

    def ask(self, question: str, *values):
        """Ask the portal's database for one value."""
        with psycopg.connect(ground.address(DATABASE)) as connection:
            return connection.execute(question, values).fetchone()[0]

    def manage(self, *argv: str) -> str:
        """Run a command in a second terminal, as an operator would."""
        command = [sys.executable, "manage.py", *argv]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """The portal, started once for all who walk it."""
    var = var_dir() / "walk"
    var.parent.mkdir(parents=True, exist_ok=True)
    with (var.parent / "walk.owner").open("w") as owner, (var.parent / "walk.guests").open("w") as guests:
        if it_is_ours(owner):
            with running(var) as started:
                yield started
                (var / "portal.json").unlink()
                fcntl.flock(guests, fcntl.LOCK_EX)  # until the last guest has left
        else:
            fcntl.flock(guests, fcntl.LOCK_SH)
            yield the_one_that_runs(var)


def it_is_ours(lock) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def the_one_that_runs(var: Path) -> Portal:
    """Wait for the portal that another process starts; what a killed run left behind does not answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(FileNotFoundError):
            told = json.loads((var / "portal.json").read_text())
            if answers(f"{told['url']}/health/live/"):
                return Portal(var=var, **told)
        time.sleep(0.2)
    pytest.fail("The portal of the other process did not start.", pytrace=False)


class Letterbox(SmtpSink):
    """A mail server that keeps each mail as a file, so that other processes can read it."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder = folder
        folder.mkdir()

    def take(self, recipients, content):
        super().take(recipients, content)
        for address in recipients:
            arriving = self.folder / f"{time.monotonic_ns():020}-{address}"
            arriving.write_bytes(content)
            arriving.rename(f"{arriving}.eml")


@contextmanager
def running(var: Path) -> Iterator[Portal]:
    """Start the portal; when done, end everything and leave nothing. It also ends when this process is killed."""
    shutil.rmtree(var, ignore_errors=True)
    park, folder = ground.park()
    shutil.copytree(folder, var)
    ground.copy(park, to=DATABASE)
    port = free_port()
    with Letterbox(var / "post") as post:
        env = ground.environment(var, DATABASE) | {"EMAIL_URL": post.url}
        up = [sys.executable, "manage.py", "up", "--port", str(port)]
        with (var / "up.log").open("w+b") as log:
            process = subprocess.Popen(
                up, cwd=ROOT, env=env | {"ENDS_WITH": str(os.getpid())}, stdout=log, stderr=log, start_new_session=True
            )
            try:
                url = f"http://127.0.0.1:{port}"
                wait_until_it_answers(process, url, var / "up.log")
                demo = json.loads((var / "demo.json").read_text())
                told = {"url": url, "env": env, "demo": demo}
                (var / "portal.new").write_text(json.dumps(told))
                (var / "portal.new").rename(var / "portal.json")
                yield Portal(var=var, **told)
            finally:
                end(process)
    shutil.rmtree(var, ignore_errors=True)


def wait_until_it_answers(process: subprocess.Popen, url: str, log: Path) -> None:
    began = told = time.monotonic()
    while not answers(f"{url}/health/live/"):
        now = time.monotonic()
        if process.poll() is not None or now - began > PATIENCE:
            pytest.fail(f"The portal did not start:\n{log.read_text(errors='replace')[-6000:]}", pytrace=False)
        if now - told > 10:
            told = now
            last = (log.read_text(errors="replace").splitlines() or ["…"])[-1]
            print(f"The portal is starting ({now - began:.0f} s): {last[-100:]}", file=sys.__stderr__, flush=True)
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own portal
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()  # its guard ends the rest
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
