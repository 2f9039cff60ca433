"""How often a sign-in, a code or a mail may be tried. Counted in PostgreSQL, by one statement: Redis may be away.

An account is counted together with the address it is tried from, so that a stranger who spends the tries of an account
spends them for his own address only and locks nobody out.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

HOUR = 3600


@dataclass(frozen=True)
class Limit:
    """How many tries an hour, of one account from one address and of one address at all; and which tries count."""

    account: int | None
    address: int
    counts: str = "failures"  # or "successes": where each success sends a mail or makes an account


LIMITS = {
    "account_login": Limit(10, 20),
    "account_reauthenticate": Limit(10, 20),
    "mfa_authenticate": Limit(10, 20),
    "mfa_reauthenticate": Limit(10, 20),
    "account_email_verification_sent": Limit(10, 20),
    "account_reset_password_from_key": Limit(None, 20),
    "account_reset_password": Limit(3, 10, counts="successes"),
    "clear-vote": Limit(None, 60, counts="successes"),
    "department-answer": Limit(None, 30, counts="successes"),
    "account_signup": Limit(None, 10, counts="successes"),
}


def client_address(request: HttpRequest) -> str:
    """Return the address that the outermost trusted proxy saw, else the peer's."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    claimed = hops[-count] if 0 < count <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(claimed.strip("[]")))
    except ValueError:
        return "0.0.0.0"  # noqa: S104  a unix socket has no address


def network_of(address: str) -> str:
    """Return the /64 of an IPv6 address, for that is one customer; an IPv4 address as it is."""
    found = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address


class Tries:
    """The tries of one act by one account from one address."""

    def __init__(self, act: str, account: str, address: str):
        limit, network = LIMITS[act], network_of(address)
        self.counts_failures = limit.counts == "failures"
        self.limits = [(_key(act, "", network), limit.address)]
        if limit.account and account.strip():
            self.limits.append((_key(act, account.strip().casefold(), network), limit.account))

    def spend(self) -> datetime | None:
        """Count one try. Return None if it was within the limits, else the moment from which one may try again."""
        until = None
        for key, most in self.limits:
            count, expires_at = _add(key, 1)
            if count > most:
                until = max(until or expires_at, expires_at)
        return until

    def give_back(self) -> None:
        """Take the last try back: it was none of those that count."""
        for key, _most in self.limits:
            _add(key, -1)


def forget_old() -> int:
    """Delete the counters whose hour is over."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_attempts WHERE expires_at < now()")
        return cursor.rowcount


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join((settings.SECRET_KEY, *parts)).encode()).hexdigest()


def _add(key: str, number: int) -> tuple[int, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_attempts AS kept (key, count, expires_at)
            VALUES (%(key)s, greatest(%(number)s, 0), now() + %(window)s * interval '1 second')
            ON CONFLICT (key) DO UPDATE SET
                count = greatest(CASE WHEN kept.expires_at <= now() THEN 0 ELSE kept.count END + %(number)s, 0),
                expires_at = CASE WHEN kept.expires_at <= now() THEN EXCLUDED.expires_at ELSE kept.expires_at END
            RETURNING count, expires_at
            """,
            {"key": key, "number": number, "window": HOUR},
        )
        return cursor.fetchone()


def seconds_until(moment: datetime) -> int:
    return max(1, round((moment - timezone.now()).total_seconds()))


# An hour, of one person wherever they are.
PERSONAL = {"upload": 60, "export": 10, "pdf": 30, "team-invitation": 20, "calendar": 60, "question": 20, "webhook": 60}


def spend(act: str, user) -> datetime | None:
    """Count one upload, export, PDF or invitation of a person. None if within the limit, else when they may go on."""
    count, expires_at = _add(_key(act, f"user {user.pk}"), 1)
    return expires_at if count > PERSONAL[act] else None
