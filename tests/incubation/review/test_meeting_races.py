"""Two people in a meeting at the same moment: one effect, and the other learns what is true."""

import pytest

from incubation.intake.models import Decision
from incubation.review import actions, sealed
from incubation.review.models import AgendaItem, Attendance
from tests.factories.meetings import make_item, seats
from tests.factories.review import GOOD
from tests.factories.workflow import fill_calendar
from tests.incubation.test_intake_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def calendar():
    fill_calendar()


def fresh(item: AgendaItem) -> AgendaItem:
    return AgendaItem.objects.get(pk=item.pk)


def test_of_two_proposals_at_once_one_is_made_and_the_other_reads_why():
    item = make_item("resolved", files=1)

    ends = at_once(*[
        lambda: actions.propose_result(item=fresh(item), by=item.meeting.chair) for _each in range(2)
    ])  # fmt: skip

    assert sorted(end == "" for end in ends) == [False, True]
    assert Decision.objects.count() == 1
    assert fresh(item).state == "proposed"


def test_the_last_two_scores_at_once_show_all_of_them():
    item = make_item("scoring", files=1)
    one, *others = seats(item.meeting)
    actions.score_live(item=item, by=one.expert.user, scores=GOOD)

    ends = at_once(*[
        lambda seat=seat: actions.score_live(item=fresh(item), by=seat.expert.user, scores=GOOD) for seat in others
    ])  # fmt: skip

    assert ends == ["", ""]
    assert (fresh(item).state, len(sealed.live_scores(item))) == ("discussion", 3)


def test_of_the_last_vote_and_the_end_of_the_vote_at_once_the_result_counts_what_was_in():
    item = make_item("discussion", files=1)
    actions.open_vote(item=item, by=item.meeting.chair)
    *early, late = seats(item.meeting)
    for seat in early:
        actions.vote(item=item, by=seat.expert.user, choice="recommend")

    at_once(
        lambda: actions.vote(item=fresh(item), by=late.expert.user, choice="no"),
        lambda: actions.close_vote(item=fresh(item), by=item.meeting.chair),
    )

    assert fresh(item).result == "recommend"
    assert sealed.ballots(item).total() in (2, 3)


def test_who_is_marked_as_present_by_two_at_once_is_there_once():
    item = make_item("waiting", files=1)
    seat = seats(item.meeting)[0]
    actions.attend(seat=seat, by=seat.expert.user, came=False)

    at_once(*[lambda by=by: actions.attend(seat=seat, by=by, came=True)
              for by in (seat.expert.user, item.meeting.secretary)])  # fmt: skip

    assert Attendance.objects.filter(seat=seat, left_at=None).count() == 1
