"""A letter as a mail: the frame round the words, the ordinary message, and the stencil for many of the same."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from .kinds import Kind, Topic
from .letters import Letter, plain

SIGNER = signing.Signer(salt="notices.unsubscribe", sep=".")
LONGEST_LINE = 990
# What a stencil holds in place of what differs from reader to reader.
NAME_IN_TEXT, NAME_IN_HTML = "READER0NAME0IN0TEXT", "READER0NAME0IN0HTML"
UNSUBSCRIBE = "https://unsubscribe.placeholder.invalid/"
ADDRESS, MESSAGE_ID = "reader@placeholder.invalid", "<message-id@placeholder.invalid>"


class BadAddress(Exception):
    """No mail can go to this address."""


@dataclass(frozen=True)
class Reader:
    """Who a mail goes to."""

    id: int
    address: str
    name: str
    language: str

    @classmethod
    def of(cls, user) -> "Reader":
        own = user.name_zh or user.name if user.language == "zh-hans" else user.name or user.name_zh
        return cls(user.pk, user.email, plain(" ".join(own.split())), user.language)


def message_id(number: str) -> str:
    """Return the Message-ID of a delivery, from its number."""
    return f"<{number}@{_domain(settings.DEFAULT_FROM_EMAIL)}>"


@cache
def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"


def unsubscribe_token(user_id: int, topic: str) -> str:
    return SIGNER.sign(f"{user_id}.{topic}")


def read_token(token: str) -> tuple[int, str]:
    """Return person and topic of a token. Raises ``signing.BadSignature``."""
    user_id, topic = SIGNER.unsign(token).split(".")
    return int(user_id), topic


def unsubscribe_url(kind: Kind, reader: Reader, leave: str = "") -> str:
    """Return the address that turns a topic down with one click; '' for what cannot be turned down.

    ``leave``: the letter's own address, which stops less than the topic.
    """
    if leave:
        return settings.BASE_URL + leave
    if not kind.mutable:
        return ""
    return settings.BASE_URL + _unsubscribe_path().replace("TOKEN", unsubscribe_token(reader.id, kind.topic))


@cache
def _unsubscribe_path() -> str:
    with override("en"):
        return reverse("notices:unsubscribe", args=["TOKEN"])


def compose(kind: Kind, letter: Letter, reader: Reader, number: str) -> EmailMultiAlternatives:
    """Build one mail the ordinary way. Raises ``BadAddress``."""
    _check(reader.address)
    leave = unsubscribe_url(kind, reader, letter.leave)
    text, html = _frame(kind, letter, reader.name, reader.name, leave)
    return _message(letter.subject, text, html, reader.address, message_id(number), leave)


def _check(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise BadAddress("no address that mail can go to")


def _message(subject, text, html, address, number, leave) -> EmailMultiAlternatives:
    headers = {"Message-ID": number, "Auto-Submitted": "auto-generated"}
    if leave:
        headers |= {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def _frame(kind: Kind, letter: Letter, name_in_text: str, name_in_html: str, leave: str) -> tuple[str, str]:
    with override(letter.language):
        frame = {
            "letter": letter,
            "letters": [letter, letter.also] if letter.also else [letter],
            "topic": Topic(kind.topic).label,
            "mutable": kind.mutable,
            "base_url": settings.BASE_URL,
            "site_name": settings.SITE_NAME,
            "preferences": settings.BASE_URL + reverse("notices:preferences"),
            "unsubscribe": leave,
        }
        text = render_to_string("notices/mail.txt", {**frame, "name": name_in_text})
        html = render_to_string("notices/mail.html", {**frame, "name": name_in_html})
    return _tidy(text) + "\n", html


def _tidy(text: str) -> str:
    """Return a text with one empty line at most between its lines."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()


class Stencil:
    """A mail for many readers, built once: what differs stands in it as placeholders and is replaced byte by byte."""

    def __init__(self, kind: Kind, letter: Letter, *, named: bool):
        self.kind, self.named, self.leave = kind, named, letter.leave
        leave = UNSUBSCRIBE if kind.mutable or letter.leave else ""
        text, html = _frame(kind, letter, NAME_IN_TEXT if named else "", NAME_IN_HTML if named else "", leave)
        message = _message(letter.subject, text, html, ADDRESS, MESSAGE_ID, leave)
        self.raw = message.message().as_bytes(linesep="\r\n")
        self.longest = max(map(len, self.raw.split(b"\r\n")))
        # Only what is sent as it stands can be replaced in: no base64, no quoted-printable, no wrapped placeholder.
        self.usable = self.raw.count(b"Content-Transfer-Encoding: 8bit") == 2 and all(
            mark.encode() in self.raw
            for mark in (ADDRESS, MESSAGE_ID, *([NAME_IN_TEXT, NAME_IN_HTML] if named else []), *filter(None, [leave]))
        )

    def fill(self, reader: Reader, number: str) -> bytes | None:
        """Return the mail of one reader; None if it has to be built the ordinary way. Raises ``BadAddress``."""
        _check(reader.address)
        leave = unsubscribe_url(self.kind, reader, self.leave)
        values = (
            (ADDRESS, reader.address),
            (MESSAGE_ID, message_id(number)),
            (UNSUBSCRIBE, leave),
            (NAME_IN_TEXT, reader.name),
            (NAME_IN_HTML, escape(reader.name)),
        )
        longest = self.longest + max(len(value.encode()) for _mark, value in values)
        if not self.usable or bool(reader.name) != self.named or longest > LONGEST_LINE or not reader.address.isascii():
            return None
        raw = self.raw
        for mark, value in values:
            raw = raw.replace(mark.encode(), value.encode())
        return raw
