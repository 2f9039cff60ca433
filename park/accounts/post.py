"""Sending the letters: claim in one short transaction, send outside any, record in a second."""

import smtplib
from datetime import timedelta
from email.errors import MessageError
from email.utils import make_msgid

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from .models import Letter, LetterState

log = structlog.get_logger(__name__)
UNSENDABLE = (ValueError, TypeError, LookupError, MessageError)  # its words make no mail, today and tomorrow
LEASE = timedelta(minutes=2)  # longer than the longest send
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 5, 15, 15, 60)]

CLAIM = """
WITH claimed AS MATERIALIZED (
    SELECT id FROM accounts_letter
    WHERE (state = 'pending' AND due_at <= clock_timestamp()) OR (state = 'sending' AND lease_until < clock_timestamp())
    ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE accounts_letter letter SET state = 'sending', lease_until = clock_timestamp() + %s, tries = tries + 1
FROM claimed WHERE letter.id = claimed.id RETURNING letter.id
"""


def message_id() -> str:
    return make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >"))


def claim(limit: int) -> list[Letter]:
    """Take the letters that are due, so that no other worker sends them for the time of a lease."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [limit, LEASE])
        ids = [row[0] for row in cursor.fetchall()]
    return list(Letter.objects.filter(pk__in=ids).order_by("due_at"))


def send_due(limit: int = 50) -> int:
    """Send what is due, each letter by itself; return how many went out. One that nobody can send stops no other."""
    return sum(send(letter) for letter in claim(limit))


def send(letter: Letter) -> bool:
    """Send one claimed letter and write down what became of it."""
    if letter.expires_at < timezone.now():
        _settle(letter, LetterState.EXPIRED)
        return False
    mail = EmailMultiAlternatives(
        letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to], headers={"Message-ID": letter.message_id}
    )
    mail.attach_alternative(letter.html, "text/html")
    try:
        get_connection(timeout=10).send_messages([mail])
    except (smtplib.SMTPException, OSError) as trouble:
        _failed(letter, trouble)
        return False
    except UNSENDABLE as trouble:
        log.error("letter_not_made", letter=letter.pk, error=type(trouble).__name__)
        _settle(letter, LetterState.FAILED, type(trouble).__name__)
        return False
    _settle(letter, LetterState.SENT)
    return True


def nudge(task, *args) -> bool:
    """Wake a worker; tell whether the broker took it. If not, the timetable finds the work a little later."""
    try:
        task.apply_async(args, retry=False)
    except (OperationalError, OSError) as trouble:
        log.warning("nudge_lost", task=task.name, error=type(trouble).__name__)
        return False
    return True


def send_soon(task) -> None:
    """Let a worker send what is due. While the broker is away it is sent here: without a code nobody can register."""
    if not nudge(task):
        send_due(limit=3)


def _failed(letter: Letter, trouble: Exception) -> None:
    code = getattr(trouble, "smtp_code", 0)
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        code = next(iter(trouble.recipients.values()), (0,))[0]
    error = f"{type(trouble).__name__} {code or ''}".strip()
    log.warning("letter_not_sent", letter=letter.pk, error=error, tries=letter.tries)
    if 500 <= code < 600:
        _settle(letter, LetterState.FAILED, error)
    else:
        wait = BACK_OFF[min(letter.tries, len(BACK_OFF)) - 1]
        Letter.objects.filter(pk=letter.pk).update(
            state=LetterState.PENDING, due_at=timezone.now() + wait, lease_until=None, last_error=error
        )


def _settle(letter: Letter, state: LetterState, error: str = "") -> None:
    """Close a letter and wipe its words: they held a code or a link."""
    Letter.objects.filter(pk=letter.pk).update(state=state, lease_until=None, last_error=error, text="", html="")
