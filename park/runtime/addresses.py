"""Where this checkout's own services listen. Nothing here has a side effect: the settings import it."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "parasol"  # of the database, of its role
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes (103 on macOS)


def var_dir() -> Path:
    """Return the folder that holds everything this installation writes: ``VAR_DIR``, or ``var`` in the checkout."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").expanduser().absolute()


def run_dir() -> Path:
    """Return the folder of the sockets: ``run`` in the var folder, or a private one in tmp.

    The second where the path is too long for a socket, or holds a character that would need quoting in an address.
    """
    folder = var_dir() / "run"
    too_long = len(os.fsencode(folder / f"{POSTGRES_SOCKET}.lock")) > LONGEST_SOCKET_PATH
    if too_long or not re.fullmatch(r"[A-Za-z0-9_./@+-]+", str(folder)):
        tag = hashlib.sha256(os.fsencode(var_dir().resolve())).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"{NAME}-{os.getuid()}-{tag}"
    return folder


def database_url() -> str:
    return f"postgresql://{NAME}@/{NAME}?host={run_dir()}"


def redis_url() -> str:
    return f"unix://{run_dir() / VALKEY_SOCKET}"
