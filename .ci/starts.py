"""What a newcomer does: a first start, a hard end, a second start that finds everything, and Ctrl-C. Prints the times.

python .ci/starts.py        in a checkout whose set-up is done; everything it writes is under var/ci/starts
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "ci" / "starts"
PATIENCE = 600  # seconds for the first start, which loads the demo park


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended from outside."))
    shutil.rmtree(VAR, ignore_errors=True)
    try:
        go()
    finally:  # whatever went wrong, no portal runs on
        for process in ours():
            with suppress(OSError):
                os.kill(int(process), signal.SIGKILL)


def go() -> None:
    first, took = start()
    print(f"First start: {took:.0f} s", flush=True)
    key = full_key()
    policies = count(key)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    second, took = start()
    print(f"Second start, after kill -9: {took:.1f} s")
    if count(full_key()) != policies or full_key() != key:
        sys.exit("The second start does not know what the first one kept.")
    os.killpg(second.pid, signal.SIGINT)
    second.wait(60)
    if left := ours():
        sys.exit(f"After Ctrl-C these processes are left: {', '.join(left)}")
    print("Ctrl-C left nothing behind.")


def start() -> tuple[subprocess.Popen, float]:
    """Start the portal as ``make run`` does, in a group of processes of its own, and wait until it serves."""
    (VAR / "url").unlink(missing_ok=True)
    began = time.monotonic()
    up = subprocess.Popen(
        ["make", "--silent", "run"], cwd=ROOT, env={**os.environ, "VAR_DIR": str(VAR)}, stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    while not serves():
        if up.poll() is not None or time.monotonic() - began > PATIENCE:
            sys.exit(f"The portal did not start within {PATIENCE} s.")
        time.sleep(0.1)
    return up, time.monotonic() - began


def serves() -> bool:
    try:
        url = (VAR / "url").read_text().strip()
        with urllib.request.urlopen(f"{url}health/live/", timeout=2) as answer:  # noqa: S310  our own portal
            return answer.status == 200
    except (OSError, ValueError, urllib.error.URLError):
        return False


def ours() -> list[str]:
    """Return the numbers of the processes that work in our folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(VAR).encode() in (process / "environ").read_bytes() and process.name != str(os.getpid()):
                found.append(process.name)
    return found


def full_key() -> str:
    keys = json.loads((VAR / "demo.json").read_text())["api_keys"]
    return next(each["key"] for each in keys if each["name"] == "full")


def count(key: str) -> int:
    address = f"{(VAR / 'url').read_text().strip()}api/v1/policies/?page_size=100"
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {key}"})  # noqa: S310  our own portal
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        return len(json.load(answer)["results"])


if __name__ == "__main__":
    main()
