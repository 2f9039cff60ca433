"""The worker: one endpoint at a time, a few of its deliveries for a short while, so that nobody waits for a slow one.

Claim and record are short transactions; nothing is open while a request is under way. A worker that dies leaves a
lease that ends; what it had sent goes once more under the same delivery number.
"""

import datetime as dt
import hashlib
import hmac
import json
import os
import random
import socket
import time
import uuid
from email.utils import parsedate_to_datetime

import structlog
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from park.accounts.sealing import CannotUnseal, unseal
from park.notices.delivery import BACK_OFF
from park.outbound import client

from .models import Endpoint, Sending, SendState

SHARE = 10  # deliveries of one endpoint that a worker takes at a time
WORK_FOR = 20  # seconds; what is left then goes back, and another endpoint has its turn
LEASE_FOR = dt.timedelta(minutes=2)  # longer than WORK_FOR and one last request
TRIES = len(BACK_OFF) + 1
GONE, BUSY = 410, (429, 503)
PATIENCE = dt.timedelta(days=1)  # the longest that a server can ask to be left alone
log = structlog.get_logger(__name__)

# The endpoint that waited longest, that no worker serves and that did not ask to be left alone; its row is held while
# its deliveries are taken.
TURN = """
SELECT e.id FROM webhooks_endpoint e
WHERE (e.quiet_until IS NULL OR e.quiet_until <= %(now)s) AND EXISTS (
    SELECT FROM webhooks_sending s WHERE s.endpoint_id = e.id
        AND (s.state = 'pending' AND s.due_at <= %(now)s OR s.state = 'sending' AND s.lease_until < %(now)s)
) AND NOT EXISTS (
    SELECT FROM webhooks_sending s WHERE s.endpoint_id = e.id AND s.state = 'sending' AND s.lease_until >= %(now)s
)
ORDER BY e.served_at, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED"""
CLAIM = """
WITH c AS MATERIALIZED (
    SELECT id FROM webhooks_sending WHERE endpoint_id = %(endpoint)s
        AND (state = 'pending' AND due_at <= %(now)s OR state = 'sending' AND lease_until < %(now)s)
    ORDER BY due_at, id LIMIT %(share)s FOR UPDATE SKIP LOCKED
)
UPDATE webhooks_sending s SET state = 'sending', lease_until = %(until)s, claimed_by = %(token)s, tries = tries + 1
FROM c WHERE s.id = c.id RETURNING s.id"""


def run_lease() -> bool:
    """Serve one endpoint for a while. Returns whether another may be waiting."""
    bury()
    token = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    claimed = claim(token)
    work(claimed, token)
    return bool(claimed)


def claim(token: str) -> list[Sending]:
    """Take some deliveries of one endpoint for as long as the lease lasts. Committed at once."""
    now = timezone.now()
    asked = {"now": now, "until": now + LEASE_FOR, "token": token, "share": SHARE}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TURN, asked)
        row = cursor.fetchone()
        if row is None:
            return []
        cursor.execute(CLAIM, asked | {"endpoint": row[0]})
        ids = [each[0] for each in cursor.fetchall()]
        Endpoint.objects.filter(pk=row[0]).update(served_at=now)
    return list(Sending.objects.filter(pk__in=ids).select_related("endpoint", "event").order_by("due_at", "pk"))


def bury() -> int:
    """Give up what took several workers down with it."""
    lost = Sending.objects.filter(state=SendState.SENDING, lease_until__lt=timezone.now(), tries__gte=TRIES)
    return lost.update(state=SendState.DEAD, lease_until=None, last_error="the worker died each time")


def work(claimed: list[Sending], token: str) -> None:
    started = time.monotonic()
    for place, sending in enumerate(claimed):
        if time.monotonic() - started > WORK_FOR:
            give_back(claimed[place:], token)
            return
        if not Endpoint.objects.running().filter(pk=sending.endpoint_id).exists():  # stopped since it was claimed
            record(sending, token, SendState.CANCELLED, error="the endpoint was stopped")
        elif until := send(sending, token):
            with transaction.atomic():
                give_back(claimed[place + 1 :], token)
                hold_back(sending.endpoint, until)
            return


def give_back(claimed: list[Sending], token: str) -> None:
    """Let another worker have what was not tried."""
    left = Sending.objects.filter(pk__in=[each.pk for each in claimed], claimed_by=token)
    left.filter(state=SendState.SENDING).update(state=SendState.PENDING, lease_until=None, tries=F("tries") - 1)


