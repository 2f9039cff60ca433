"""What a rule says of one subject, construct by construct; the database is asked the same in test_agreement."""

from decimal import Decimal

import pytest

from park.rules.judge import compile_python, judge, states
from park.rules.states import State, Verdict
from park.rules.tree import parse
from tests.factories.rules import VOCABULARY, make_criterion, make_rule

STAFF = make_criterion("company.staff", "gte", 3)
LISTED = make_criterion("company.listed", "is_true")
RD = make_criterion("company.rd", "gte", 0.05)
ABROAD = make_criterion("company.abroad", "gte", 50)
BANDS = [
    make_criterion("company.rd", "gte", 0.05, when=[make_criterion("company.revenue", "lte", 50_000_000)]),
    make_criterion(
        "company.rd",
        "gte",
        0.03,
        when=[
            make_criterion("company.revenue", "gt", 50_000_000),
            make_criterion("company.revenue", "lte", 200_000_000),
        ],
    ),
]


def found(rule, **facts) -> list[State]:
    return [result.state for result in judge(rule, {f"company_{key}": value for key, value in facts.items()}).criteria]


def said(rule, **facts) -> bool | None:
    return judge(rule, {f"company_{key}": value for key, value in facts.items()}).value


@pytest.mark.parametrize(
    ("op", "value", "actual", "state"),
    [
        ("gte", 3, 3, State.MET),
        ("gt", 3, 3, State.NOT_MET),
        ("lte", 3, 3, State.MET),
        ("lt", 3, 3, State.NOT_MET),
        ("eq", 3, 3, State.MET),
        ("ne", 3, 3, State.NOT_MET),
        ("in", [1, 3], 3, State.MET),
        ("not_in", [1, 3], 3, State.NOT_MET),
        ("between", [3, 5], 3, State.MET),
        ("between", [3, 5], 5, State.MET),
        ("between", [3, 5], 6, State.NOT_MET),
    ],
)
def test_every_comparison_counts_its_bounds(op, value, actual, state):
    assert found(make_rule(make_criterion("company.staff", op, value)), staff=actual) == [state]


@pytest.mark.parametrize("op", ["eq", "ne", "gt", "lt"])
def test_what_is_not_known_is_never_not_met(op):
    assert found(make_rule(make_criterion("company.staff", op, 3)), staff=None) == [State.UNKNOWN]


@pytest.mark.parametrize("op", ["in", "not_in"])
def test_a_list_says_nothing_of_what_is_not_known(op):
    assert found(make_rule(make_criterion("company.field", op, ["bio"]))) == [State.UNKNOWN]


def test_a_place_within_a_place_counts_as_both():
    area = make_rule(make_criterion("company.zone", "eq", "area"))
    tech = make_rule(make_criterion("company.zone", "eq", "tech"))
    outside = make_rule(make_criterion("company.zone", "ne", "area"))

    assert [said(rule, zone="tech") for rule in (area, tech, outside)] == [True, True, False]
    assert [said(rule, zone="area") for rule in (area, tech, outside)] == [True, False, False]


def test_one_false_condition_settles_a_conjunction_that_is_otherwise_unknown():
    assert said(make_rule(STAFF, LISTED), staff=1) is False
    assert said(make_rule(STAFF, LISTED), staff=3) is None
    assert said(make_rule(STAFF, LISTED), staff=3, listed=True) is True


def test_one_true_alternative_settles_a_group_that_is_otherwise_unknown():
    rule = make_rule({"any": [STAFF, LISTED]})

    assert said(rule, staff=3) is True
    assert said(rule, staff=1) is None
    assert said(rule, staff=1, listed=False) is False


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ({"staff": 3, "listed": True}, True),
        ({"rd": Decimal("0.06"), "abroad": 50}, True),
        ({"staff": 3, "listed": False, "rd": Decimal("0.06"), "abroad": 10}, False),
        ({"staff": 3, "listed": False, "rd": Decimal("0.06")}, None),
        ({"staff": 1, "abroad": 10}, False),
        ({"staff": 1}, None),
    ],
)
def test_the_hard_case_two_pairs_of_which_one_is_enough(facts, value):
    rule = parse({"version": 1, "any": [{"all": [STAFF, LISTED]}, {"all": [RD, ABROAD]}]}, VOCABULARY)

    assert said(rule, **facts) is value


