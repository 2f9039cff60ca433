"""What is due goes out: once, through whatever fails on the way, and what became of it is written down."""

import datetime as dt
import email
import email.policy
import re
import threading

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from park.accounts.models import User
from park.notices import actions, delivery, kinds, letters, mails, tasks
from park.notices.kinds import Topic
from park.notices.models import Delivery, Notice, Preference
from tests.factories.accounts import make_user
from tests.factories.notices import LETTER, RELEASE, known, make_delivery, make_kind, make_notice
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 9, 9, 4, 0, tzinfo=dt.UTC)


@pytest.fixture
def sink(settings):
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.BASE_URL = "https://park.example"
        yield sink


@pytest.fixture
def letter():
    with known(make_kind(), LETTER) as kind:
        yield kind


def context_of(keys):
    return {key: {"title": "Grant <7>", "slug": "grant-7"} for key in keys}


def verdicts_of(keys):
    return {key: {"met": 3 if key.recipient_id % 2 else 2} for key in keys}


@pytest.fixture
def release():
    with known(make_kind(topic=Topic.POLICIES, mutable=True, load=context_of, personal=verdicts_of), RELEASE) as kind:
        yield kind


@pytest.fixture(autouse=True)
def noon(settings):
    with time_machine.travel(NOON):
        yield


def tell(kind, *people, **fields):
    return actions.tell(
        kind, recipients=people, **{"subject_id": 1, "context": {"ref": "LJ-1", "title": "Tea"}} | fields
    )


def release_to_all(release, subject_id=7):
    return actions.tell_set(release, recipients=User.objects.all(), subject_id=subject_id)


def later():
    """Make what waits due, as if its time had come."""
    Delivery.objects.filter(state="pending").update(due_at=timezone.now())


# --- A letter ---------------------------------------------------------------------------------------------------------
def test_a_letter_goes_out_once_and_is_written_down(sink, letter):
    reader = make_user(email="zhao@talent.example", name="Zhao Ming")
    tell(letter, reader)

    delivery.run_lease()
    delivery.run_lease()

    row = Delivery.objects.get()
    assert (row.state, row.tries, row.last_error, row.lease_until) == ("sent", 1, "", None)
    assert row.sent_at is not None
    (mail,) = sink.messages
    assert mail["To"] == "zhao@talent.example"
    assert mail["Subject"] == "We have your application · LJ-1"
    assert mail["Message-ID"] == f"<{row.number}@park.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    text = mail.get_body(("plain",)).get_content()
    assert text.replace("\r\n", "\n") == (
        "Dear Zhao Ming,\n\nYou sent Tea on 9 Sep 2026.\n\nYou do not need to do anything.\n\n"
        "See where it is\nhttps://park.example/me/LJ-1/\n\n--\nParasol 梧桐\n"
        "You get this because it is about your own case; it cannot be turned off.\n"
        "Change what we send: https://park.example/me/settings/notices/\n"
    )
    html = mail.get_body(("html",)).get_content()
    assert 'href="https://park.example/me/LJ-1/"' in html


def test_what_people_wrote_stays_text_and_leads_nowhere(sink, letter):
    reader = make_user(name="<b>Eve</b>\r\nBcc: all@park.example")
    tell(letter, reader, context={"ref": "LJ-1", "title": "Tea\u202e https://evil.example\r\nX-Spam: no <script>"})

    delivery.run_lease()

    (mail,) = sink.messages
    text, html = (mail.get_body((part,)).get_content() for part in ("plain", "html"))
    assert "https://evil" not in text + html
    assert "\u202e" not in text + html
    assert "<script>" not in html
    assert "<b>Eve" not in html
    assert (mail["Bcc"], mail["X-Spam"]) == (None, None)


def test_a_decision_letter_holds_both_languages(sink):
    with known(make_kind(bilingual=True), LETTER) as kind:
        tell(kind, make_user(name="Zhao Ming", name_zh="赵铭"))
        delivery.run_lease()

    (mail,) = sink.messages
    html = mail.get_body(("html",)).get_content()
    assert (html.count('<td lang="en"'), html.count('<td lang="zh-hans"')) == (1, 1)


