"""Where the portal may connect to: public addresses, and the networks that the operator admits by name."""

import ipaddress
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

NAT64 = ipaddress.ip_network("64:ff9b::/96")
FORBIDDEN = [
    ipaddress.ip_network(text)
    for text in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "64:ff9b:1::/48")
]
_lookups = threading.BoundedSemaphore(8)  # at once; one that hangs keeps its place until the system gives up


class Refused(Exception):
    """The portal does not connect there, now or later."""


class Unknown(Exception):
    """The name could not be looked up; it may be later."""


@dataclass(frozen=True)
class Place:
    """A checked address: scheme, name, port, and what stands behind the host."""

    scheme: str
    host: str
    port: int
    target: str


def read(url: str) -> Place:
    """Take an address apart. Raises ``Refused`` for what is no plain http(s) address."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Refused("not a plain address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("not an address") from None
    if parts.scheme not in {"http", "https"}:
        raise Refused("only http and https")
    if parts.username is not None or parts.password is not None:
        raise Refused("no names or passwords in an address")
    if not parts.hostname:
        raise Refused("no host")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), target)


def admitted() -> list:
    return [ipaddress.ip_network(each) for each in settings.OUTBOUND_ALLOWED_NETWORKS]


def may_connect(address: str) -> bool:
    """Tell whether an address is public, or of a network that the operator admits."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(found in network for network in admitted() if network.version == found.version):
        return True
    if found.version == 6:
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and found in NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return False  # an old address in a new coat: who needs it admits it
    if any(found in network for network in FORBIDDEN if network.version == found.version):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def resolve(place: Place, seconds: float) -> str:
    """Look a name up once and return the address to connect to. Raises ``Refused`` or ``Unknown``.

    One address that is not public spoils the whole name.
    """
    addresses = _look_up(place, seconds)
    if not addresses:
        raise Unknown("no address")
    if not all(map(may_connect, addresses)):
        raise Refused("not a public address")
    return addresses[0]


def _look_up(place: Place, seconds: float) -> list[str]:
    """Ask the system for the addresses of a name, and wait no longer than this: the system itself knows no limit."""
    if not _lookups.acquire(timeout=seconds):
        raise Unknown("too many names are being looked up")
    found, done = [], threading.Event()

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(place.host, place.port, 0, socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            found.clear()  # unknown: the list stays empty
        finally:
            _lookups.release()
            done.set()

    threading.Thread(target=ask, name="outbound-name", daemon=True).start()
    if not done.wait(seconds):
        raise Unknown("no answer in time")
    return list(dict.fromkeys(entry[4][0] for entry in found))
