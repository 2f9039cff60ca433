"""Promises run on the park's working days, stand still while the other side must act, and are watched."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from park.workflow import calendar, clocks, tasks
from park.workflow.machine import ClockRule
from park.workflow.models import CalendarDay, Clock
from tests.factories.accounts import make_user
from tests.factories.workflow import fill_calendar, make_clock, make_holiday

pytestmark = pytest.mark.django_db
BEIJING = ZoneInfo("Asia/Shanghai")


def beijing(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def at(text: str):
    return time_machine.travel(beijing(text), tick=False)


@pytest.fixture(autouse=True)
def holidays():
    fill_calendar()


@pytest.fixture(autouse=True)
def watchers(monkeypatch):
    monkeypatch.setattr(clocks, "_watchers", {})


# --- The calendar -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-09-07 09:00", 3, "2026-09-10 17:00"),  # Monday to Thursday
        ("2026-09-07 23:30", 3, "2026-09-10 17:00"),
        ("2026-09-11 16:59", 1, "2026-09-14 17:00"),  # Friday to Monday
        ("2026-09-12 10:00", 1, "2026-09-14 17:00"),  # sent on a Saturday
        ("2026-09-18 10:00", 1, "2026-09-20 17:00"),  # Sunday the 20th makes up for the National Day
        ("2026-09-30 10:00", 2, "2026-10-09 17:00"),  # over the National Day, and Saturday the 10th works
        ("2026-09-30 10:00", 3, "2026-10-10 17:00"),
        ("2026-02-13 10:00", 1, "2026-02-14 17:00"),  # before the Spring Festival, Saturday the 14th makes up
        ("2026-02-14 10:00", 1, "2026-02-24 17:00"),
        ("2027-02-01 10:00", 5, "2027-02-12 17:00"),  # over the Spring Festival as the law has it
        ("2028-02-01 10:00", 5, "2028-02-08 17:00"),  # 2028 is not announced: weekends only
    ],
)
def test_a_deadline_falls_on_a_working_day_at_five_in_beijing(start, days, due):
    assert calendar.working_days_after(beijing(start), days) == beijing(due)


def test_the_day_is_beijings_wherever_the_clock_stands():
    sunday_in_boston = dt.datetime(2026, 9, 6, 20, 0, tzinfo=ZoneInfo("America/New_York"))  # Monday in Beijing

    assert calendar.working_days_after(sunday_in_boston, 1) == beijing("2026-09-08 17:00")


def test_working_days_are_counted_between_two_moments():
    assert calendar.working_days_between(beijing("2026-09-30 10:00"), beijing("2026-10-10 09:00")) == 3
    assert calendar.working_days_between(beijing("2026-10-10 09:00"), beijing("2026-09-30 10:00")) == -3
    assert calendar.working_days_between(beijing("2026-09-30 10:00"), beijing("2026-09-30 18:00")) == 0


def test_the_holidays_of_four_years_are_there_in_both_languages():
    spring = CalendarDay.objects.get(day=dt.date(2026, 2, 17))
    made_up = CalendarDay.objects.get(day=dt.date(2026, 10, 10))

    assert (spring.works, spring.name_en, spring.name_zh_hans) == (False, "Spring Festival", "春节")
    assert (made_up.works, made_up.name_zh_hans) == (True, "国庆节调休上班")
    assert {day.year for day in CalendarDay.objects.values_list("day", flat=True)} == {2024, 2025, 2026, 2027}


def test_a_deadline_of_many_days_asks_the_database_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar.working_days_after(beijing("2026-09-30 10:00"), 60)


# --- One clock --------------------------------------------------------------------------------------------------------
def test_a_clock_warns_at_seventy_per_cent():
    with at("2026-09-07 09:00"):
        clock = make_clock(make_user(), working_days=10)

    assert (clock.warn_at, clock.due_at) == (beijing("2026-09-16 17:00"), beijing("2026-09-20 17:00"))


def test_a_paused_clock_has_as_many_days_left_as_before():
    who = make_user()
    with at("2026-09-07 09:00"):
        make_clock(who, "reading", working_days=3)
    with at("2026-09-08 10:00"):
        clocks.pause(who, "reading")
        assert not Clock.objects.running().exists()
    with at("2026-10-08 10:00"):  # after many weeks, with holidays in between
        clock = clocks.resume(who, "reading")

    assert clock.due_at == beijing("2026-10-10 17:00")
    assert clock.paused_for == dt.timedelta(30)
    assert clock.paused_at is None


def test_a_pause_within_a_day_costs_nothing():
    who = make_user()
    with at("2026-09-07 09:00"):
        due = make_clock(who, "reading", working_days=3).due_at
    with at("2026-09-08 10:00"):
        clocks.pause(who, "reading")
    with at("2026-09-08 16:00"):
        assert clocks.resume(who, "reading").due_at == due


def test_what_was_late_before_the_pause_is_late_after_it():
    who = make_user()
    with at("2026-09-07 09:00"):
        make_clock(who, "reading", working_days=1)
    with at("2026-09-09 10:00"):
        clocks.pause(who, "reading")
        assert not Clock.objects.late().exists()
    with at("2026-09-21 10:00"):
        clocks.resume(who, "reading")
        assert Clock.objects.late().get().due_at == beijing("2026-09-08 17:00")


def test_a_clock_started_again_replaces_the_one_that_ran():
    who = make_user()
    first = make_clock(who, "reading")
    second = make_clock(who, "reading")

    assert list(Clock.objects.of(who).open()) == [second]
    first.refresh_from_db()
    assert first.stopped_at is not None


def test_pausing_and_stopping_what_does_not_run_does_nothing():
    who = make_user()

    assert (clocks.pause(who, "reading"), clocks.resume(who, "reading"), clocks.stop(who, "reading")) == (0, None, 0)


def test_the_questions_about_clocks():
    one, two, three, four = (make_user() for _ in range(4))
    with at("2026-09-07 09:00"):
        late, risky, fine = (
            make_clock(one, working_days=1),
            make_clock(two, working_days=3),
            make_clock(three, working_days=9),
        )
        paused = make_clock(four, working_days=1)
        clocks.pause(four, "screening")

    with at("2026-09-09 18:00"):
        assert list(Clock.objects.late()) == [late]
        assert list(Clock.objects.at_risk()) == [risky]
        assert list(Clock.objects.paused()) == [paused]
        assert set(Clock.objects.running()) == {late, risky, fine}
        assert set(Clock.objects.due_before(beijing("2026-09-11 00:00"))) == {late, risky}
    assert clocks.of_records(type(one), [one.pk, two.pk]) == {one.pk: [late], two.pk: [risky]}


# --- The watch --------------------------------------------------------------------------------------------------------
def test_a_clock_is_told_at_risk_once_and_late_once():
    told = []
    clocks.watch(
        "accounts.user",
        "screening",
        warned=lambda found: told.extend(("warned", clock.pk) for clock in found),
        breached=lambda found: told.extend(("late", clock.pk) for clock in found),
    )
    with at("2026-09-07 09:00"):
        clock, _other = make_clock(make_user(), working_days=3), make_clock(make_user(), "other", working_days=3)

    for moment in ("2026-09-09 16:00", "2026-09-09 17:00", "2026-09-09 18:00", "2026-09-10 17:00", "2026-09-11 09:00"):
        with at(moment):
            tasks.watch_clocks()

    assert told == [("warned", clock.pk), ("late", clock.pk)]
    assert Clock.objects.exclude(warned_at=None).exclude(breached_at=None).count() == 2


def test_a_room_that_fails_is_asked_again_and_stops_nobody(caplog):
    told, mood = [], {"ill": True}

    def fails(found):
        if mood["ill"]:
            raise RuntimeError("on fire")
        told.append("first")

    clocks.watch("accounts.user", "first", breached=fails)
    clocks.watch("accounts.user", "second", breached=lambda found: told.append("second"))
    with at("2026-09-07 09:00"):
        make_clock(make_user(), "first", working_days=1)
        make_clock(make_user(), "second", working_days=1)

    with at("2026-09-09 09:00"):
        tasks.watch_clocks()
        assert told == ["second"]
        mood["ill"] = False
        tasks.watch_clocks()

    assert told == ["second", "first"]


def test_watching_costs_the_same_for_few_and_many(django_assert_num_queries):
    def make(count, name):
        with at("2026-09-07 09:00"):
            for _ in range(count):
                make_clock(make_user(), name, working_days=1)

    make(1, "one")
    with at("2026-09-09 09:00"), django_assert_num_queries(10):
        tasks.watch_clocks()
    make(7, "seven")
    with at("2026-09-09 09:00"), django_assert_num_queries(10):
        tasks.watch_clocks()


# --- When the calendar changes ----------------------------------------------------------------------------------------
def test_a_new_holiday_moves_the_promises_that_run_over_it():
    CalendarDay.objects.filter(day__year=2027).delete()
    over, before, after, paused = (make_user() for _ in range(4))
    with at("2027-02-01 09:00"):
        make_clock(over, working_days=5)
        make_clock(before, working_days=2)
        make_clock(paused, working_days=5)
        clocks.pause(paused, "screening")
    with at("2027-02-09 09:00"):
        make_clock(after, working_days=5)

    with clocks.recounted(dt.date(2027, 2, 5)):
        make_holiday(dt.date(2027, 2, 5))

    assert {clock.object_id: clock.due_at for clock in Clock.objects.all()} == {
        over.pk: beijing("2027-02-09 17:00"),
        before.pk: beijing("2027-02-03 17:00"),
        paused.pk: beijing("2027-02-09 17:00"),
        after.pk: beijing("2027-02-16 17:00"),
    }


def test_a_clock_of_no_days_is_due_the_next_working_day():
    with at("2026-09-11 09:00"):
        clock = clocks.start(make_user(), ClockRule("now", 0))

    assert clock.due_at == beijing("2026-09-14 17:00")
    assert str(clock) == "now → 14 Sep 2026"
    assert clock.is_late == (clock.due_at <= timezone.now())
