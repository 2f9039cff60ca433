"""The mails of a release: filled into a stencil, against each built by itself. Both have to say the same.

Then a lease of them goes to a mail server on this machine, against ready bytes sent by ``smtplib`` alone (the limit).
"""

import email
import email.policy
import smtplib
import time
import uuid
from statistics import median

from django.test import override_settings

from bench.mail_server import Sink
from bench.report import Differs, Figure, Report
from park.notices import kinds, letters, mails, smtp
from services.policies.matching import WITHDRAWN

MAILS = 500
CONTEXT = {"title": "Rent grant", "title_zh": "租金补贴", "body": "City Talent Office", "body_zh": "市人才办"}


def run(report: Report, scales: tuple[int, ...]) -> None:
    kind = kinds.get(WITHDRAWN)
    letter = letters.write(kind, CONTEXT, "en")
    readers = [(mails.Reader(n, f"r{n}@reader.example", f"Reader {n}", "en"), str(uuid.uuid4())) for n in range(MAILS)]

    def ordinary() -> list[bytes]:
        return [mails.compose(kind, letter, *each).message().as_bytes(linesep="\r\n") for each in readers]

    def filled() -> list[bytes]:
        stencil = mails.Stencil(kind, letter, named=True)
        return [stencil.fill(*each) for each in readers]

    if [words(raw) for raw in ordinary()] != [words(raw) for raw in filled()]:
        raise Differs("The stencil does not say what an ordinary mail says.")
    print(f"\n{MAILS} mails\n{'':40} {'median':>10}")
    in_turn(report, "mail.django", max(scales), ordinary, filled)

    ready = filled()
    with Sink() as sink, override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=sink.port,
        EMAIL_USE_TLS=False, EMAIL_USE_SSL=False, EMAIL_HOST_USER="", EMAIL_HOST_PASSWORD="",
    ):  # fmt: skip

        def lease() -> None:
            stencil = mails.Stencil(kind, letter, named=True)
            with smtp.Session() as session:
                for reader, number in readers:
                    session.send(stencil.fill(reader, number), reader.address)

        def ready_bytes() -> None:
            with smtplib.SMTP("127.0.0.1", sink.port) as session:
                for (reader, _number), raw in zip(readers, ready, strict=True):
                    session.sendmail("portal@park.example", [reader.address], raw)

        took = []
        for case in (lease, ready_bytes):
            mark = sink.mark()
            case()
            took.append(sorted(sink.mails(mark)))
        if took[0] != took[1] or len(took[0]) != MAILS:
            raise Differs("A lease does not send what was ready.")
        in_turn(report, "mail.smtp", max(scales), lease, ready_bytes)


def in_turn(report: Report, figure: str, scale: int, above, below) -> None:
    """Time two cases in turn, and add their ratio."""
    rounds = [(seconds(above), seconds(below)) for _round in range(report.rounds)]
    for case, taken in zip((above, below), zip(*rounds, strict=True), strict=True):
        print(f"  {case.__name__:38} {median(taken) * 1000:8.1f}ms")
        report.times[f"{MAILS} mails: {case.__name__}"] = list(taken)
    report.figures.append(Figure(figure, scale, [a / b for a, b in rounds], [a for a, _b in rounds]))


def words(raw: bytes) -> tuple:
    """Return what a mail says, without what differs by the moment it was built."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return mail["To"], mail["Subject"], mail["Message-ID"], tuple(parts)


def seconds(case) -> float:
    start = time.perf_counter()
    case()
    return time.perf_counter() - start
