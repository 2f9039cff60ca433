"""A mail server that keeps what it is given: a real SMTP conversation over a real socket, for tests.

    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        …
        sink.mails[0]["Subject"], sink.mails[0].get_body(("plain",)).get_content()
        sink.mails[0].recipient, sink.to("lin.yu@talent.example")

``refuse.add(address)`` refuses an address for good (550), ``refuse(address, 451)`` with another code, and with
``at_data=True`` only when the text was sent; ``busy`` answers every recipient with 451. ``url`` is an EMAIL_URL.
"""

import email
import email.policy
import socketserver
import threading
import time
from contextlib import suppress


class Refusals(dict):
    """Which address is refused with which code."""

    def __init__(self):
        super().__init__()
        self.at_data = {}

    def add(self, address: str) -> None:
        self[address] = 550

    def __call__(self, address: str, code: int = 550, *, at_data: bool = False) -> None:
        (self.at_data if at_data else self)[address] = code


class SmtpSink:
    host = "127.0.0.1"

    def __init__(self):
        self.mails, self.recipients, self.refuse, self.busy = [], [], Refusals(), False
        self.sessions = 0
        self.slowness = 0.0  # seconds before a mail is taken
        self.hang_up_after = None  # mails, then the line goes dead in the middle of the next
        self.on_mail = lambda count: None  # called after each mail that was taken
        self._lock = threading.Lock()

    @property
    def messages(self) -> list:
        return list(self.mails)

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    def to(self, address: str) -> list:
        return [mail for mail in self.messages if mail.recipient == address]

    def take(self, recipients, content):
        mail = email.message_from_bytes(content, policy=email.policy.default)
        mail.recipient = ", ".join(recipients)
        with self._lock:
            self.recipients.append(recipients)
            self.mails.append(mail)
            count = len(self.mails)
        self.on_mail(count)

    def __enter__(self):
        self.server = socketserver.ThreadingTCPServer((self.host, 0), _Conversation)
        self.server.daemon_threads, self.server.block_on_close, self.server.sink = True, False, self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()


class _Conversation(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        with suppress(OSError):  # the other side went away in mid-sentence: that is what some tests are about
            self.converse(self.server.sink)

    def converse(self, sink):
        sink.sessions += 1
        self.say("220 sink.example ready")
        recipients = []
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            verb = line.upper().partition(" ")[0]
            if verb == "EHLO":
                self.say("250-sink.example\r\n250 8BITMIME")
            elif verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                if sink.busy:
                    self.say("451 4.7.1 try again later")
                elif address in sink.refuse:
                    self.say(f"{sink.refuse[address]} 5.1.1 no such mailbox")
                else:
                    recipients.append(address)
                    self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                if sink.hang_up_after is not None and len(sink.mails) >= sink.hang_up_after:
                    return
                time.sleep(sink.slowness)
                code = next((sink.refuse.at_data[each] for each in recipients if each in sink.refuse.at_data), None)
                if code is None:
                    sink.take(recipients, content.replace(b"\r\n..", b"\r\n."))
                recipients = []
                self.say("250 kept" if code is None else f"{code} not this text")
            elif verb == "QUIT":
                return self.say("221 bye")
            elif verb in ("MAIL", "RSET"):
                recipients = []
                self.say("250 ok")
            else:
                self.say("250 ok")
