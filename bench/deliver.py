"""From a release to its last mail: through a real broker and real worker processes to a mail server on this machine.

It stands against ready bytes sent by ``smtplib`` alone (the limit), and against one task a recipient. With ``--kill``
workers are killed in the middle, and what was lost and what came twice is counted.
"""

import os
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.db import connection

from bench import release
from bench.broker import QUEUE, own_queues
from bench.mail import CONTEXT
from bench.mail_server import Sink, wait
from bench.report import Differs, Figure, Report
from park.accounts.models import User
from park.celery import app
from park.notices import actions, delivery, kinds, letters, mails, smtp
from park.notices.models import Delivery, DeliveryState, WaitsFor
from services.policies.matching import WITHDRAWN

PEOPLE = 242  # of the demo park
SAMPLE = 50  # recipients to whom one task each is sent; its time is counted up
KILLS = (0.25, 0.5)  # shares of the mails after which a worker is killed
DATABASE = "parasol_bench"


def load(versions: set[tuple[int, int]]) -> dict:
    return dict.fromkeys(versions, CONTEXT)


KIND = kinds.Kind(
    "bench-release", kinds.get(WITHDRAWN).topic, template=kinds.get(WITHDRAWN).template, load=load, at_night=True
)


def run(report: Report, scales: tuple[int, ...], *, kill: bool = False, like: str = "") -> None:
    """``like`` names a database with every table that nobody is connected to; without it one is migrated."""
    with ExitStack() as stack:
        stack.enter_context(own_queues())
        stack.enter_context(own_kind())
        stack.enter_context(own_database(like))
        sink = stack.enter_context(Sink())
        for scale in scales:
            release.fill(PEOPLE * scale)
            (killing if kill else timing)(report, scale, sink)
            empty(User._meta.db_table)


# --- How fast ---------------------------------------------------------------------------------------------------------
def timing(report: Report, scale: int, sink: Sink) -> None:
    people, sample = PEOPLE * scale, min(SAMPLE, PEOPLE)
    ready = ready_mails()
    cases = {
        "release to last mail": lambda: through_the_outbox(sink, people),
        "smtplib, ready bytes": lambda: by_hand(sink, ready),
        "one task a recipient": lambda: one_task_each(sink, sample),
    }
    taken = {name: [] for name in cases}
    with Workers(sink, 1):
        for turn in range(report.rounds + 1):
            for name, case in cases.items():
                seconds = case()
                if turn:  # the first one warms up
                    taken[name].append(seconds)
    taken["one task a recipient"] = [each * people / sample for each in taken["one task a recipient"]]
    print(f"\n{people:,} mails{'':28} {'median':>10} {'mails a second':>16}")
    for name, each in taken.items():
        counted = f"  counted up from {sample}" if "task" in name else ""
        print(f"  {name:38} {median(each):9.2f}s {people / median(each):13,.0f}{counted}")
        report.times[f"{people} mails: {name}"] = each
    whole, limit, single = taken.values()
    for name, above, below in (("deliver.limit", whole, limit), ("deliver.one_task", single, whole)):
        ratios = [a / b for a, b in zip(above, below, strict=True)]
        report.figures.append(Figure(name, scale, ratios, above))


def through_the_outbox(sink: Sink, people: int) -> float:
    """Release, and wait for the last mail. Returns the seconds between."""
    mark, start = sink.mark(), time.monotonic()
    if tell() != people:
        raise Differs("The release does not tell everybody.")
    until_sent(lambda: None)
    end = sink.last(mark)
    if sorted(address for address, _number in sink.mails(mark)) != sorted(addresses()):
        raise Differs("Not everybody got one mail.")
    empty("notices_notice")
    return end - start


def tell() -> int:
    return actions.tell_set(KIND, recipients=readers(), subject_id=1)


def ready_mails() -> list[tuple[str, bytes]]:
    """Return the mails of the release, whole."""
    stencil = mails.Stencil(KIND, letters.write(KIND, CONTEXT, "en"), named=True)
    tell()
    rows = Delivery.objects.select_related("notice__recipient").order_by("pk")
    ready = [(each.notice.recipient.email, stencil.fill(mails.Reader.of(each.notice.recipient), each.number))
             for each in rows]  # fmt: skip
    empty("notices_notice")
    return ready


def by_hand(sink: Sink, ready: list[tuple[str, bytes]]) -> float:
    """Send ready bytes, one session a lease: nothing is asked and nothing written down."""
    mark, start = sink.mark(), time.monotonic()
    for first in range(0, len(ready), delivery.LEASE):
        with smtplib.SMTP("127.0.0.1", sink.port) as session:
            for address, raw in ready[first : first + delivery.LEASE]:
                session.sendmail("portal@park.example", [address], raw)
    return sink.last(mark) - start


