"""Mean, spread, leave-one-out, strictness: beside the raw rank, which stays what it is."""

from decimal import Decimal

import pytest

from incubation.review import aggregates
from tests.factories.review import bring, make_scoring_round

pytestmark = pytest.mark.django_db
FAIR = {"innovation": 3, "market": 3, "commercial": 3, "team": 3}  # 60
GOOD = {"innovation": 4, "market": 4, "commercial": 4, "team": 4}  # 80
POOR = {"innovation": 1, "market": 1, "commercial": 1, "team": 1}  # 20


@pytest.fixture
def round():
    """Two files, read by the same two experts; the first of them is strict."""
    made = make_scoring_round(files=2)
    strict = min(review.expert_id for file in made.files.all() for review in file.reviews.all())
    one, two = made.files.order_by("code")
    for file, severe, mild in ((one, FAIR, GOOD), (two, POOR, GOOD | {"innovation": 5})):
        for review in file.reviews.all():
            bring(review, "sent", severe if review.expert_id == strict else mild)
    return made


def test_figures_of_a_round(round):
    found = aggregates.results(round)

    one, two = found.rows
    assert (one.mean, one.spread, one.rank, one.shift) == (Decimal(70), Decimal(20), 1, Decimal(10))
    assert (two.mean, two.spread, two.rank) == (Decimal("53.5"), Decimal(67), 2)
    assert one.rank_without == (1, 1)
    assert two.rank_without == (1, 2)  # without the strict one it would lead
    assert [str(each.lean) for each in found.experts] == ["-43.5", "43.5"]
    assert [row.file.code for row in found.ranked] == [one.file.code, two.file.code]


def test_strictness_is_shown_beside_the_rank_and_never_moves_it(round):
    before = [(row.file.code, row.rank) for row in aggregates.results(round).ranked]
    rows = aggregates.results(round).rows

    assert [row.shown["adjusted"] for row in rows] == [Decimal("70.0"), Decimal("53.5")]
    assert before == [(row.file.code, row.rank) for row in rows]


def test_a_veto_is_shown(round):
    file = round.files.order_by("code").first()
    other = make_scoring_round(files=1)
    for review in other.files.get().reviews.all():
        bring(review, "sent", GOOD | {"innovation": 0})

    assert aggregates.results(other).rows[0].vetoes == ["Innovation capability"]
    assert next(row for row in aggregates.results(round).rows if row.file == file).vetoes == []


def test_what_is_not_all_in_shows_no_figure():
    round = make_scoring_round(files=1)
    bring(round.files.get().reviews.first(), "sent")

    row = aggregates.results(round, only_closed=True).rows[0]

    assert (row.mean, row.rank, row.asked) == (None, None, 2)


def test_who_stepped_aside_is_left_out_of_the_mean():
    round = make_scoring_round(files=1, experts=3, experts_per_file=3, minimum=2)
    reviews = list(round.files.get().reviews.order_by("pk"))
    for review, scores in zip(reviews, (GOOD, GOOD, POOR), strict=True):
        bring(review, "sent", scores)
    bring(reviews[2], "recused")

    assert aggregates.results(round).rows[0].mean == Decimal(80)


def test_the_figures_cost_the_same_for_more_files(round, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        aggregates.results(round)
