"""One session with the mail server for a lease of mails, with limits, and with errors that say what to do next."""

import smtplib
import socket
import threading
import time
from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

CONNECT, WHOLE = 5, 20  # seconds


class TryLater(Exception):
    """This mail did not go; it may later."""


class Refused(Exception):
    """This mail will never go: the server said so of this address or this text."""


class Away(Exception):
    """The mail server cannot be reached or takes nothing: no mail's own fault."""


class Session:
    """A connection of the configured backend. ``send`` takes a message, or ready bytes if it speaks SMTP."""

    def __init__(self):
        self.backend = get_connection(fail_silently=False)
        self.takes_bytes = isinstance(self.backend, EmailBackend)
        self.sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        self.watch = _Watch() if self.takes_bytes else None

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_exc) -> None:
        if self.watch:
            self.watch.stop()
        with suppress(OSError, smtplib.SMTPException):  # what was accepted stays accepted, however the goodbye goes
            self.backend.close()

    def open(self) -> None:
        """Connect, if not connected. Raises ``Away``."""
        try:
            if not self.takes_bytes:
                self.backend.open()
                return
            if self.backend.connection is not None and self.backend.connection.sock is None:
                self.backend.connection = None  # the server hung up
            if self.backend.connection is None:
                self.backend.timeout = CONNECT
                self.backend.open()
                self.backend.connection.sock.settimeout(WHOLE)
        except (OSError, smtplib.SMTPException) as error:
            self.backend.connection = None
            raise Away(describe(error)) from error

    def send(self, mail: EmailMultiAlternatives | bytes, address: str) -> None:
        """Send one mail to one address. Raises ``TryLater``, ``Refused`` or ``Away``."""
        self.open()
        if not self.takes_bytes:
            try:
                self.backend.send_messages([mail])
            except OSError as error:
                raise Away(describe(error)) from error
            return
        server = self.backend.connection
        with self.watch.limit(server, WHOLE):
            self._send(server, mail, address)

    def _send(self, server: smtplib.SMTP, mail: EmailMultiAlternatives | bytes, address: str) -> None:
        try:
            if not isinstance(mail, bytes):
                mail = mail.message().as_bytes(linesep="\r\n")
            server.sendmail(self.sender, [address], mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(*error.recipients[address]) from error
        except smtplib.SMTPSenderRefused as error:
            # Our own address is refused: a mistake of the set-up, not of this mail. It waits until that is mended.
            raise TryLater(_words(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPDataError as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (UnicodeError, smtplib.SMTPNotSupportedError) as error:
            raise Refused(describe(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            server.close()  # where this conversation stands is not known: the next mail begins a new one
            raise TryLater(describe(error)) from error


def _judged(code: int, said: bytes | str) -> Exception:
    return Refused(_words(code, said)) if 500 <= code < 600 else TryLater(_words(code, said))


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{code} {' '.join(text.split())}"[:300]


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


class _Watch:
    """Hangs up on a server that keeps one mail too long: the time limit of a socket begins anew with each byte."""

    def __init__(self):
        self._until, self._server = None, None
        self._changed = threading.Condition()
        self._over = False
        self._thread = None

    def limit(self, server: smtplib.SMTP, seconds: float) -> "_Watch":
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, name="smtp-watch", daemon=True)
            self._thread.start()
        self._server, self._until = server, time.monotonic() + seconds
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self._until = None

    def stop(self) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()

    def _look(self) -> None:
        with self._changed:
            while not self._over:
                until = self._until
                if until is not None and time.monotonic() > until:
                    self._until = None
                    with suppress(OSError, AttributeError):  # it hung up by itself
                        self._server.sock.shutdown(socket.SHUT_RDWR)
                self._changed.wait(0.5)