def test_without_a_mail_server_the_configured_backend_gets_the_same_mail(letter):
    tell(letter, make_user(email="zhao@talent.example"))

    delivery.run_lease()

    (mail,) = django_mail.outbox
    assert (mail.to, mail.subject) == (["zhao@talent.example"], "We have your application · LJ-1")


def test_mails_may_go_to_a_folder(letter, release, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", tmp_path
    tell(letter, make_user(email="zhao@talent.example"))
    release_to_all(release)

    delivery.run_lease()

    (written,) = tmp_path.iterdir()
    assert written.read_text().count("Message-ID: <") == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


# --- The stencil ------------------------------------------------------------------------------------------------------
def parts_of(raw: bytes) -> list:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    own = {name: value.strip() for name, value in mail.items() if name not in {"Date", "Content-Type"}}
    return [own] + [
        (part.get_content_type(), part["Content-Transfer-Encoding"], part.get_content().replace("\r\n", "\n"))
        for part in mail.iter_parts()
    ]


@pytest.mark.parametrize("name", ["Zhao Ming", "赵铭", "O'Neil & <Sons>", ""])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("mutable", [True, False])
def test_a_stencil_says_field_by_field_what_an_ordinary_mail_says(name, language, mutable):
    user = make_user(name=name, language=language)
    with known(make_kind(topic=Topic.POLICIES, mutable=mutable, load=context_of), RELEASE) as kind:
        letter = letters.write(kind, {"title": "Grant <7>", "slug": "grant-7", "met": 3}, language)
        reader, number = mails.Reader.of(user), make_delivery(make_notice(kind)).number
        with time_machine.travel(NOON, tick=False):
            filled = mails.Stencil(kind, letter, named=bool(name)).fill(reader, number)
            ordinary = mails.compose(kind, letter, reader, number).message().as_bytes(linesep="\r\n")

    assert parts_of(filled) == parts_of(ordinary)


def test_a_stencil_gives_way_where_a_line_would_grow_too_long(release):
    letter = letters.write(release, {"title": "Grant", "slug": "g", "met": 3}, "en")
    stencil = mails.Stencil(release, letter, named=True)
    user = make_user(name="Zhao")
    number = make_delivery(make_notice(release)).number

    assert stencil.fill(mails.Reader.of(user), number)
    user.name = "赵" * 330
    assert stencil.fill(mails.Reader.of(user), number) is None
    user.name = ""
    assert stencil.fill(mails.Reader.of(user), number) is None


def test_a_release_reaches_everyone_with_their_own_verdict_and_way_out(sink, release):
    readers = [make_user(email=f"r{nth}@company.example", name=f"Reader {nth}") for nth in range(6)]
    release_to_all(release)

    tasks.deliver()

    assert sorted(mail.recipient for mail in sink.messages) == [reader.email for reader in readers]
    assert sink.sessions == 1
    for reader in readers:
        (mail,) = sink.to(reader.email)
        text = mail.get_body(("plain",)).get_content()
        met = "You meet every condition." if reader.pk % 2 else "You meet 2 conditions."
        assert text.splitlines()[:3] == [f"Dear {reader.name},", "", met]
        token = mails.unsubscribe_token(reader.pk, "policies")
        assert mail["List-Unsubscribe"].strip() == (f"<https://park.example/notices/unsubscribe/{token}/>")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "Grant &lt;7&gt;" in mail.get_body(("html",)).get_content()


def test_more_than_a_lease_is_sent_to_the_end(sink, release, monkeypatch):
    monkeypatch.setattr(delivery, "LEASE", 4)
    for _ in range(10):
        make_user()
    release_to_all(release)

    rounds = 0
    while delivery.run_lease():
        rounds += 1

    assert (rounds, len(sink.messages)) == (2, 10)


def test_a_lease_asks_the_same_few_questions_for_few_and_for_many(sink, release):
    def statements(people):
        User.objects.bulk_create([User(email=f"p{people}-{nth}@c.example", name="P") for nth in range(people)])
        actions.tell_set(release, recipients=User.objects.filter(email__startswith=f"p{people}-"), subject_id=people)
        with CaptureQueriesContext(connection) as asked:
            delivery.run_lease()
        return [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]

    few, many = statements(2), statements(40)
    assert len(many) - len(few) == 40 // delivery.BATCH - 1  # only the outcomes are written batch by batch


# --- What goes wrong --------------------------------------------------------------------------------------------------
def states() -> dict:
    return dict(Delivery.objects.values_list("notice__recipient__email", "state"))


def test_one_bad_address_stops_nobody(sink, letter):
    for name in ("a", "b", "c", "d", "e"):
        tell(letter, make_user(email=f"{name}@talent.example"))
    User.objects.filter(email="e@talent.example").update(email="e@@talent.example")
    sink.refuse("b@talent.example", 550)
    sink.refuse("c@talent.example", 452)
    sink.refuse("d@talent.example", 554, at_data=True)

    delivery.run_lease()

    assert states() == {
        "a@talent.example": "sent",
        "b@talent.example": "failed",
        "c@talent.example": "pending",
        "d@talent.example": "failed",
        "e@@talent.example": "failed",
    }
    refused = Delivery.objects.get(notice__recipient__email="b@talent.example")
    assert refused.last_error == "550 5.1.1 no such mailbox"


def test_a_mail_that_is_put_off_is_tried_again_under_the_same_id_ever_more_rarely_and_then_given_up(sink, letter):
    tell(letter, make_user(email="busy@talent.example"))
    sink.refuse("busy@talent.example", 451)
    first = Delivery.objects.get()
    waits = []

    for _ in range(delivery.TRIES):
        later()
        delivery.run_lease()
        row = Delivery.objects.get()
        waits.append((row.due_at - timezone.now()).total_seconds() / 60)

    assert (row.state, row.tries, row.number) == ("dead", 8, first.number)
    for wait, minutes in zip(waits[:-1], (1, 5, 15, 60, 240, 720, 1440), strict=True):
        assert 0.85 * minutes < wait < 1.25 * minutes


def test_while_the_mail_server_is_away_everything_waits_and_no_try_is_lost(settings, letter):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for _ in range(3):
        tell(letter, make_user())

    assert delivery.run_lease() is False

    rows = Delivery.objects.all()
    assert {(row.state, row.tries) for row in rows} == {("pending", 0)}
    assert all(row.due_at > timezone.now() for row in rows)
    assert rows[0].last_error.startswith("ConnectionRefusedError")


def test_a_line_that_goes_dead_delays_one_mail_and_the_next_begins_anew(sink, letter):
    for name in ("a", "b", "c"):
        tell(letter, make_user(email=f"{name}@talent.example"))
    sink.hang_up_after = 1

    delivery.run_lease()
    assert states() == {"a@talent.example": "sent", "b@talent.example": "pending", "c@talent.example": "pending"}

    sink.hang_up_after = None
    later()
    delivery.run_lease()
    assert set(states().values()) == {"sent"}
    assert len(sink.messages) == 3


def test_a_server_that_says_nothing_is_left_after_a_while(sink, letter, monkeypatch):
    monkeypatch.setattr("park.notices.smtp.WHOLE", 0.3)
    sink.slowness = 2
    tell(letter, make_user())

    delivery.run_lease()

    row = Delivery.objects.get()
    assert (row.state, row.tries) == ("pending", 1)


def test_a_fault_in_one_template_stops_nobody(sink, letter):
    def broken(keys):
        return {key: {"title": "x", "slug": "x", "met": "many"} for key in keys}

    template = RELEASE.replace(
        "{% if met == 3 %}", "{% if met == 3 %}{% include 'no/such.html' %}{% elif met == 'many' %}{% include met %}"
    )
    with known(make_kind(load=broken), template) as kind:
        tell(letter, make_user(email="well@talent.example"))
        actions.tell_set(
            kind, recipients=User.objects.filter(pk=make_user(email="ill@talent.example").pk), subject_id=1
        )
        delivery.run_lease()

    assert states() == {"well@talent.example": "sent", "ill@talent.example": "failed"}


def test_a_room_whose_question_fails_delays_its_own_notices_only(sink, letter):
    def fails(keys):
        raise RuntimeError("the room is on fire")

    with known(make_kind(load=fails), RELEASE) as kind:
        tell(letter, make_user(email="well@talent.example"))
        actions.tell_set(
            kind, recipients=User.objects.filter(pk=make_user(email="ill@talent.example").pk), subject_id=1
        )
        delivery.run_lease()

    assert states() == {"well@talent.example": "sent", "ill@talent.example": "pending"}


# --- Asked again ------------------------------------------------------------------------------------------------------
def test_what_nobody_wants_any_more_is_not_sent(sink, release, letter):
    gone, muted, stays = (make_user(email=f"{name}@c.example") for name in ("gone", "muted", "stays"))
    release_to_all(release)
    tell(letter, muted)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    actions.prefer(user=muted, wishes={"policies": "never"})

    delivery.run_lease()

    assert sorted(
        Delivery.objects.values_list("notice__recipient__email", "notice__kind", "state", "last_error")
    ) == sorted(
        [
            ("gone@c.example", release.name, "cancelled", "the account was switched off"),
            ("muted@c.example", release.name, "cancelled", "the reader turned this topic off"),
            ("muted@c.example", letter.name, "sent", ""),
            (stays.email, release.name, "sent", ""),
        ]
    )


def test_the_room_is_asked_whether_a_notice_still_matters(sink):
    first, second = make_user(email="a@c.example"), make_user(email="b@c.example")

    def still(keys):
        return {key for key in keys if key.recipient_id == first.pk}

    with known(make_kind(still_wanted=still), LETTER) as kind:
        tell(kind, first, second)
        delivery.run_lease()

    assert states() == {"a@c.example": "sent", "b@c.example": "cancelled"}


def test_a_release_whose_text_is_gone_is_not_sent(sink):
    with known(make_kind(load=lambda keys: {}), RELEASE) as kind:
        make_user()
        release_to_all(kind)
        delivery.run_lease()

    assert Delivery.objects.get().last_error == "its subject is gone"


def test_what_no_room_knows_any_more_is_not_sent(sink):
    make_delivery(make_notice("rain"))

    delivery.run_lease()

    assert Delivery.objects.get().last_error == "no room knows the kind 'rain'"


# --- Leases -----------------------------------------------------------------------------------------------------------
def test_what_a_dead_worker_held_is_taken_over_when_its_lease_ends(sink, letter):
    tell(letter, make_user())
    held = delivery.claim("a worker that dies")

    assert delivery.run_lease() is False
    assert sink.messages == []

    with time_machine.travel(NOON + delivery.LEASE_FOR + dt.timedelta(minutes=1)):
        delivery.run_lease()

    assert [mail["Message-ID"] for mail in sink.messages] == [f"<{held[0].number}@park.example>"]
    assert Delivery.objects.get().tries == 2


def test_a_worker_that_lost_its_lease_writes_nothing(sink, letter):
    tell(letter, make_user())
    slow = delivery.Lease("slow", delivery.claim("slow"))
    Delivery.objects.update(claimed_by="quick")

    slow.work()

    assert Delivery.objects.get().state == "sending"


def test_what_kills_every_worker_is_given_up(letter):
    tell(letter, make_user())
    Delivery.objects.update(
        state="sending", lease_until=NOON - dt.timedelta(1), tries=delivery.TRIES, due_at=NOON - dt.timedelta(2)
    )

    delivery.run_lease()

    assert (Delivery.objects.get().state, len(django_mail.outbox)) == ("dead", 0)


def test_a_worker_that_runs_out_of_time_gives_back_what_is_left(sink, letter, monkeypatch):
    for _ in range(3):
        tell(letter, make_user())
    monkeypatch.setattr(delivery, "WORK_FOR", -1)

    delivery.run_lease()

    assert {(row.state, row.tries) for row in Delivery.objects.all()} == {("pending", 0)}


def test_a_claim_changes_nothing_that_an_index_speaks_of():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'notices_delivery'")
        spoken_of = " ".join(row[0].partition(" USING ")[2] for row in cursor.fetchall())

    assert "waits_for" in spoken_of
    assert not set(re.findall(r"\w+", spoken_of)) & {"state", "lease_until", "claimed_by", "tries", "last_error"}


# --- Digests ----------------------------------------------------------------------------------------------------------
def morning():
    return time_machine.travel(NOON + dt.timedelta(hours=20, minutes=5))  # 08:05 in Beijing, the next day


def test_what_was_kept_goes_as_one_mail_in_the_morning(sink, release, letter):
    reader = make_user(email="daily@c.example", name="Zhao")
    Preference.objects.create(user=reader, topic="policies", channel="email", frequency="daily")
    release_to_all(release, 7)
    release_to_all(release, 8)

    tasks.deliver()
    assert sink.messages == []

    with morning():
        tasks.deliver()
        tasks.deliver()

    (mail,) = sink.messages
    assert mail["Subject"] == "2 notices from the park"
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.count("· A policy may fit you: Grant <7>\n") == 2
    assert text.count("https://park.example/policies/grant-7/") == 2
    assert "You asked for one overview instead of single mails" in text
    assert sorted(Delivery.objects.values_list("notice__kind", "state")) == sorted(
        [(release.name, "sent"), (release.name, "sent"), ("digest", "sent")]
    )
    assert Notice.objects.unread().count() == 2  # the digest itself does not stand in the portal


def test_a_digest_leaves_out_what_was_turned_off_since(sink, release):
    reader = make_user()
    Preference.objects.create(user=reader, topic="policies", channel="email", frequency="daily")
    release_to_all(release)
    actions.prefer(user=reader, wishes={"policies": "never"})

    with morning():
        tasks.deliver()

    assert sink.messages == []
    assert {row.state for row in Delivery.objects.all()} == {"cancelled"}


def test_what_comes_too_late_for_a_digest_waits_for_the_next(sink, release):
    reader = make_user()
    Preference.objects.create(user=reader, topic="policies", channel="email", frequency="daily")
    release_to_all(release, 7)
    late = make_delivery(make_notice(release, recipient=reader, subject_id=8), state="held")
    Delivery.objects.filter(pk=late.pk).update(due_at=Delivery.objects.exclude(pk=late.pk).get().due_at)
    Delivery.objects.filter(pk=late.pk).update(state="cancelled")

    with morning():
        tasks.deliver()
        Delivery.objects.filter(pk=late.pk).update(state="held")
        tasks.deliver()
    assert len(sink.messages) == 1

    with time_machine.travel(NOON + dt.timedelta(hours=44, minutes=10)):
        tasks.deliver()
    assert [mail["Subject"] for mail in sink.messages] == ["1 notice from the park"] * 2


def test_a_digest_is_no_topic_that_rooms_may_register_again():
    with pytest.raises(Exception, match="Two kinds of notices are called 'digest'"):
        kinds.register(kinds.Kind("digest", Topic.EVENTS))


# --- Two workers ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_nothing_twice(sink, release, monkeypatch):
    monkeypatch.setattr(delivery, "LEASE", 3)
    for nth in range(30):
        make_user(email=f"w{nth}@c.example")
    release_to_all(release)

    def work():
        try:
            while Delivery.objects.due().exists():
                delivery.run_lease()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(sink.messages) == 30
    assert len({mail["Message-ID"] for mail in sink.messages}) == 30
    assert set(Delivery.objects.values_list("state", "tries")) == {("sent", 1)}
