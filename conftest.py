"""What every test stands on: PostgreSQL and Valkey of their own under VAR_DIR, translations, and Debian's Chromium.

Plain ``pytest`` is enough. Where DATABASE_URL and REDIS_URL are set, those servers are used and nothing is started.
"""

import gc
import os
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from park.runtime import outside
from park.runtime.embedded import CannotStart
from park.runtime.supervisor import owned
from park.runtime.translations import compile_stale

ROOT = Path(__file__).resolve().parent
# The headless shell draws the same pages with a third less work than the browser with its windows.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
# Who comes first makes the demo park, the others do what needs none meanwhile; then what takes longest, so that no
# process is left alone with it.
ORDER = ("tests/services/in_the_park", "tests/test_", "tests/park", "tests/walk", "tests/browser")
NO_BROWSER = (
    "Chromium was not found, so nothing was walked in a browser: apt-get install chromium-headless-shell fonts-noto-cjk"
)


def pytest_configure(config):
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    os.environ.setdefault("VAR_DIR", str(ROOT / "var" / "test"))
    os.environ.setdefault("FSYNC", "off")
    compile_stale(ROOT / "locale")
    try:
        outside.check(os.environ)
        config.stack = ExitStack()
        if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            config.stack.enter_context(owned("tests", wait=300)).services()
    except CannotStart as refusal:
        raise pytest.UsageError(str(refusal)) from None


def pytest_unconfigure(config):
    if hasattr(config, "stack"):
        config.stack.close()


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: next((place for place, name in enumerate(ORDER) if item.nodeid.startswith(name)), 9))
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_collection_finish():
    """Let the collector of garbage pass over the portal and its thousands of tests, which stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class ByFile(LoadScopeScheduling):
    """In a parallel run a file stays in one process, and so do the tests that share a loaded park.

    The pages that a browser turns are many: those of the staff area go by themselves.
    """

    def _split_scope(self, nodeid: str) -> str:
        if "/in_the_park/" in nodeid:
            return "the park"
        file = nodeid.partition("::")[0]
        if "test_pages_are_sound" in file:
            return f"{file} {'/admin/' in nodeid}"
        return file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # ours is by time
    return ByFile(config, log)


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    if CHROMIUM is None and any("browser" in report.keywords for report in skipped):
        terminalreporter.write_line(NO_BROWSER, yellow=True)


# Playwright keeps an event loop in this thread; Django would take every query beside it for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    args = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        args.append("--no-sandbox")  # Chromium refuses to run as root with its sandbox
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": args}
