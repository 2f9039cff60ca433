"""A release to many: the ledger written set-based, against the ways that come to mind first, and run a second time.

The limit is ``COPY``: the same rows, ready made, into the same tables with all their constraints. Ways that take a
round trip a row are timed for a sample, and their time is counted up to all recipients.
"""

import io
import time
import uuid
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from statistics import median

import pgtrigger
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.broker import own_queues
from bench.report import Differs, Figure, Report
from park.accounts.models import User
from park.celery import app
from park.notices import actions, delivery
from park.notices.models import Channel, Delivery, DeliveryState, Notice
from services.policies.matching import KIND

PEOPLE = 242  # of the demo park; a release reaches so many times the scale
# Recipients for whom the slower ways are timed: a round trip a row, and objects in memory.
SAMPLES = {"one_by_one": 200, "one_task": 200, "bulk_create": 50_000}
LEASES = 5  # of mails that are marked as sent, to see what log they leave
LEDGER = (Notice, Delivery)
RATIOS = {
    "release.heap": ("ledger", "heap"), "release.copy": ("ledger", "copy"),
    "release.bulk_create": ("bulk_create", "ledger"), "release.one_by_one": ("one_by_one", "ledger"),
    "release.one_task": ("one_task", "ledger"), "release.replay": ("replay", "ledger"),
}  # fmt: skip


class _Discard(Exception):
    pass


def run(report: Report, scales: tuple[int, ...]) -> None:
    statements = set()
    with own_queues():
        for scale in scales:
            people = PEOPLE * scale
            with readers(people) as recipients:
                # After a checkpoint whole pages are logged once: the smaller figures are of the rows alone.
                asked, created, sent, index = map(min, *(measured(recipients, people) for _time in range(2)))
                taken = in_turn(report, cases(recipients))
                taken = {
                    name: [each * max(1, people / SAMPLES.get(name, people)) for each in rounds]
                    for name, rounds in taken.items()
                }
                with undone():
                    tell(recipients, 2)
                    taken |= in_turn(report, {"replay": partial(tell, recipients, 2)})
            statements.add(asked)
            show(report, scale, people, taken)
            print(f"  {asked} statements; bytes a recipient: {created:,.0f} of log when told, {sent:,.0f} when mailed,")
            print(f"  {index:,.0f} of indexes")
            for name, seen in {"statements": asked, "log": created + sent}.items():
                report.figures.append(Figure(f"release.{name}", scale, [seen], taken["ledger"]))
    tidy()
    if len(statements) > 1:
        raise Differs(f"A release costs {sorted(statements)} statements, by its size.")
    if len(scales) > 1:
        report.growth("release.growth", "release.ledger", scales[-2], scales[-1])


def show(report: Report, scale: int, people: int, taken: dict[str, list[float]]) -> None:
    print(f"\n{people:,} recipients\n{'':40} {'median':>10}")
    for name, each in taken.items():
        counted = f"  counted up from {SAMPLES[name]:,}" if people > SAMPLES.get(name, people) else ""
        print(f"  {name:38} {median(each) * 1000:8.1f}ms{counted}")
        report.times[f"{people} recipients: {name}"] = each
    for name, (above, below) in RATIOS.items():
        ratios = [a / b for a, b in zip(taken[above], taken[below], strict=True)]
        report.figures.append(Figure(name, scale, ratios, taken[above]))
    report.figures.append(Figure("release.ledger", scale, [1.0] * report.rounds, taken["ledger"]))


def measured(recipients, people: int) -> tuple[int, float, float, float]:
    """Return what a release costs whatever the clock says.

    These are its statements and, a recipient, the bytes of log to tell and to mail, and those of indexes.
    """
    with undone():
        with connection.cursor() as cursor:
            for model in LEDGER:  # without the room that rows undone before have left
                cursor.execute(f"REINDEX TABLE {connection.ops.quote_name(model._meta.db_table)}")
        index, start = indexes(), position()
        with CaptureQueriesContext(connection) as asked:
            if tell(recipients, 1, urgent=True) != people:
                raise Differs("The release does not tell everybody.")
        written = position()
        index = indexes() - index
        sent = mark_sent()
        return len(asked), (written - start) / people, (position() - written) / sent, index / people


def mark_sent() -> int:
    """Claim some leases and write down that their mails went, as a worker does. Returns how many."""
    sent = 0
    for _lease in range(LEASES):
        token = f"bench:{uuid.uuid4().hex}"  # as long as a worker's
        lease = delivery.Lease(token, delivery.claim(token))
        sent += len(lease.left)
        for each in list(lease.left):
            lease.note(delivery.Outcome(each, DeliveryState.SENT))
        lease.write_down()
    return sent


def position() -> int:
    """Return how many bytes of write-ahead log the server has written."""
    return _number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")


def indexes() -> int:
    return sum(_number("SELECT pg_indexes_size(%s)", [model._meta.db_table]) for model in LEDGER)


def _number(sql: str, params=()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])