def one_task_each(sink: Sink, sample: int) -> float:
    """Send a task a recipient, and wait for the last mail of them."""
    mark, start = sink.mark(), time.monotonic()
    for pk in readers().values_list("pk", flat=True)[:sample]:
        app.send_task("bench.tell_one", [pk], queue=QUEUE)
    wait(lambda: len(sink.mails(mark)) >= sample)
    end = sink.last(mark)
    wait(lambda: Delivery.objects.filter(state=DeliveryState.SENT).count() >= sample)
    empty("notices_notice")
    return end - start


def tell_one_by_mail(pk: int) -> None:
    """Do in a worker what comes to mind first: write the rows of one person, build the mail, send it."""
    row = release.tell_one(pk, 1, kind=KIND.name)
    reader = mails.Reader.of(User.objects.get(pk=pk))
    with smtp.Session() as session:
        session.send(mails.compose(KIND, letters.write(KIND, CONTEXT, "en"), reader, row.number), reader.address)
    Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.SENT, sent_at=row.due_at)


# --- How surely -------------------------------------------------------------------------------------------------------
def killing(report: Report, scale: int, sink: Sink) -> None:
    people = PEOPLE * scale
    repeats = []
    for _round in range(report.rounds):
        mark, left = sink.mark(), [round(share * people) for share in KILLS]
        with Workers(sink, 2) as workers:
            tell()

            def strike(mark=mark, left=left, workers=workers) -> None:
                while left and sink.count(mark) >= left[0]:
                    left.pop(0)
                    workers.kill()

            until_sent(strike)
        mailed = sink.mails(mark)
        lost = set(addresses()) - {address for address, _number in mailed}
        twice = Counter(address for address, _number in set(mailed))
        if lost or max(twice.values()) > 1 or left:
            raise Differs(f"{len(lost)} mails were lost, {len(twice) - people} people strange, {len(left)} kills left.")
        repeats.append((len(mailed) - people) / len(KILLS))
        empty("notices_notice")
    print(
        f"\n{people:,} mails, {len(KILLS)} workers killed in each of {report.rounds} rounds: none lost, "
        f"{sum(repeats) * len(KILLS):.0f} sent again, each under its first Message-ID"
    )
    report.figures.append(Figure("deliver.repeats", scale, repeats, repeats))


def until_sent(strike) -> None:
    """Wait until every mail is written down as sent, and do what the timetable does, more often than it does."""
    swept = time.monotonic()

    def done() -> bool:
        nonlocal swept
        strike()
        if time.monotonic() - swept > 2:
            swept = time.monotonic()
            app.send_task("park.notices.tasks.deliver", queue=QUEUE)
        return not Delivery.objects.filter(waits_for=WaitsFor.WORKER).exists()

    wait(done)
    if Delivery.objects.exclude(state=DeliveryState.SENT).exists():
        raise Differs("Not every mail went.")


# --- What it stands on ------------------------------------------------------------------------------------------------
def readers():
    return User.objects.filter(email__startswith="bench-", email__endswith="@reader.example").order_by("pk")


def addresses() -> list[str]:
    return list(readers().values_list("email", flat=True))


def empty(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


class Workers:
    """Worker processes; for one that is killed another one starts, as a server's supervisor would see to."""

    def __init__(self, sink: Sink, number: int):
        self.sink, self.number = sink, number

    def __enter__(self) -> "Workers":
        self.alive, self.all = [], []
        self.folder = tempfile.TemporaryDirectory(prefix="bench-workers-")
        for _each in range(self.number):
            self.start()
        try:
            wait(lambda: len(os.listdir(self.folder.name)) == self.number, "A worker did not start.")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc) -> None:
        for each in self.all:
            each.kill()
            each.wait()
        self.folder.cleanup()

    def start(self) -> None:
        ready = Path(self.folder.name) / str(len(self.all))
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker", connection.settings_dict["NAME"], str(ready)],
            env=os.environ | {
                "DJANGO_SETTINGS_MODULE": "park.settings", "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
                "SECRET_KEY": "benchmarks only: nothing is signed here",
            },
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.alive.append(process)
        self.all.append(process)

    def kill(self) -> None:
        """Kill the one that holds a lease; its five minutes end at once, so that nobody waits for them here."""
        held = Delivery.objects.filter(state=DeliveryState.SENDING).values_list("claimed_by", flat=True).first()
        victim = next((each for each in self.alive if f":{each.pid}:" in (held or "")), self.alive[0])
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.alive.remove(victim)
        self.start()
        Delivery.objects.filter(state=DeliveryState.SENDING, claimed_by__contains=f":{victim.pid}:").update(
            lease_until="2020-01-01T00:00Z"
        )


@contextmanager
def own_kind():
    """Make the release of the benchmark a kind of notice for a while."""
    kinds.register(KIND)
    try:
        yield
    finally:
        kinds._kinds.pop(KIND.name)


@contextmanager
def own_database(like: str):
    """Work in a database of its own: what is committed here is seen by nobody else, and goes afterwards."""
    before = connection.settings_dict["NAME"]
    name = f"{DATABASE}_{os.getpid()}"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {like or 'template0'}")
    connection.settings_dict["NAME"] = name
    try:
        if not like:
            call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