def hold_back(endpoint: Endpoint, until: dt.datetime) -> None:
    """Send an endpoint nothing before the moment that it named itself: neither what waits nor what comes meanwhile."""
    Endpoint.objects.filter(pk=endpoint.pk).update(quiet_until=until)
    Sending.objects.filter(endpoint=endpoint, state=SendState.PENDING, due_at__lt=until).update(due_at=until)


def send(sending: Sending, token: str) -> dt.datetime | None:
    """Send one delivery and write down what became of it. Returns until when the endpoint asked to be left alone."""
    body = body_of(sending)
    try:
        answer = client.post(sending.endpoint.url, body, headers_of(sending, body))
    except (client.Refused, CannotUnseal) as reason:
        record(sending, token, SendState.FAILED, error=f"{type(reason).__name__}: {reason}")
    except client.Failed as reason:
        postpone(sending, token, str(reason))
    else:
        if 200 <= answer.status < 300:
            record(sending, token, SendState.SENT, status=answer.status)
        elif answer.status == GONE:
            record(sending, token, SendState.FAILED, status=GONE, error="the address is gone")
            close(sending.endpoint)
        else:
            until = asked_to_wait(answer) if answer.status in BUSY else None
            postpone(sending, token, f"answered {answer.status}", answer.status, not_before=until)
            return until
    return None


def asked_to_wait(answer: client.Answer) -> dt.datetime | None:
    """Return until when a busy server asks to be left alone (``Retry-After``): a day at the most, None if it does not.

    What is neither a number of seconds nor a date says nothing.
    """
    said, now = answer.headers.get("retry-after", "").strip(), timezone.now()
    try:
        if said.isascii() and said.isdigit():
            until = now + dt.timedelta(seconds=min(int(said[:9]), PATIENCE.total_seconds()))
        else:
            until = parsedate_to_datetime(said)
            until = until.replace(tzinfo=dt.UTC) if until.tzinfo is None else until
    except (ValueError, OverflowError):
        return None
    return min(until, now + PATIENCE) if until > now else None


def body_of(sending: Sending) -> bytes:
    """Return the body: the same bytes at every try."""
    event = sending.event
    said = {"id": str(sending.number), "event": event.kind, "at": event.at.isoformat(), "data": event.data}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def headers_of(sending: Sending, body: bytes) -> dict[str, str]:
    """Return what goes with a body: number, moment, and a signature by each secret that counts today."""
    moment = str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Parasol-Webhooks/1",
        "X-Delivery-Id": str(sending.number),
        "X-Event": sending.event.kind,
        "X-Timestamp": moment,
        "X-Signature": ",".join(sign(secret, moment, body) for secret in secrets_of(sending.endpoint)),
    }


def secrets_of(endpoint: Endpoint) -> list[str]:
    """Return the secrets that count today, the newest first: two while one takes over from the other."""
    old = endpoint.old_secret and endpoint.old_until > timezone.now()
    return [unseal(endpoint.secret), *([unseal(endpoint.old_secret)] if old else [])]


def sign(secret: str, moment: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


# --- Writing down -----------------------------------------------------------------------------------------------------
def postpone(
    sending: Sending, token: str, reason: str, status: int | None = None, *, not_before: dt.datetime | None = None
) -> None:
    """Try again later, and not before the moment that the other side named; after the last try it is given up."""
    if sending.tries >= TRIES:
        record(sending, token, SendState.DEAD, status=status, error=reason)
        return
    wait = BACK_OFF[max(sending.tries, 1) - 1] * random.uniform(0.9, 1.2)  # noqa: S311 - spreads load, guards nothing
    due = timezone.now() + wait
    due = max(due, not_before) if not_before else due
    record(sending, token, SendState.PENDING, status=status, error=reason, due_at=due)


def record(sending: Sending, token: str, state: str, *, status=None, error: str = "", due_at=None) -> None:
    """Write one outcome down, if this worker still holds the delivery."""
    Sending.objects.filter(pk=sending.pk, claimed_by=token, state=SendState.SENDING).update(
        state=state,
        lease_until=None,
        sent_at=timezone.now() if state == SendState.SENT else None,
        due_at=due_at or sending.due_at,
        last_status=status,
        last_error=error[:300],
    )


@transaction.atomic
def close(endpoint: Endpoint) -> None:
    """Stop an endpoint that said it is gone; what waits for it never goes."""
    gone = Endpoint.objects.running().filter(pk=endpoint.pk)
    if gone.update(stopped_at=timezone.now(), stopped=Endpoint.Stopped.GONE):
        log.info("webhooks.gone", endpoint=endpoint.pk)
        Sending.objects.unsent().filter(endpoint=endpoint).update(
            state=SendState.CANCELLED, last_error="the address is gone"
        )