def test_not_turns_true_and_false_round_and_leaves_unknown():
    rule = parse({"version": 1, "not": {"any": [STAFF, LISTED]}}, VOCABULARY)

    assert said(rule, staff=1, listed=False) is True
    assert said(rule, staff=3) is False
    assert said(rule, staff=1) is None


def test_of_several_bands_only_the_one_that_applies_is_asked():
    rule = make_rule(*BANDS)

    assert found(rule, revenue=60_000_000, rd=Decimal("0.04")) == [State.SKIPPED, State.MET]
    assert said(rule, revenue=60_000_000, rd=Decimal("0.04")) is True
    assert said(rule, revenue=10_000_000, rd=Decimal("0.04")) is False


def test_a_band_that_is_not_known_does_not_matter_to_who_meets_them_all():
    rule = make_rule(*BANDS)

    assert said(rule, rd=Decimal("0.05")) is True
    assert found(rule, rd=Decimal("0.05")) == [State.MET, State.MET]
    assert said(rule, rd=Decimal("0.04")) is None
    assert found(rule, rd=Decimal("0.04")) == [State.UNKNOWN, State.MET]


def test_an_alternative_that_does_not_apply_neither_satisfies_nor_blocks():
    banded = make_criterion("company.listed", "is_true", when=[make_criterion("company.revenue", "gt", 0)])
    rule = make_rule({"any": [banded, STAFF]})

    assert said(rule, revenue=0, listed=True, staff=1) is False
    assert said(rule, revenue=0, staff=3) is True
    assert said(rule, revenue=1, listed=True, staff=1) is True
    assert said(rule, listed=True, staff=1) is None  # it may not apply, and then nothing is met


def test_alternatives_none_of_which_apply_ask_for_nothing():
    rule = make_rule({"any": BANDS})

    assert said(rule, revenue=300_000_000, rd=0) is True
    assert found(rule, revenue=300_000_000, rd=0) == [State.SKIPPED, State.SKIPPED]


def test_what_must_hold_with_a_criterion_is_part_of_it():
    rule = make_rule({"any": [make_criterion("company.staff", "gte", 3, also=[LISTED]), ABROAD]})

    assert said(rule, staff=3, listed=True) is True
    assert said(rule, staff=3, abroad=10) is None
    assert said(rule, staff=3, listed=False, abroad=10) is False


def test_a_preferred_criterion_is_told_and_never_counted():
    rule = make_rule(STAFF, RD | {"preferred": True})

    judgement = judge(rule, {"company_staff": 3, "company_rd": Decimal("0.01")})

    assert (judgement.value, judgement.verdict, judgement.blocking) == (True, Verdict.FITS, 0)
    assert [result.state for result in judgement.criteria] == [State.MET, State.NOT_MET]


def test_a_rule_that_asks_for_nothing_fits_everybody():
    assert said(make_rule()) is True


def test_what_is_not_met_but_can_change_may_fit_and_what_cannot_does_not_now():
    can = make_rule(STAFF)
    cannot = make_rule(make_criterion("company.field", "eq", "bio"))

    assert judge(can, {"company_staff": 1}).verdict == Verdict.MAY_FIT
    assert judge(cannot, {"company_field": "cars"}).verdict == Verdict.NOT_NOW
    assert judge(cannot, {}).verdict == Verdict.MAY_FIT
    assert judge(cannot, {"company_field": "bio"}).verdict == Verdict.FITS


