"""Experts are reminded by working days, each time once, and the file shows it."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from incubation.review import actions, reminding
from incubation.review.models import Reminder
from incubation.review.tasks import remind
from park.notices.models import Notice
from park.workflow.calendar import BEIJING
from tests.factories.review import bring, make_expert, make_organiser, make_review

pytestmark = pytest.mark.django_db
DUE = dt.datetime(2027, 3, 19, 17, tzinfo=BEIJING)  # a Friday
DAYS = {
    "before": dt.datetime(2027, 3, 11, 10, tzinfo=BEIJING),
    "5": dt.datetime(2027, 3, 12, 10, tzinfo=BEIJING),
    "2": dt.datetime(2027, 3, 17, 10, tzinfo=BEIJING),
    "0": dt.datetime(2027, 3, 19, 10, tzinfo=BEIJING),
    "late": dt.datetime(2027, 3, 23, 10, tzinfo=BEIJING),
    "replace": dt.datetime(2027, 3, 24, 10, tzinfo=BEIJING),
}


@pytest.fixture
def review():
    with time_machine.travel(dt.datetime(2027, 3, 5, 10, tzinfo=BEIJING), tick=False):
        made = make_review(due_at=DUE)
        other = made.file.reviews.exclude(pk=made.pk).get()
        bring(other, "sent")
    return made


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def test_three_reminders_then_a_replacement_is_suggested(review):
    organiser, fresh = make_organiser(), make_expert()
    steps = {}

    for name, moment in DAYS.items():
        with time_machine.travel(moment, tick=False):
            remind()
            remind()
        steps[name] = list(review.reminders.values_list("step", flat=True))

    assert steps == {
        "before": [], "5": ["5"], "2": ["5", "2"], "0": ["5", "2", "0"], "late": ["5", "2", "0"],
        "replace": ["5", "2", "0", "replace"],
    }  # fmt: skip
    assert told(review.expert.user) == ["round-assigned", *["review-reminder"] * 3, "review-overdue"]
    assert told(organiser)[-1] == "review-late"
    assert review.reminders.get(step="replace").suggested == fresh


def test_who_is_asked_late_gets_the_nearest_reminder_only(review):
    with time_machine.travel(DAYS["0"], tick=False):
        reminding.sweep()

    assert [each.step for each in Reminder.objects.all()] == ["0"]


def test_nobody_is_reminded_of_what_is_sent_or_given_back(review):
    with time_machine.travel(DAYS["2"], tick=False):
        bring(review, "declined")
        assert reminding.sweep() == 0


def test_reminders_stand_on_the_file_also_those_by_hand(client, review):
    with time_machine.travel(DAYS["2"], tick=False):
        reminding.sweep()
        actions.remind(review=review, by=make_organiser())
        bring(review, "open")
        client.force_login(review.expert.user)
        page = client.get(reverse("review:score", args=[review.ref])).content.decode()

    assert "2 reminders so far" in page
    assert "Two working days before" in page


def test_a_new_due_date_begins_the_reminders_again(review):
    with time_machine.travel(DAYS["5"], tick=False):
        reminding.sweep()
        later = timezone.now() + dt.timedelta(days=30)
        actions.extend(round=review.file.round, by=make_organiser(), due_at=later, note="Spring festival.")
        assert reminding.sweep() == 0

    with time_machine.travel(later - dt.timedelta(days=1), tick=False):
        assert reminding.sweep() == 1
