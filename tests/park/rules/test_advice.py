"""Whoever follows the advice fits, whatever the rule."""

import random
from decimal import Decimal

from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.rules.advice import advise
from park.rules.judge import judge
from park.rules.tree import parse
from park.rules.vocabulary import Change
from tests.factories.rules import VOCABULARY, make_criterion, make_row, make_rule

from .test_agreement import trees


def followed(judgement, advice) -> dict:
    """Return a copy of the facts with the advice applied."""
    return dict(judgement.values) | advice.changes


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=trees(), seed=st.integers(0, 2**32))
def test_whoever_follows_the_advice_fits(data, seed):
    rule = parse({"version": 1, "all": [data]}, VOCABULARY)
    rng = random.Random(seed)
    for _ in range(10):
        judgement = judge(rule, make_row(rng))

        advice = advise(judgement)

        if judgement.value is True:
            assert advice is None
        if advice is not None:
            assert judge(rule, followed(judgement, advice)).verdict == "fits"
            assert all(_may_become(step) for step in advice.steps)


def _may_become(step) -> bool:
    if step.now is None or step.criterion.hard is False:
        return True
    return step.fact.change is Change.YES or (step.fact.change is Change.GROWS and step.to > step.now)


@settings(max_examples=200, deadline=None)
@given(needs=st.lists(st.sampled_from([0, 1, 2, 3, 5, 8]), min_size=1, max_size=4), staff=st.integers(0, 9))
def test_where_only_a_number_has_to_change_there_always_is_advice(needs, staff):
    low, high = min(needs), max(needs)
    rule = make_rule(
        make_criterion("company.staff", "gte", low), make_criterion("company.staff", "lte", high),
        *(make_criterion("company.rd", "gte", 0.05, when=make_criterion("company.staff", "gt", n)) for n in needs),
    )  # fmt: skip
    judgement = judge(rule, {"company_staff": staff, "company_rd": Decimal("0.01")})

    advice = advise(judgement)

    assert (advice is None) is (judgement.value is True)
    if advice is not None:
        assert judge(rule, followed(judgement, advice)).verdict == "fits"


def test_the_advice_says_by_how_much():
    rule = make_rule(make_criterion("company.staff", "gte", 5), make_criterion("company.rd", "gte", 0.03))
    judgement = judge(rule, {"company_staff": 3, "company_rd": Decimal("0.04")})

    with override("en"):
        said = [step.in_words() for step in advise(judgement).steps]

    assert said == ["Staff: 2 more, from 3 to at least 5"]


def test_what_is_settled_for_good_is_never_advised():
    rule = make_rule(make_criterion("company.revenue", "gte", 50_000_000))

    assert advise(judge(rule, {"company_revenue": Decimal(1)})) is None
    assert advise(judge(rule, {})).only_telling


def test_one_fact_that_serves_two_conditions_is_brought_to_a_value_that_serves_both():
    rule = make_rule(
        make_criterion("company.staff", "gte", 5),
        {"any": [make_criterion("company.staff", "gte", 8), make_criterion("company.listed", "is_true")]},
    )

    judgement = judge(rule, {"company_staff": 3, "company_listed": False})
    advice = advise(judgement)

    assert advice is not None
    assert judge(rule, followed(judgement, advice)).verdict == "fits"
