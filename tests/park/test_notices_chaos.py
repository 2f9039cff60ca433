"""The promise of the push, while everything fails: nothing lost, in the portal once, one Message-ID a notice."""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict

import pytest
import redis
from django.conf import settings as portal
from django.db import connection
from django.db.models import Count

from park.accounts.models import User
from park.celery import app
from park.notices import actions, delivery
from park.notices.models import Delivery, Notice
from services.policies.matching import WITHDRAWN
from tests.factories.policies import make_version
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, WORKERS = 1_000, 3
KILLS = (150, 400)  # mails after which a worker dies
EMPTIED, REFUSES = 300, 500  # mails after which Redis loses everything, and the mail server refuses
PATIENCE = 90  # seconds on a busy machine
WORKER = """
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {name!r}
from park.celery import app
app.worker_main(["worker", "-P", "solo", "-Q", "mail", "-l", "ERROR", "--without-mingle", "--without-gossip"])
"""


def worker(sink) -> subprocess.Popen:
    """Start a worker as production does, on the test database."""
    return subprocess.Popen(
        [sys.executable, "-c", WORKER.format(name=connection.settings_dict["NAME"])],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "park.settings", "SECRET_KEY": "-", "EMAIL_URL": sink.url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def through_the_broker():
    """Let nudges go to the broker, and mails through the workers alone."""
    before, app.conf.task_always_eager = app.conf.task_always_eager, False
    yield
    app.conf.task_always_eager = before


class Storm:
    """What goes wrong on the way, each at its mail, and the timetable that goes on all the same."""

    def __init__(self, sink: SmtpSink, workers: list[subprocess.Popen]):
        self.sink, self.alive, self.dead = sink, list(workers), []
        self.refused = self.emptied = False
        path = portal.CELERY_BROKER_URL.replace("redis+socket", "unix").replace("virtual_host", "db")
        self.broker = redis.Redis.from_url(path)

    def strike(self, count: int) -> None:
        if count in KILLS:
            victim = self.alive.pop(0)
            victim.send_signal(signal.SIGKILL)
            self.dead.append(victim)
        if count == REFUSES:
            self.refused = self.sink.busy = True
        if count == EMPTIED:
            self.emptied = bool(self.broker.flushdb())

    def sweep(self) -> None:
        """Do what the timetable does each minute, and let the leases of the dead and the waits of the refused end."""
        held = Delivery.objects.filter(state="sending")
        for victim in self.dead:
            held.filter(claimed_by__contains=f":{victim.pid}:").update(lease_until="2020-01-01T00:00Z")
        if self.sink.busy and Delivery.objects.filter(state="pending", tries__gt=0).count() > 20:
            self.sink.busy = False
        if not self.sink.busy:
            Delivery.objects.filter(state="pending").update(due_at="2020-01-01T00:00Z")
        app.send_task("park.notices.tasks.deliver", queue="mail", retry=False)


def test_a_release_survives_killed_workers_an_emptied_broker_and_a_mail_server_that_refuses(
    through_the_broker,
):
    User.objects.bulk_create([User(email=f"r{nth}@company.example", name=f"R {nth}") for nth in range(PEOPLE)])
    people, version = User.objects.all(), make_version(title_en="Rent grant")
    people = people.filter(email__endswith="@company.example")
    with SmtpSink() as sink:
        sink.slowness = 0.003
        workers = [worker(sink) for _ in range(WORKERS)]
        try:
            storm = Storm(sink, workers)
            sink.on_mail = storm.strike
            told = {"recipients": people, "subject_id": version.pk, "version": version.number}
            assert actions.tell_set(WITHDRAWN, **told) == PEOPLE
            assert actions.tell_set(WITHDRAWN, **told) == 0
            until = time.monotonic() + PATIENCE
            while Delivery.objects.exclude(state="sent").exists() and time.monotonic() < until:
                storm.sweep()
                time.sleep(0.3)
        finally:
            for each in workers:
                each.kill()
                each.wait()

    assert (len(storm.dead), storm.refused, storm.emptied) == (len(KILLS), True, True)
    notices = Notice.objects.filter(kind=WITHDRAWN)
    assert notices.count() == notices.values("recipient").distinct().count() == PEOPLE  # in the portal exactly once
    assert dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk"))) == {"sent": PEOPLE}
    ids = defaultdict(list)
    for mail in sink.messages:
        ids[mail.recipient].append(mail["Message-ID"])
    assert set(ids) == set(people.values_list("email", flat=True))  # nothing lost
    assert [each for each in ids.values() if len(set(each)) > 1] == []  # never two Message-IDs for one notice
    assert len({each[0] for each in ids.values()}) == PEOPLE
    assert len(sink.messages) - PEOPLE <= delivery.BATCH * len(storm.dead)  # repeats only after a kill, and few
