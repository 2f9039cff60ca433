"""Long random walks: whatever is pressed in whatever order, the tables and the database hold."""

import random
from collections import Counter

import pytest

from incubation.review import actions, states
from incubation.review.models import Recusal, Review, Round
from park.workflow.actions import MoveRefused
from park.workflow.models import Clock
from tests.factories.review import GOOD, make_chair, make_expert, make_organiser, make_scoring_round, typed

KINDS = ["rival", "coauthor", "employer"]


@pytest.mark.parametrize("machine", [states.ROUND, states.REVIEW], ids=lambda machine: machine.name)
def test_ten_thousand_random_steps_never_leave_the_table(machine):
    rng, state, seen = random.Random(5), machine.initials[0], set()
    names = [move.name for move in machine.moves if move.origins]
    for _step in range(20_000):
        move = machine.find(rng.choice(names))
        if state in move.origins:
            state = move.leads_to(state)
        seen.add(state)
        if state in machine.finals:
            assert machine.moves_from(state) == ()
            state = machine.initials[0]

    assert seen == {str(value) for value in machine.states.values}


@pytest.mark.django_db
def test_a_random_walk_of_real_acts_keeps_every_promise_of_a_round():
    """Experts, officers and the chair press what they like; refusals are sentences, never faults of the database."""
    rng, done = random.Random(3), Counter()
    round = make_scoring_round(files=3, experts=5, experts_per_file=3, minimum=2, files_per_expert=3)
    organiser, chair = make_organiser(), make_chair()
    for _more in range(2):
        make_expert()

    def press(review):
        by = review.expert.user
        return {
            "declare": lambda: actions.declare(review=review, by=by),
            "recuse": lambda: actions.recuse(review=review, by=by, kind=rng.choice(KINDS)),
            "decline": lambda: actions.decline(review=review, by=by, note="No time."),
            "save": lambda: actions.save_scores(
                review=review, by=by, scores=typed({key: rng.randint(0, 5) for key in GOOD})
            ),
            "send": lambda: actions.send(review=review, by=by),
            "reopen": lambda: actions.reopen(review=review, by=by),
            "replace": lambda: actions.replace(review=review, by=organiser),
            "panel": lambda: actions.call_panel(round=Round.objects.get(pk=round.pk), by=chair),
        }

    usual = ["declare", "save", "send"]
    for _step in range(160):
        reviews = list(Review.objects.filter(file__round=round).select_related("expert__user", "file__round"))
        acts = press(rng.choice(reviews))
        name = rng.choice(usual if rng.random() < 0.6 else list(acts))
        try:
            acts[name]()
            done[name] += 1
        except MoveRefused as refusal:
            assert str(refusal)

        live = Review.objects.live().filter(file__round=round)
        aside = set(Recusal.objects.values_list("expert", "application"))
        assert not aside & set(live.values_list("expert", "file__application"))
        loads = Counter(live.values_list("expert", flat=True))
        assert not loads or max(loads.values()) <= round.files_per_expert
        assert max(Counter(live.values_list("file", flat=True)).values(), default=0) <= round.experts_per_file

    assert len(done) >= 6
    over = Review.objects.filter(file__round=round).exclude(state__in=states.WAITING)
    assert not Clock.objects.open().of_all(Review, over.values("pk")).exists()
