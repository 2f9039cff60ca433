"""Two people at the same moment: one effect, and the other learns what is true."""

import datetime as dt

import pytest
from django.utils import timezone

from incubation.review import actions
from incubation.review.models import Recusal, Reminder, Review, RoundFile, Sheet
from incubation.review.reminding import sweep
from tests.factories.review import bring, make_expert, make_organiser, make_scoring_round, score, typed
from tests.factories.workflow import fill_calendar
from tests.incubation.test_intake_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = {"innovation": 4, "market": 4, "commercial": 4, "team": 4}


@pytest.fixture(autouse=True)
def calendar():
    fill_calendar()


def fresh(model, pk):
    return model.objects.get(pk=pk)


def test_of_a_recusal_and_an_assignment_at_once_no_expert_keeps_both():
    round = make_scoring_round(files=1, experts=2)
    file, spare, organiser = round.files.get(), make_expert(), make_organiser()
    bring(file.reviews.first(), "declined")

    ends = at_once(
        lambda: actions.assign_one(file=fresh(RoundFile, file.pk), expert=spare, by=organiser),
        lambda: actions.record_recusal(
            expert=spare, application=file.application, kind="rival", note="Same tender.", by=organiser
        ),
    )

    live = Review.objects.live().filter(expert=spare).exists()
    assert live != Recusal.objects.filter(expert=spare).exists()
    assert ends.count("") in (1, 2)


def test_of_two_sendings_at_once_one_sheet_is_made():
    round = make_scoring_round(files=1)
    review = bring(round.files.get().reviews.first(), "open")
    by = review.expert.user
    actions.save_scores(review=review, scores=typed(GOOD), by=by)

    ends = at_once(*[lambda: actions.send(review=fresh(Review, review.pk), by=by) for _each in range(2)])

    assert ends.count("") == 1
    assert Sheet.objects.count() == 1


def test_the_last_two_reviews_at_once_close_the_file_once():
    round = make_scoring_round(files=1)
    reviews = list(round.files.get().reviews.all())
    for review in reviews:
        bring(review, "open")

    ends = at_once(*[lambda r=review: score(fresh(Review, r.pk), GOOD) for review in reviews])

    assert ends == ["", ""]
    file = round.files.get()
    assert file.closed_at is not None
    assert file.application.state == "panel_ready"


def test_two_sweeps_at_once_remind_once():
    make_scoring_round(files=1, due_at=timezone.now() + dt.timedelta(hours=20))

    at_once(sweep, sweep)

    assert Reminder.objects.count() == 2  # one for each of the two experts
