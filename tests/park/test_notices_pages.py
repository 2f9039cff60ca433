"""The inbox, what we send, the way out of a mail, and what staff and operators see of the outbox."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from park.accounts.models import User
from park.notices import actions, health, mails
from park.notices.context import unread
from park.notices.kinds import Topic
from park.notices.models import Channel, Delivery, DeliveryState, Notice, Preference
from tests.factories.accounts import make_staff, make_user
from tests.factories.notices import LETTER, RELEASE, known, make_delivery, make_kind, make_notice

pytestmark = pytest.mark.django_db
INBOX = "/me/notifications/"
CHOICES = "/me/settings/notices/"


def context_of(keys):
    return {key: {"title": f"Grant {key[0]}", "slug": f"grant-{key[0]}", "met": 3} for key in keys}


@pytest.fixture
def letter():
    with known(make_kind(), LETTER) as kind:
        yield kind


@pytest.fixture
def release():
    with known(make_kind(topic=Topic.POLICIES, mutable=True, load=context_of), RELEASE) as kind:
        yield kind


@pytest.fixture
def reader(client):
    user = make_user(email="zhao@talent.example")
    client.force_login(user)
    return user


def tell(kind, *people, **fields):
    return actions.tell(
        kind, recipients=people, **{"subject_id": 1, "context": {"ref": "LJ-1", "title": "Tea"}} | fields
    )


# --- The inbox --------------------------------------------------------------------------------------------------------
def test_the_inbox_shows_what_was_told_newest_first(client, reader, letter, release):
    tell(letter, reader)
    actions.tell_set(release, recipients=User.objects.all(), subject_id=7)
    tell(letter, make_user(), context={"ref": "LJ-2", "title": "Somebody else's"})

    answer = client.get(INBOX)

    assert [row["letter"].subject for row in answer.context["rows"]] == [
        "A policy may fit you: Grant 7",
        "We have your application · LJ-1",
    ]
    assert answer.context["new"] == 2
    assert b"You meet 3 conditions of Grant 7." in answer.content


def test_an_empty_inbox_says_what_it_is_for(client, reader):
    assert b"No notices yet" in client.get(INBOX).content


def test_the_inbox_asks_as_much_for_many_as_for_one(client, reader, letter, release, django_assert_max_num_queries):
    def asked():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            client.get(INBOX)
        return len(queries)

    for subject in range(2):
        actions.tell_set(release, recipients=User.objects.all(), subject_id=subject)
        tell(letter, reader, subject_id=subject)
    few = asked()
    for subject in range(2, 12):
        actions.tell_set(release, recipients=User.objects.all(), subject_id=subject)
        tell(letter, reader, subject_id=subject)

    assert asked() - few <= 1  # the pager counts pages; nothing is asked a notice


def test_the_inbox_can_be_narrowed_and_turned(client, reader, letter, release):
    for subject in range(25):
        tell(letter, reader, subject_id=subject)
    actions.tell_set(release, recipients=User.objects.all(), subject_id=7)
    Notice.objects.filter(kind=letter.name).update(read_at=timezone.now())

    assert len(client.get(INBOX).context["rows"]) == 20
    assert len(client.get(INBOX, {"page": "2"}).context["rows"]) == 6
    assert len(client.get(INBOX, {"show": "new"}).context["rows"]) == 1
    assert len(client.get(INBOX, {"topic": "policies"}).context["rows"]) == 1
    assert len(client.get(INBOX, {"topic": "events"}).context["rows"]) == 0
    assert len(client.get(INBOX, {"topic": "<script>", "page": "x"}).context["rows"]) == 20


def test_opening_a_notice_marks_it_read_and_leads_on(client, reader, letter):
    tell(letter, reader)
    notice = Notice.objects.get()

    assert client.get(f"{INBOX}{notice.pk}/").status_code == 405
    answer = client.post(f"{INBOX}{notice.pk}/")

    assert (answer.status_code, answer.url) == (302, "/me/LJ-1/")
    notice.refresh_from_db()
    first = notice.read_at
    client.post(f"{INBOX}{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at == first is not None


def test_a_notice_of_somebody_else_does_not_exist(client, reader, letter):
    tell(letter, make_user())

    assert client.post(f"{INBOX}{Notice.objects.get().pk}/").status_code == 404
    assert Notice.objects.get().read_at is None


def test_everything_can_be_read_at_once(client, reader, letter):
    tell(letter, reader, make_user())

    client.post(f"{INBOX}read/")

    assert list(Notice.objects.unread().values_list("recipient__email", flat=True)) != ["zhao@talent.example"]
    assert Notice.objects.unread().count() == 1


def test_a_letter_keeps_its_language_on_the_page(client, reader, letter):
    tell(letter, reader)

    page = client.get("/zh-hans" + INBOX).content.decode()

    assert 'lang="en">We have your application' in page


def test_the_bell_counts_what_is_new(rf, reader, letter):
    tell(letter, reader)
    request = rf.get("/")
    request.user = reader

    assert unread(request) == {"unread": 1, "notices_url": INBOX}


def test_strangers_are_asked_to_sign_in(client):
    for path in (INBOX, CHOICES):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={path}")


# --- What we send -----------------------------------------------------------------------------------------------------
def test_a_person_chooses_how_often_topic_by_topic(client, reader, release):
    page = client.get(CHOICES).content.decode()
    assert "Decisions, deadlines, security and what changes your own case cannot be turned off." in page

    answer = client.post(
        CHOICES, dict.fromkeys(client.get(CHOICES).context["form"].fields, "at_once") | {"policies": "daily"}
    )

    assert answer.status_code == 302
    assert Preference.objects.get(user=reader, topic="policies").frequency == "daily"
    assert client.get(CHOICES).context["form"]["policies"].value() == "daily"

    client.post(CHOICES, dict.fromkeys(client.get(CHOICES).context["form"].fields, "at_once") | {"policies": "never"})
    assert Preference.objects.get(user=reader, topic="policies").frequency == "never"


def test_what_is_no_frequency_is_refused(client, reader, release):
    assert client.post(CHOICES, {"policies": "hourly"}).status_code == 422
    assert not Preference.objects.exists()


def test_what_cannot_be_muted_is_not_asked_about(client, reader, letter):
    assert not {"applications", "deadlines", "security"} & {
        topic for topic in client.get(CHOICES).context["form"].fields if topic in ("deadlines", "security")
    }


def test_one_click_of_a_mail_program_turns_a_topic_down(reader, client):
    client.logout()
    path = f"/notices/unsubscribe/{mails.unsubscribe_token(reader.pk, 'policies')}/"

    page = client.get(path)
    assert (page.status_code, Preference.objects.count()) == (200, 0)
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    kept = Preference.objects.get()
    assert (kept.user, kept.topic, kept.channel, kept.frequency) == (reader, "policies", Channel.EMAIL, "never")


def test_a_way_out_that_was_tampered_with_leads_nowhere(reader, client):
    token = mails.unsubscribe_token(reader.pk, "policies")

    for wrong in (
        token[:-1],
        token.replace("policies", "security"),
        "x",
        f"{make_user().pk}{token[len(str(reader.pk)) :]}",
    ):
        assert client.post(f"/notices/unsubscribe/{wrong}/").status_code == 404
    assert not Preference.objects.exists()


# --- Staff and operators ----------------------------------------------------------------------------------------------
def some_deliveries(kind) -> None:
    for state in ("sent", "pending", "failed", "dead", "held"):
        make_delivery(make_notice(kind), state=state, due_at=timezone.now() - dt.timedelta(hours=1))


def outbox(*words) -> dict:
    out = StringIO()
    call_command("outbox", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_operator_sees_what_waits_and_since_when(letter):
    some_deliveries(letter)

    told = outbox("status")

    assert told["notices"] == 5
    assert told["channels"]["in_app"] == {"unread": 5, "read": 0}
    assert told["channels"]["email"] == {
        "held": 1, "pending": 1, "sending": 0, "sent": 1, "failed": 1, "dead": 1, "cancelled": 0
    }  # fmt: skip
    assert told["oldest_due"] == Delivery.objects.get(state="pending").due_at.isoformat()


def test_the_operator_reads_it_in_words_too(letter):
    some_deliveries(letter)
    out = StringIO()

    call_command("outbox", "status", stdout=out)

    assert out.getvalue().splitlines()[:2] == [
        "in_app: 5 unread",
        "email: 1 held, 1 pending, 1 sent, 1 failed, 1 dead",
    ]


def test_what_failed_is_sent_again_under_the_same_id(letter):
    some_deliveries(letter)
    before = {each.pk: each.number for each in Delivery.objects.all()}

    assert outbox("retry", "--state", "dead") == {"retried": 1}
    assert outbox("retry", "--kind", letter.name) == {"retried": 1}
    assert outbox("retry") == {"retried": 0}
    assert Delivery.objects.filter(state=DeliveryState.PENDING, tries=0).count() == 3
    assert {each.pk: each.number for each in Delivery.objects.all()} == before


def test_what_waits_is_cancelled_only_if_the_operator_says_what(letter):
    some_deliveries(letter)

    with pytest.raises(CommandError):
        outbox("cancel")
    assert outbox("cancel", "--all", "--reason", "a test release") == {"cancelled": 2}
    assert outbox("cancel", "--all") == {"cancelled": 0}
    assert Delivery.objects.filter(state="cancelled", last_error="a test release").count() == 2


def test_mail_that_waits_for_a_quarter_of_an_hour_is_a_delay(letter):
    delivery = make_delivery(make_notice(letter), due_at=timezone.now() - dt.timedelta(minutes=14))
    assert health.oldest_due() == ("notices", "ok", "")

    since = timezone.now() - dt.timedelta(minutes=16)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=since)
    late = ("notices", "degraded", f"waiting since {since:%Y-%m-%dT%H:%MZ}")
    assert health.oldest_due() == late

    gone = timezone.now() - dt.timedelta(minutes=20)
    Delivery.objects.update(state="sending", lease_until=gone)  # the worker that took it died
    assert health.oldest_due() == late


def test_staff_read_the_outbox_but_no_letters(client, letter):
    officer = make_staff("notices.view_notice", "notices.view_delivery")
    client.force_login(officer)
    tell(letter, make_user(email="zhao@talent.example"), context={"ref": "LJ-1", "title": "Secret tea"})

    notices, deliveries = reverse("admin:notices_notice_changelist"), reverse("admin:notices_delivery_changelist")
    assert client.get(notices).status_code == 200
    assert b"zhao@talent.example" in client.get(deliveries).content
    shown = client.get(reverse("admin:notices_notice_change", args=[Notice.objects.get().pk]))
    assert (shown.status_code, b"Secret tea" in shown.content) == (200, False)
    assert client.get(reverse("admin:notices_notice_add")).status_code == 403


def test_only_who_may_sends_again_or_never(client, letter):
    some_deliveries(letter)
    changelist = reverse("admin:notices_delivery_changelist")
    chosen = {"_selected_action": list(Delivery.objects.values_list("pk", flat=True))}

    client.force_login(make_staff("notices.view_delivery"))
    client.post(changelist, {"action": "send_again", **chosen})
    assert Delivery.objects.troubled().count() == 2

    client.force_login(make_staff("notices.view_delivery", "notices.change_delivery"))
    client.post(changelist, {"action": "send_again", **chosen})
    assert Delivery.objects.troubled().count() == 0
    client.post(changelist, {"action": "never_send", **chosen})
    assert Delivery.objects.filter(state="cancelled").count() == 4
