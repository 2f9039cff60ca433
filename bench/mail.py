"""The mails of a release: filled into a stencil, against each built by itself. Both have to say the same."""

import email
import email.policy
import time
import uuid
from statistics import median

from bench.report import Differs, Figure, Report
from park.notices import kinds, letters, mails
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
    taken = {case.__name__: [seconds(case) for _round in range(report.rounds)] for case in (ordinary, filled)}
    print(f"\n{MAILS} mails\n{'':40} {'median':>10}")
    for name, each in taken.items():
        print(f"  {name:38} {median(each) * 1000:8.1f}ms")
        report.times[f"{MAILS} mails: {name}"] = each
    ratios = [a / b for a, b in zip(taken["ordinary"], taken["filled"], strict=True)]
    report.figures.append(Figure("mail.django", max(scales), ratios, taken["ordinary"]))


def words(raw: bytes) -> tuple:
    """Return what a mail says, without what differs by the moment it was built."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return mail["To"], mail["Subject"], mail["Message-ID"], tuple(parts)


def seconds(case) -> float:
    start = time.perf_counter()
    case()
    return time.perf_counter() - start
