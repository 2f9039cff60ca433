"""The worker of the outbox: claim a lease, ask again, send, write down what became of it.

No transaction is open while a mail is sent. A worker that dies between sending and writing leaves a lease that ends;
what it had not written down (at most ``BATCH`` mails) is sent once more under the same Message-ID.
"""

import datetime as dt
import os
import random
import socket
import time
import uuid
from dataclasses import dataclass

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from . import digests, kinds, letters, mails, smtp, words
from .kinds import Kind
from .letters import Letter
from .models import Channel, Delivery, DeliveryState, Frequency, Pause, Preference

LEASE = 200  # deliveries a worker takes at a time
LEASE_FOR = dt.timedelta(minutes=5)  # longer than WORK_FOR and one last mail
WORK_FOR = 200  # seconds; what is left then goes back
BATCH, EVERY = 10, 1.0  # outcomes are written down after so many mails, or so many seconds
ASK_AGAIN = 50  # mails after which it is asked again whether they are wanted
BACK_OFF = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
TRIES = len(BACK_OFF) + 1
AWAY_FOR = dt.timedelta(minutes=1)

log = structlog.get_logger(__name__)


def run_lease() -> bool:
    """Send one lease of what is due. Returns whether there may be more to send right now."""
    token = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    claimed = claim(token)
    if not claimed:
        return False
    served = Lease(token, claimed).work()
    return served and len(claimed) == LEASE


# --- Claiming ---------------------------------------------------------------------------------------------------------
# By a list of keys, not by a join: right after a release there are no statistics, and a join goes through all of it.
CLAIM = """
UPDATE {delivery} SET
    state = CASE WHEN state = 'sending' AND tries >= %(tries)s THEN 'dead' ELSE 'sending' END,
    lease_until = CASE WHEN state = 'sending' AND tries >= %(tries)s THEN NULL ELSE %(until)s::timestamptz END,
    claimed_by = CASE WHEN state = 'sending' AND tries >= %(tries)s THEN '' ELSE %(token)s END,
    last_error = CASE
        WHEN state = 'sending' AND tries >= %(tries)s THEN 'the worker died each time' ELSE last_error END,
    tries = CASE WHEN state = 'sending' AND tries >= %(tries)s THEN tries ELSE tries + 1 END
WHERE id = ANY(ARRAY(
    SELECT id FROM {delivery}
    WHERE waits_for = 'worker' AND NOT paused AND due_at <= %(now)s AND (state = 'pending' OR lease_until < %(now)s)
    ORDER BY due_at LIMIT %(lease)s FOR UPDATE SKIP LOCKED
)) RETURNING id, state = 'dead'"""
RECORD = """
UPDATE {delivery} d SET
    state = v.state, due_at = coalesce(v.due_at, d.due_at), sent_at = v.sent_at, last_error = v.last_error,
    tries = d.tries - v.given_back, lease_until = NULL, claimed_by = ''
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::int[])
    AS v (id, state, due_at, sent_at, last_error, given_back)
WHERE d.id = v.id AND d.id = ANY(%s) AND d.claimed_by = %s AND d.state = 'sending'"""


def _sql(text: str) -> str:
    return text.format(delivery=connection.ops.quote_name(Delivery._meta.db_table))


def claim(token: str) -> list[Delivery]:
    """Take what is due, and what a dead worker left behind, for as long as the lease lasts. Committed at once.

    What took several workers down with it is given up.
    """
    now, ids, more = timezone.now(), [], True
    asked = {"now": now, "until": now + LEASE_FOR, "lease": LEASE, "tries": TRIES, "token": token}
    while more and not ids:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_sql(CLAIM), asked)
            taken = cursor.fetchall()
        ids, more = [pk for pk, spent in taken if not spent], len(taken) == LEASE
    if not ids:
        return []
    # Three plain questions, not a join: right after a release there are no statistics, and a join is planned badly.
    return list(Delivery.objects.filter(pk__in=ids).prefetch_related("notice__recipient").order_by("due_at", "pk"))


# --- Working ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Outcome:
    delivery: Delivery
    state: str
    error: str = ""
    due_at: dt.datetime | None = None
    tried: bool = True


