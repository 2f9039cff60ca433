"""What the demo in VAR_DIR runs with, so that a command in a second terminal needs no variable."""

import os
from collections.abc import Mapping

from park.runtime.addresses import var_dir

FILE = "demo.env"
VARIABLES = ("DEMO", "BASE_URL", "PORT")


def leave(env: Mapping[str, str]) -> None:
    """Write down what the demo runs with; where it is no demo, forget it."""
    kept = var_dir() / FILE
    if env["DEMO"] in {"0", ""}:
        kept.unlink(missing_ok=True)
    else:
        kept.write_text("".join(f"{name}={env[name]}\n" for name in VARIABLES))


def adopt() -> None:
    """Take over what the demo runs with, unless this process was told its own SECRET_KEY or DEMO."""
    if "SECRET_KEY" in os.environ or "DEMO" in os.environ:
        return
    try:
        lines = (var_dir() / FILE).read_text().splitlines()
    except OSError:
        return
    for line in lines:
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)
