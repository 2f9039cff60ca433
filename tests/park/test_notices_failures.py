"""What no test in one process can show: a worker killed in mid-release, and a broker that is away."""

import os
import signal
import socket
import subprocess
import sys
import textwrap

import pytest
from django.db import connection

from park.accounts.models import User
from park.notices import actions, delivery, tasks  # noqa: F401 - the other processes use them
from park.notices.kinds import Topic
from park.notices.models import Delivery
from tests.factories.accounts import make_user
from tests.factories.notices import RELEASE, known, make_kind
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 40


def context_of(keys):
    return {key: {"title": "Grant 7", "slug": "grant-7", "met": 3} for key in keys}


def release_kind(name="release-that-is-interrupted"):
    return make_kind(name=name, topic=Topic.POLICIES, mutable=True, at_night=True, load=context_of)


@pytest.fixture
def sink(settings):
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def process(work: str, **environment) -> subprocess.Popen:
    """Start another process of the portal on the test database, as a worker or a web process would run."""
    head = f"""
        import django, time
        from django.conf import settings
        settings.DATABASES["default"]["NAME"] = {connection.settings_dict["NAME"]!r}
        django.setup()
        from tests.park.test_notices_failures import *
    """
    code = textwrap.dedent(head) + textwrap.dedent(work)
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "SECRET_KEY": "-", **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_worker_killed_in_mid_release_repeats_few_and_loses_none(sink):
    User.objects.bulk_create([User(email=f"r{nth}@company.example", name=f"R {nth}") for nth in range(PEOPLE)])
    with known(release_kind(), RELEASE):
        worker = process(
            f"""
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {sink.port}
            with known(release_kind(), RELEASE) as kind:  # eager: it delivers as soon as it is told
                actions.tell_set(kind, recipients=User.objects.all(), subject_id=7)
            """
        )
        sink.on_mail = lambda count: os.kill(worker.pid, signal.SIGKILL) if count == 25 else None
        assert worker.wait(60) == -signal.SIGKILL
        sink.on_mail = lambda count: None
        before = len(sink.messages)
        assert 25 <= before < PEOPLE

        tasks.deliver()
        assert len(sink.messages) == before  # its lease still runs: nobody sends what it may be sending

        Delivery.objects.filter(state="sending").update(lease_until="2020-01-01T00:00Z")
        tasks.deliver()

    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    ids = [mail["Message-ID"] for mail in sink.messages]
    assert {mail.recipient for mail in sink.messages} == set(User.objects.values_list("email", flat=True))
    assert len(set(ids)) == PEOPLE  # a repeat bears the Message-ID of the first
    assert len(ids) - PEOPLE <= delivery.BATCH


@pytest.fixture
def silent_peer():
    """Something that takes a connection and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def test_an_act_is_committed_quickly_and_loses_nothing_while_the_broker_is_away(silent_peer, sink):
    make_user(email="zhao@talent.example")

    for subject, broker in ((1, "redis://127.0.0.1:1/0"), (3, silent_peer)):
        first, second = told_while_away(broker, subject)
        assert first < 5  # the nudge itself is given a second; the rest is a cold process on a busy machine
        assert second < 1  # a broker that was away a moment ago is not asked again

    with known(release_kind(), RELEASE):
        tasks.deliver()  # the sweep
    assert len(sink.to("zhao@talent.example")) == 4


def told_while_away(broker: str, subject: int) -> list[float]:
    """Tell two things from a process whose broker is this one; return how long each act took."""
    web = process(
        """
        from django.db import transaction
        from park.celery import app
        app.conf.task_always_eager = False
        with known(release_kind(), RELEASE) as kind:
            for subject in (SUBJECT, SUBJECT + 1):
                start = time.monotonic()
                with transaction.atomic():
                    actions.tell_set(kind, recipients=User.objects.all(), subject_id=subject)
                print(time.monotonic() - start)
        """.replace("SUBJECT", str(subject)),
        REDIS_URL=broker,
    )
    told, _ = web.communicate(timeout=60)
    assert web.returncode == 0
    return [float(line) for line in told.split()]