class Lease:
    """Some deliveries that one worker holds for a while."""

    def __init__(self, token: str, deliveries: list[Delivery]):
        self.token, self.left = token, list(deliveries)  # left: of which nothing is known yet
        self.outcomes: list[Outcome] = []
        self.started = self.written = time.monotonic()
        self.stencils: dict[tuple, mails.Stencil] = {}
        self.letters: dict[tuple, Letter] = {}

    def work(self) -> bool:
        """Send them all. Returns False if the mail server is away, so that nobody knocks again at once."""
        try:
            with smtp.Session() as session:
                while self.left:
                    for each in self.prepare(self.left[:ASK_AGAIN]):
                        if time.monotonic() - self.started > WORK_FOR:
                            self.give_back()
                            return True
                        self.send(session, *each)
            return True
        except smtp.Away as reason:
            log.warning("notices.mail_server_away", waiting=len(self.left))
            self.give_back(due_at=timezone.now() + _with_jitter(AWAY_FOR), error=str(reason))
            return False
        finally:
            self.write_down()

    def send(self, session: smtp.Session, delivery: Delivery, kind: Kind, context: dict | None) -> None:
        try:
            session.send(self.mail(session, delivery, kind, context), delivery.notice.recipient.email)
        except smtp.TryLater as reason:
            self.note(_postponed(delivery, str(reason)))
        except (smtp.Refused, mails.BadAddress) as reason:
            self.note(Outcome(delivery, DeliveryState.FAILED, str(reason)))
        except (smtp.Away, SoftTimeLimitExceeded, DatabaseError):
            raise  # no fault of this mail: what was not written down goes when the lease ends
        except Exception as fault:  # one letter's fault must not keep the others from going
            log.error("notices.mail_fault", kind=kind.name, delivery=delivery.pk, error=type(fault).__name__)
            self.note(Outcome(delivery, DeliveryState.FAILED, smtp.describe(fault)))
        else:
            self.note(Outcome(delivery, DeliveryState.SENT))

    def mail(self, session: smtp.Session, delivery: Delivery, kind: Kind, context: dict | None):
        """Return the mail of one delivery: from the stencil where many are alike, else built by itself."""
        notice, reader = delivery.notice, mails.Reader.of(delivery.notice.recipient)
        if notice.letter:
            return mails.compose(kind, Letter.from_data(notice.letter), reader, delivery.number)
        key = (kind.name, reader.language, words.same(context))
        if key not in self.letters:
            self.letters[key] = letters.write(kind, context, reader.language)
        if kind.is_mass and session.takes_bytes:
            named = (*key, bool(reader.name))
            if named not in self.stencils:
                self.stencils[named] = mails.Stencil(kind, self.letters[key], named=bool(reader.name))
            if raw := self.stencils[named].fill(reader, delivery.number):
                return raw
        return mails.compose(kind, self.letters[key], reader, delivery.number)

    # --- Ask again ---
    def prepare(self, deliveries: list[Delivery]) -> list[tuple[Delivery, Kind, dict | None]]:
        """Ask again who still wants what, and what it says now; note down what falls away."""
        ready = []
        unwanted, stopped = unwanted_of(deliveries), stopped_of(deliveries)
        deliveries = [delivery for delivery in deliveries if not self.waits(delivery, stopped)]
        groups = words.by_kind(delivery.notice for delivery in deliveries if delivery.pk not in unwanted)
        told = {name: self.contexts(kinds.find(name), notices) for name, notices in groups.items()}
        for delivery in deliveries:
            name = delivery.notice.kind
            if delivery.pk in unwanted:
                self.note(Outcome(delivery, DeliveryState.CANCELLED, unwanted[delivery.pk]))
            elif isinstance(told[name], Exception):
                self.note(_postponed(delivery, smtp.describe(told[name])))
            elif delivery.notice_id not in told[name]:
                self.note(Outcome(delivery, DeliveryState.CANCELLED, "its subject is gone"))
            else:
                ready.append((delivery, kinds.get(name), told[name][delivery.notice_id]))
        return ready

    def waits(self, delivery: Delivery, stopped: set[tuple]) -> bool:
        """Put back what was paused after it was claimed, or told at that very moment: it costs no try."""
        notice = delivery.notice
        if (notice.kind, notice.subject_id, notice.version) not in stopped:
            return False
        soon = timezone.now() + _with_jitter(AWAY_FOR)
        self.note(Outcome(delivery, DeliveryState.PENDING, due_at=soon, tried=False))
        return True

    def contexts(self, kind: Kind, notices) -> dict | Exception:
        try:
            with transaction.atomic():
                return words.contexts(kind, notices)
        except Exception as fault:  # a room's question failed: its notices wait, the others go
            log.exception("notices.load_failed", kind=kind.name)
            return fault

    # --- Write down ---
    def note(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.left.remove(outcome.delivery)
        if len(self.outcomes) >= BATCH or time.monotonic() - self.written > EVERY:
            self.write_down()

    def give_back(self, *, due_at: dt.datetime | None = None, error: str = "") -> None:
        """Let others have what was not sent; it costs no try."""
        self.outcomes += [
            Outcome(delivery, DeliveryState.PENDING, error, due_at=due_at, tried=False) for delivery in self.left
        ]
        self.left = []

    def write_down(self) -> None:
        """Write the outcomes of what this worker still holds, in one short transaction."""
        outcomes, self.outcomes, self.written = self.outcomes, [], time.monotonic()
        if not outcomes:
            return
        now = timezone.now()
        rows = [
            (
                outcome.delivery.pk,
                str(outcome.state),
                outcome.due_at,
                now if outcome.state == DeliveryState.SENT else None,
                outcome.error[:300].replace("\x00", ""),
                0 if outcome.tried else 1,
            )
            for outcome in outcomes
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_sql(RECORD), [*columns, columns[0], self.token])
            digests.pass_on(outcomes, now)


def stopped_of(deliveries: list[Delivery]) -> set[tuple]:
    """Return of which releases nothing goes at this moment."""
    kinds_here = {delivery.notice.kind for delivery in deliveries}
    pauses = Pause.objects.filter(ended_at=None, kind__in=kinds_here)
    return set(pauses.values_list("kind", "subject_id", "version"))


def unwanted_of(deliveries: list[Delivery]) -> dict[int, str]:
    """Return which of these nobody wants any more, with the reason: asked of the database as it is now."""
    known = {delivery.pk: kinds.find(delivery.notice.kind) for delivery in deliveries}
    people = {delivery.notice.recipient_id for delivery in deliveries}
    muted = set(
        Preference.objects.filter(user__in=people, channel=Channel.EMAIL, frequency=Frequency.NEVER).values_list(
            "user_id", "topic"
        )
    )
    reasons = {}
    for delivery in deliveries:
        kind, recipient = known[delivery.pk], delivery.notice.recipient
        if kind is None:
            reasons[delivery.pk] = f"no room knows the kind '{delivery.notice.kind}'"
        elif not recipient.is_active:
            reasons[delivery.pk] = "the account was switched off"
        elif kind.mutable and (recipient.pk, kind.topic) in muted:
            reasons[delivery.pk] = "the reader turned this topic off"
    for kind in {kind for kind in known.values() if kind and kind.still_wanted}:
        asked = [each for each in deliveries if known[each.pk] is kind and each.pk not in reasons]
        wanted = set(kind.still_wanted([words.key_of(each.notice) for each in asked])) if asked else set()
        reasons |= {each.pk: "no longer wanted" for each in asked if words.key_of(each.notice) not in wanted}
    return reasons


def _with_jitter(wait: dt.timedelta) -> dt.timedelta:
    return wait * random.uniform(0.9, 1.2)  # noqa: S311 - spreads load, guards nothing


def _postponed(delivery: Delivery, reason: str) -> Outcome:
    """Return when to try again; after the last try it is given up and shown to staff."""
    if delivery.tries >= TRIES:
        return Outcome(delivery, DeliveryState.DEAD, reason)
    wait = BACK_OFF[max(delivery.tries, 1) - 1]
    return Outcome(delivery, DeliveryState.PENDING, reason, due_at=timezone.now() + _with_jitter(wait))
