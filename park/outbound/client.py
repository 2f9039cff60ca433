"""One request out, with limits: looked up once, connected to that address alone, no redirects, a bounded answer."""

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from . import guard
from .guard import Refused, Unknown

__all__ = ["Answer", "Failed", "Refused", "post"]
CONNECT, WHOLE = 5.0, 10.0  # seconds
MOST = 1024 * 1024  # bytes of an answer that are read


class Failed(Exception):
    """Nothing came back, or not in time; it may another day."""


@dataclass(frozen=True)
class Answer:
    """What the other side said. A redirect is an answer like any other: nobody follows it."""

    status: int
    body: bytes
    headers: dict[str, str]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address that was looked up and judged before."""

    def __init__(self, place: guard.Place, address: str, until: float):
        super().__init__(place.host, place.port, timeout=CONNECT)
        self.place, self.address, self.until, self.line = place, address, until, None

    def connect(self):
        self.sock = socket.create_connection((self.address, self.place.port), timeout=CONNECT)
        if not guard.may_connect(self.sock.getpeername()[0]):  # asked again of the very peer
            self.close()
            raise Refused("not a public address")
        self.sock.settimeout(max(0.1, self.until - time.monotonic()))
        if self.place.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.place.host)
        self.line = self.sock  # http.client lets go of its own while the answer is still being read


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send a body. Raises ``Refused`` for a place where the portal does not go, ``Failed`` for what may pass."""
    until = time.monotonic() + WHOLE
    place = guard.read(url)
    try:
        address = guard.resolve(place, CONNECT)
    except Unknown as error:
        raise Failed(f"the name is not known: {error}") from error
    connection = _Pinned(place, address, until)
    watch = threading.Timer(WHOLE, _hang_up, [connection])  # a time limit of a socket begins anew with each byte
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", place.target, body, headers)
        response = connection.getresponse()
        said = response.read(MOST)
        if time.monotonic() >= until:
            raise TimeoutError
        return Answer(response.status, said, {name.lower(): value for name, value in response.getheaders()})
    except Refused:
        raise
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        late = time.monotonic() >= until
        raise Failed("no answer in time" if late else f"{type(error).__name__}: {error}"[:200]) from error
    finally:
        watch.cancel()
        connection.close()


def _hang_up(connection: _Pinned) -> None:
    with suppress(OSError, AttributeError):  # it was over already
        (connection.line or connection.sock).shutdown(socket.SHUT_RDWR)
