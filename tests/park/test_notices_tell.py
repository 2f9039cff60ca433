"""What is told, to whom and by which way: written once, in few statements, at the hour the reader wants."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.test.utils import CaptureQueriesContext

from park.accounts.models import User
from park.notices import actions, kinds, letters, schedule, tasks
from park.notices.kinds import Topic
from park.notices.models import Channel, Delivery, Frequency, MailLimit, Notice, Preference
from tests.factories.accounts import make_user
from tests.factories.notices import LETTER, RELEASE, known, make_kind

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 9, 9, 4, 0, tzinfo=dt.UTC)  # 12:00 in Beijing, a Wednesday
BEIJING = ZoneInfo("Asia/Shanghai")


def context_of(keys):
    return {key: {"title": f"Grant {key[0]}", "slug": f"grant-{key[0]}", "met": 3} for key in keys}


@pytest.fixture(autouse=True)
def quiet_hours(settings):
    settings.QUIET_HOURS = schedule.QUIET_HOURS


@pytest.fixture
def letter():
    with known(make_kind(), LETTER) as kind:
        yield kind


@pytest.fixture
def release():
    with known(make_kind(topic=Topic.POLICIES, mutable=True, load=context_of), RELEASE) as kind:
        yield kind


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def tell(kind, *people, **fields):
    return actions.tell(
        kind, recipients=people, **{"subject_id": 1, "context": {"ref": "LJ-1", "title": "Tea"}} | fields
    )


def ways() -> list[tuple]:
    return list(Delivery.objects.order_by("pk").values_list("notice__recipient__email", "channel", "state", "due_at"))


def test_a_letter_is_kept_in_the_words_of_its_reader(letter, noon):
    reader = make_user(email="zhao@talent.example", language="zh-hans")

    assert tell(letter, reader, version=2) == 1

    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.subject_id, notice.version) == (reader, letter.name, 1, 2)
    assert notice.context == {"ref": "LJ-1", "title": "Tea"}
    assert notice.letter == {
        "language": "zh-hans",
        "subject": "We have your application · LJ-1",
        "summary": "You sent Tea on 9 Sep 2026.",
        "body": "You sent Tea on 9 Sep 2026.\n\nYou do not need to do anything.",
        "action": "See where it is",
        "url": "/me/LJ-1/",
        "why": "",
        "items": [],
        "also": None,
        "leave": "",
    }
    assert ways() == [("zhao@talent.example", Channel.EMAIL, "pending", NOON)]


def test_nothing_is_told_twice(letter):
    reader, other = make_user(), make_user()

    assert tell(letter, reader, reader) == 1
    assert tell(letter, reader, other) == 1
    assert tell(letter, reader, version=2) == 1
    assert (Notice.objects.count(), Delivery.objects.count()) == (3, 3)


def test_a_doubled_notice_is_refused_by_the_table_too(letter):
    tell(letter, make_user())
    notice = Notice.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(recipient=notice.recipient, kind=notice.kind, subject_id=1, version=1)


def test_a_person_who_was_switched_off_is_told_nothing(letter):
    assert tell(letter, make_user(is_active=False)) == 0


def test_a_kind_that_no_room_registered_is_named():
    with pytest.raises(Exception, match="No room registered the notice 'rain'"):
        tell("rain", make_user())


def test_a_fault_in_a_template_does_not_stop_the_act():
    with known(make_kind(), "{% block subject %}No body{% endblock %}") as kind:
        assert tell(kind, make_user()) == 1

    assert Notice.objects.get().letter is None
    assert Delivery.objects.get().state == "pending"


# --- Many -------------------------------------------------------------------------------------------------------------
def statements_for(release, people: int) -> int:
    User.objects.bulk_create([User(email=f"many{nth}@company.example") for nth in range(people)])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        told = actions.tell_set(release, recipients=User.objects.filter(email__startswith="many"), subject_id=7)
    assert (told, Notice.objects.count(), Delivery.objects.count()) == (people, people, people)
    return len(asked)


def test_telling_a_thousand_costs_the_statements_of_telling_one(release):
    with transaction.atomic():
        one = statements_for(release, 1)
        transaction.set_rollback(True)

    assert (one, statements_for(release, 1000)) == (2, 2)


def test_a_release_that_is_run_again_adds_only_whom_it_missed(release):
    first, _second = make_user(), make_user()

    assert actions.tell_set(release, recipients=User.objects.filter(pk=first.pk), subject_id=7) == 1
    assert actions.tell_set(release, recipients=User.objects.all(), subject_id=7) == 1
    assert actions.tell_set(release, recipients=User.objects.all(), subject_id=7) == 0
    assert Notice.objects.filter(context__isnull=True, letter__isnull=True).count() == Delivery.objects.count() == 2
    assert len({each.number for each in Delivery.objects.all()}) == 2


def test_a_set_may_be_one_column_of_ids_of_any_table(release):
    reader = make_user()
    Preference.objects.create(user=reader, topic=Topic.EVENTS, channel=Channel.EMAIL)

    assert actions.tell_set(release, recipients=Preference.objects.values("user_id"), subject_id=7) == 1
    assert actions.tell_set(release, recipients=User.objects.none(), subject_id=8) == 0
    assert actions.tell_set(release, recipients=User.objects.filter(pk__in=[]), subject_id=8) == 0


def test_a_replay_after_a_change_of_mind_mails_nothing_old(release):
    reader = make_user()
    wish = Preference.objects.create(user=reader, topic=Topic.POLICIES, channel=Channel.EMAIL, frequency="never")
    actions.tell_set(release, recipients=User.objects.all(), subject_id=7)
    wish.delete()

    actions.tell_set(release, recipients=User.objects.all(), subject_id=7)

    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 0)


def test_a_letter_is_not_told_to_a_set(letter):
    with pytest.raises(TypeError):
        actions.tell_set(letter, recipients=User.objects.all(), subject_id=1)


# --- When -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zone", "local", "goes"),
    [
        ("Asia/Shanghai", "2026-09-09 21:59", "2026-09-09 21:59"),
        ("Asia/Shanghai", "2026-09-09 22:00", "2026-09-10 07:00"),
        ("Asia/Shanghai", "2026-09-10 06:59", "2026-09-10 07:00"),
        ("Asia/Shanghai", "2026-09-10 07:00", "2026-09-10 07:00"),
        ("Europe/Berlin", "2026-10-24 23:30", "2026-10-25 07:00"),  # the night in which the clocks go back
        ("America/New_York", "2026-12-31 22:30", "2027-01-01 07:00"),
    ],
)
def test_a_mail_waits_for_the_end_of_the_readers_night(zone, local, goes):
    now, expected = (
        dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC) for text in (local, goes)
    )

    assert schedule.dues(now, zone, at_night=False).at_once == expected
    assert schedule.dues(now, zone, at_night=True).at_once == now


def test_a_digest_comes_at_eight_in_the_readers_morning():
    at_seven, at_eight = (dt.datetime(2026, 9, 9, hour, tzinfo=BEIJING) for hour in (7, 8))

    assert schedule.dues(at_seven, "Asia/Shanghai", at_night=False).daily == at_eight
    assert schedule.dues(at_eight, "Asia/Shanghai", at_night=False).daily == at_eight + dt.timedelta(1)
    monday = dt.datetime(2026, 9, 14, 8, tzinfo=BEIJING)
    assert schedule.dues(at_eight, "Asia/Shanghai", at_night=False).weekly == monday
    assert schedule.dues(monday, "Asia/Shanghai", at_night=False).weekly == monday + dt.timedelta(7)


def test_a_zone_that_nobody_knows_counts_as_beijing(release, noon):
    make_user(email="lost@talent.example", time_zone="Mars/Olympus")

    actions.tell_set(release, recipients=User.objects.all(), subject_id=7)

    assert ways() == [("lost@talent.example", "email", "pending", NOON)]


def test_everyone_hears_as_often_as_they_asked(release, noon):
    berlin = "Europe/Berlin"  # six in the morning
    for name, zone, frequency in (
        ("a", "Asia/Shanghai", None),
        ("b", berlin, None),
        ("c", "Asia/Shanghai", Frequency.DAILY),
        ("d", "Asia/Shanghai", Frequency.WEEKLY),
        ("e", "Asia/Shanghai", Frequency.NEVER),
    ):
        reader = make_user(email=f"{name}@talent.example", time_zone=zone)
        if frequency:
            Preference.objects.create(user=reader, topic=Topic.POLICIES, channel="email", frequency=frequency)

    assert actions.tell_set(release, recipients=User.objects.all(), subject_id=7) == 5

    assert sorted(ways()) == [
        ("a@talent.example", "email", "pending", NOON),
        ("b@talent.example", "email", "pending", dt.datetime(2026, 9, 9, 5, tzinfo=dt.UTC)),
        ("c@talent.example", "email", "held", dt.datetime(2026, 9, 10, 0, tzinfo=dt.UTC)),
        ("d@talent.example", "email", "held", dt.datetime(2026, 9, 14, 0, tzinfo=dt.UTC)),
    ]
    assert Notice.objects.unread().count() == 5


def test_what_cannot_be_muted_is_not_muted(letter, noon):
    reader = make_user(email="a@talent.example")
    Preference.objects.create(user=reader, topic=letter.topic, channel="email", frequency="never")

    tell(letter, reader)

    assert ways() == [("a@talent.example", "email", "pending", NOON)]


def test_a_deadline_within_hours_does_not_wait_for_the_morning():
    midnight = dt.datetime(2026, 9, 9, 0, 30, tzinfo=BEIJING)
    reader = make_user()
    with known(make_kind(topic=Topic.DEADLINES), LETTER) as kind, time_machine.travel(midnight, tick=False):
        tell(kind, reader)
        tell(kind, reader, version=2, urgent=True)

    assert [due for *_, due in ways()] == [midnight + dt.timedelta(hours=6, minutes=30), midnight]


def test_deadlines_and_security_are_never_mutable():
    assert [make_kind(topic=topic, mutable=True).mutable for topic in kinds.NEVER_MUTED] == [False, False]


def test_who_hears_a_dozen_times_a_day_gets_the_rest_in_one_mail(release, noon):
    make_user()

    for subject in range(MailLimit.MOST + 2):
        actions.tell_set(release, recipients=User.objects.all(), subject_id=subject)

    assert [state for _, _, state, _ in ways()] == ["pending"] * MailLimit.MOST + ["held"] * 2


def test_a_kind_without_mail_makes_no_delivery():
    with known(make_kind(channels=(Channel.IN_APP,)), LETTER) as kind:
        assert tell(kind, make_user()) == 1

    assert (Notice.objects.unread().count(), Delivery.objects.count()) == (1, 0)


def test_many_notices_in_one_act_nudge_once(letter, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as after, transaction.atomic():
        tell(letter, make_user())
        tell(letter, make_user())

    assert after == [tasks.nudge]


# --- The kinds of the whole house -------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", kinds.registered(), ids=lambda kind: kind.name)
def test_every_kind_that_a_room_registers_has_its_words(kind):
    blocks = {node.name for node in get_template(kind.template).template.nodelist.get_nodes_by_type(BlockNode)}

    assert {"subject", "body"} <= blocks <= set(letters.PARTS)
