"""A release to many: the ledger written set-based, against the ways that come to mind first, and run a second time."""

import time
import uuid
from collections.abc import Callable
from contextlib import contextmanager
from statistics import median

import pgtrigger
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.report import Differs, Figure, Report
from park.accounts.models import User
from park.notices import actions
from park.notices.models import Channel, Delivery, Notice
from services.policies.matching import KIND

PEOPLE = 242  # of the demo park; a release reaches so many times the scale
ONE_BY_ONE = 200  # recipients of whom the slowest way is timed; its time is counted up


class _Discard(Exception):
    pass


def run(report: Report, scales: tuple[int, ...]) -> None:
    statements = set()
    for scale in scales:
        people = PEOPLE * scale
        with readers(people) as recipients:
            with CaptureQueriesContext(connection) as asked, undone():
                if tell(recipients, 1) != people:
                    raise Differs("The release does not tell everybody.")
            statements.add(len(asked))
            taken = {name: rounds(report, case) for name, case in cases(recipients).items()}
            taken["one_by_one"] = [each * people / min(people, ONE_BY_ONE) for each in taken["one_by_one"]]
            with undone():
                tell(recipients, 2)
                taken["replay"] = rounds(report, lambda: tell(recipients, 2))
        print(f"\n{people:,} recipients, {len(asked)} statements\n{'':40} {'median':>10}")
        for name, each in taken.items():
            print(f"  {name:38} {median(each) * 1000:8.1f}ms")
            report.times[f"{people} recipients: {name}"] = each
        for name, (above, below) in {
            "release.heap": ("ledger", "heap"), "release.bulk_create": ("bulk_create", "ledger"),
            "release.one_by_one": ("one_by_one", "ledger"), "release.replay": ("replay", "ledger"),
        }.items():  # fmt: skip
            ratios = [a / b for a, b in zip(taken[above], taken[below], strict=True)]
            report.figures.append(Figure(name, scale, ratios, taken[above]))
        report.figures.append(Figure("release.ledger", scale, [1.0] * report.rounds, taken["ledger"]))
    if len(statements) > 1:
        raise Differs(f"A release costs {sorted(statements)} statements, by its size.")
    if len(scales) > 1:
        report.growth("release.growth", "release.ledger", scales[-2], scales[-1])


def tell(recipients, subject: int) -> int:
    return actions.tell_set(KIND, recipients=recipients, subject_id=subject)


def cases(recipients) -> dict[str, Callable]:
    return {
        "ledger": lambda: tell(recipients, 3),
        "bulk_create": lambda: bulk(recipients, 4),
        "one_by_one": lambda: one_by_one(recipients, 5),
        "heap": lambda: heap(recipients),
    }


def bulk(recipients, subject: int) -> None:
    """Write the same two rows a person through the ORM, from ids fetched for it."""
    ids = recipients.values_list("pk", flat=True)
    notices = Notice.objects.bulk_create([Notice(recipient_id=pk, kind=KIND, subject_id=subject) for pk in ids])
    Delivery.objects.bulk_create(
        [Delivery(notice=notice, channel=Channel.EMAIL, message_id=uuid.uuid4()) for notice in notices]
    )


def one_by_one(recipients, subject: int) -> None:
    """Ask for each row whether it is there, and write it."""
    for pk in recipients.values_list("pk", flat=True)[:ONE_BY_ONE]:
        notice, _new = Notice.objects.get_or_create(recipient_id=pk, kind=KIND, subject_id=subject, version=1)
        Delivery.objects.get_or_create(
            notice=notice, channel=Channel.EMAIL, defaults={"message_id": uuid.uuid4(), "due_at": timezone.now()}
        )


def heap(recipients) -> None:
    """Write the recipients into a table without index or constraint: the limit."""
    sql, params = recipients.values("pk").order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bench_heap ON COMMIT DROP AS {sql}", params)


def rounds(report: Report, case: Callable) -> list[float]:
    """Time a case, each time in a transaction that leaves nothing behind."""
    taken = []
    for _round in range(report.rounds + 1):
        with undone():
            start = time.perf_counter()
            case()
            taken.append(time.perf_counter() - start)
    return taken[1:]  # the first one warms up


@contextmanager
def undone():
    try:
        with transaction.atomic():
            yield
            raise _Discard
    except _Discard:
        pass


@contextmanager
def readers(number: int):
    """Give so many people; nothing of them is left afterwards."""
    with undone():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pgtrigger.ignore():
            User.objects.bulk_create(
                [User(email=f"bench-{nth}@reader.example", name=f"Reader {nth}") for nth in range(number)], 5000
            )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE accounts_user")
        yield User.objects.filter(email__startswith="bench-", email__endswith="@reader.example")
