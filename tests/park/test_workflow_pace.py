"""Real times beside promises: working days, without the other side's time, without cases that say nothing."""

import datetime as dt
from statistics import median, quantiles
from zoneinfo import ZoneInfo

import pytest
import time_machine

from park.accounts.models import User
from park.workflow import clocks
from park.workflow.calendar import working_days_between
from park.workflow.models import Clock
from park.workflow.pace import FEW, paces
from tests.factories.accounts import make_user
from tests.factories.workflow import fill_calendar, make_clock

pytestmark = pytest.mark.django_db
BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def spring():
    fill_calendar()
    with time_machine.travel(dt.datetime(2026, 6, 1, tzinfo=BEIJING)):
        yield


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def finish(began: str, ended: str, *pauses: tuple[str, str], days: int = 3, language: str = "en") -> Clock:
    """A clock that ran, stood still while the other side had to act, and was stopped."""
    user = make_user(language=language)
    make_clock(user, working_days=days, started_at=at(began))
    for first, last in pauses:
        clocks.pause(user, "screening", at=at(first))
        clocks.resume(user, "screening", at=at(last))
    clocks.stop(user, "screening", at=at(ended))
    return Clock.objects.get(object_id=user.pk)


def everybody(**fields):
    return paces(User.objects.filter(**fields), ["screening"], "language")


def test_middle_and_nine_in_ten_are_those_of_the_working_days():
    spans = [("2026-03-02 10:00", f"2026-03-{day:02} 12:00") for day in (2, 3, 4, 5, 6, 9, 10, 13, 20, 31)]
    for began, ended in spans:
        finish(began, ended)

    days = [working_days_between(at(began), at(ended)) for began, ended in spans]
    pace = everybody()["screening", None]
    assert (pace.cases, pace.promised) == (10, 3)
    assert pace.middle == median(days)
    assert pace.nine_in_ten == round(quantiles(days, n=10, method="inclusive")[-1], 1)


def test_holidays_and_the_time_in_which_the_other_side_must_act_do_not_count():
    for _each in range(FEW):
        finish("2026-04-30 10:00", "2026-05-07 10:00")  # Labour Day, the 9th makes up
    assert everybody()["screening", None].middle == working_days_between(at("2026-04-30 10:00"), at("2026-05-07 10:00"))
    User.objects.update(language="zh-hans")
    for _each in range(FEW):
        finish("2026-03-02 10:00", "2026-03-20 12:00", ("2026-03-03 10:00", "2026-03-19 10:00"))  # in time
    assert everybody(language="en")["screening", None].middle == 2


def test_a_pause_that_came_too_late_is_taken_off_as_well():
    for _each in range(FEW):
        finish("2026-03-02 10:00", "2026-03-24 12:00", ("2026-03-10 10:00", "2026-03-24 10:00"))

    assert everybody()["screening", None].middle == 6  # asked after six days, which was late already


def test_a_clock_that_ended_while_it_stood_ended_when_it_stopped_running():
    for _each in range(FEW):
        user = make_user()
        make_clock(user, started_at=at("2026-03-02 10:00"))
        clocks.pause(user, "screening", at=at("2026-03-03 10:00"))
        clocks.stop(user, "screening", at=at("2026-05-20 10:00"))

    assert everybody()["screening", None].middle == 1


def test_few_cases_old_ones_and_those_left_out_say_nothing():
    for _each in range(FEW - 1):
        finish("2026-03-02 10:00", "2026-03-04 12:00")
    assert everybody() == {}
    finish("2026-03-02 10:00", "2026-03-04 12:00", language="zh-hans")
    finish("2024-03-04 10:00", "2024-03-06 12:00")

    found = everybody()

    assert {key: pace.cases for key, pace in found.items()} == {("screening", None): FEW}
    assert everybody(language="en") == {}


def test_each_place_has_its_own_pace():
    for _each in range(FEW):
        finish("2026-03-02 10:00", "2026-03-03 12:00")
        finish("2026-03-02 10:00", "2026-03-06 12:00", language="zh-hans")

    found = everybody()

    assert {key: pace.middle for key, pace in found.items()} == {
        ("screening", "en"): 1, ("screening", "zh-hans"): 4, ("screening", None): 2.5,
    }  # fmt: skip