def tell(recipients, subject: int, *, urgent: bool = False) -> int:
    return actions.tell_set(KIND, recipients=recipients, subject_id=subject, urgent=urgent)


def cases(recipients) -> dict[str, Callable]:
    ready = ready_rows(recipients)
    return {
        "ledger": lambda: tell(recipients, 3),
        "copy": lambda: copy(ready),
        "heap": lambda: heap(recipients),
        "bulk_create": lambda: bulk(recipients, 4),
        "one_by_one": lambda: one_by_one(recipients, 5),
        "one_task": lambda: one_task(recipients, 6),
    }


def bulk(recipients, subject: int) -> None:
    """Write the same two rows a person through the ORM, from ids fetched for it."""
    ids = recipients.values_list("pk", flat=True)[: SAMPLES["bulk_create"]]
    notices = Notice.objects.bulk_create([Notice(recipient_id=pk, kind=KIND, subject_id=subject) for pk in ids])
    Delivery.objects.bulk_create(
        [Delivery(notice=notice, channel=Channel.EMAIL) for notice in notices]
    )


def one_by_one(recipients, subject: int) -> None:
    """Ask for each row whether it is there, and write it."""
    for pk in recipients.values_list("pk", flat=True)[: SAMPLES["one_by_one"]]:
        tell_one(pk, subject)


def one_task(recipients, subject: int) -> None:
    """Send a task a recipient, and do what each would: without what a worker costs beside it."""
    for pk in recipients.values_list("pk", flat=True)[: SAMPLES["one_task"]]:
        app.send_task("bench.tell_one", [pk, subject], queue="mail")
        with transaction.atomic():
            tell_one(pk, subject)


def tell_one(pk: int, subject: int, kind: str = KIND) -> Delivery:
    notice, _new = Notice.objects.get_or_create(recipient_id=pk, kind=kind, subject_id=subject, version=1)
    return Delivery.objects.get_or_create(
        notice=notice, channel=Channel.EMAIL, defaults={"due_at": timezone.now()}
    )[0]


def ready_rows(recipients) -> list[tuple[str, bytes]]:
    """Return the rows of a release as the server would copy them out."""
    rows = []
    with undone():
        tell(recipients, 7)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notices_notice, notices_delivery")  # or one is looked through for each of the other
        for model in LEDGER:
            table, kept = connection.ops.quote_name(model._meta.db_table), io.BytesIO()
            columns = ", ".join(field.column for field in model._meta.concrete_fields if not field.generated)
            told = f"SELECT id FROM notices_notice WHERE kind = '{KIND}' AND subject_id = 7"
            of = f"{'id' if model is Notice else 'notice_id'} IN ({told})"
            rows_of = f"SELECT {columns} FROM {table} WHERE {of} ORDER BY id"
            with connection.cursor() as cursor, cursor.copy(f"COPY ({rows_of}) TO STDOUT (FORMAT binary)") as copied:
                for block in copied:
                    kept.write(block)
            rows.append((f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)", kept.getvalue()))
    return rows


def copy(rows: list[tuple[str, bytes]]) -> None:
    """Write the same rows, ready made, into the same tables: what takes longer is the work of finding them."""
    for statement, ready in rows:
        with connection.cursor() as cursor, cursor.copy(statement) as copied:
            copied.write(ready)


def heap(recipients) -> None:
    """Write the recipients into a table without index or constraint, logged as all others are: the limit."""
    sql, params = recipients.values("pk").order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO bench_heap {sql}", params)


def in_turn(report: Report, those: dict[str, Callable]) -> dict[str, list[float]]:
    """Time cases in turn, each time in a transaction that leaves nothing behind."""
    taken = {name: [] for name in those}
    for _round in range(report.rounds + 1):
        for name, case in those.items():
            with undone():
                start = time.perf_counter()
                case()
                taken[name].append(time.perf_counter() - start)
    return {name: each[1:] for name, each in taken.items()}  # the first one warms up


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
        with pgtrigger.ignore(), connection.cursor() as cursor:
            fill(number)
            cursor.execute("ANALYZE accounts_user")
            cursor.execute("CREATE TABLE bench_heap (id bigint)")
        yield User.objects.filter(email__startswith="bench-", email__endswith="@reader.example")


def fill(number: int) -> None:
    """Store people by one statement: each is the first one under another name."""
    first = User.objects.create(email="bench-0@reader.example", name="Reader 0")
    same = [field.column for field in User._meta.concrete_fields if field.column not in {"id", "email", "name"}]
    columns = ", ".join(map(connection.ops.quote_name, same))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO accounts_user (email, name, {columns})
            SELECT 'bench-' || n || '@reader.example', 'Reader ' || n, {columns}
            FROM accounts_user, generate_series(1, %s) n WHERE accounts_user.id = %s""",
            [number - 1, first.pk],
        )


def tidy() -> None:
    """Give back the room of the rows that were undone."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM notices_delivery, notices_notice, accounts_user")