def test_the_rule_itself_may_say_whether_a_failure_is_final():
    final = make_rule(STAFF | {"hard": True})
    open_ = make_rule(make_criterion("company.field", "eq", "bio", hard=False))

    assert judge(final, {"company_staff": 1}).verdict == Verdict.NOT_NOW
    assert judge(open_, {"company_field": "cars"}).verdict == Verdict.MAY_FIT


def test_an_age_that_only_grows_can_reach_a_minimum_but_not_go_back_under_a_maximum():
    old_enough, young_enough = make_criterion("company.age", "gte", 5), make_criterion("company.age", "lte", 5)
    within, exactly = make_criterion("company.age", "between", [3, 5]), make_criterion("company.age", "eq", 5)

    assert judge(make_rule(old_enough), {"company_age": 1}).verdict == Verdict.MAY_FIT
    assert judge(make_rule(young_enough), {"company_age": 8}).verdict == Verdict.NOT_NOW
    assert [judge(make_rule(within), {"company_age": age}).verdict for age in (1, 4, 8)] == [
        "may_fit",
        "fits",
        "not_now",
    ]
    assert [judge(make_rule(exactly), {"company_age": age}).verdict for age in (1, 5, 8)] == [
        "may_fit",
        "fits",
        "not_now",
    ]


def test_a_group_is_lost_only_when_every_alternative_is():
    rule = make_rule({"any": [make_criterion("company.field", "eq", "bio"), STAFF]})

    assert judge(rule, {"company_field": "cars", "company_staff": 1}).verdict == Verdict.MAY_FIT


@pytest.mark.parametrize(
    ("facts", "blocking"),
    [
        ({"staff": 3, "listed": True, "rd": Decimal("0.05")}, 0),
        ({"staff": 3, "listed": True}, 1),
        ({"staff": 1, "listed": True, "rd": Decimal("0.05")}, 1),
        ({"staff": 1}, 2),
    ],
)
def test_near_is_whom_exactly_one_criterion_keeps_from_fitting(facts, blocking):
    rule = make_rule(STAFF, {"any": [LISTED, {"all": [RD, ABROAD]}]}, RD)

    judgement = judge(rule, {f"company_{key}": value for key, value in facts.items()} | {"company_listed": True})

    assert (judgement.blocking, judgement.near) == (blocking, blocking == 1)


def test_the_easiest_way_through_the_alternatives_is_counted():
    rule = make_rule({"any": [{"all": [STAFF, LISTED, RD]}, {"all": [ABROAD, RD]}]})

    assert judge(rule, {}).blocking == 2


def test_missing_facts_are_those_that_stand_between_the_subject_and_an_answer():
    rule = make_rule({"any": [STAFF, LISTED]}, RD, ABROAD | {"preferred": True})

    assert [fact.key for fact in judge(rule, {"company_staff": 3}).missing] == ["company.rd"]
    assert [fact.key for fact in judge(rule, {"company_staff": 1}).missing] == ["company.listed", "company.rd"]


def test_facts_may_be_given_by_key_and_as_a_form_has_them():
    rule = make_rule(RD, make_criterion("company.field", "eq", "bio"))

    judgement = judge(rule, {"company.rd": 0.05, "company.field": ""})

    assert [result.state for result in judgement.criteria] == [State.MET, State.UNKNOWN]


def test_two_masks_tell_the_four_states_apart():
    rule = make_rule(STAFF, LISTED, RD, make_criterion("company.abroad", "gte", 50, when=[LISTED]))
    row = {"company_staff": 3, "company_listed": False, "company_rd": None, "company_abroad": 10}

    value, met, unknown = compile_python(rule)(row)

    assert value is False
    assert states(met, unknown, 4) == (State.MET, State.NOT_MET, State.UNKNOWN, State.SKIPPED)


def test_a_generated_function_reads_a_tuple_as_well_as_a_dict():
    rule = make_rule(STAFF, LISTED)

    assert compile_python(rule, ["company_listed", "company_staff"])((True, 5)) == (True, 3, 0)
