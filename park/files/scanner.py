"""The plug for a virus scanner that speaks clamd's protocol: SCANNER_URL=clamd://host:3310 or clamd:///path/of/socket."""

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 64 * 1024
CONNECT, WHOLE = 5, 60  # seconds


class ScannerAway(Exception):
    """The scanner does not answer, or not with a verdict: the file goes on waiting."""


def configured() -> bool:
    return bool(settings.SCANNER_URL)


def scan(path: Path) -> str:
    """Return the name of what was found in a file, empty if it is clean. Raises ScannerAway."""
    try:
        with _connection() as peer, path.open("rb") as file:
            peer.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                peer.sendall(struct.pack("!L", len(chunk)) + chunk)
            peer.sendall(struct.pack("!L", 0))
            answer = _answer(peer)
    except OSError as trouble:
        raise ScannerAway(type(trouble).__name__) from trouble
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:120]
    raise ScannerAway(answer[:80])


def _connection() -> socket.socket:
    where = urlsplit(settings.SCANNER_URL)
    if where.hostname:
        peer = socket.create_connection((where.hostname, where.port or 3310), timeout=CONNECT)
    else:
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(CONNECT)
        peer.connect(where.path)
    peer.settimeout(WHOLE)
    return peer


def _answer(peer: socket.socket) -> str:
    parts = b""
    while b"\0" not in parts and len(parts) < 4096:
        part = peer.recv(4096)
        if not part:
            break
        parts += part
    return parts.partition(b"\0")[0].decode("utf-8", "replace").strip()
