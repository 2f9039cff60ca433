"""A rule is read in full or refused in full."""

from datetime import date
from decimal import Decimal

import pytest

from park.rules.tree import All, AnyOf, Criterion, RuleError, from_eligibility, parse
from park.rules.vocabulary import Op
from tests.factories.rules import VOCABULARY, make_criterion, make_rule


def problems(data) -> list[str]:
    with pytest.raises(RuleError) as refusal:
        parse(data, VOCABULARY)
    return [str(problem) for problem in refusal.value.problems]


def test_values_are_read_as_the_type_of_their_fact():
    rule = make_rule(
        make_criterion("company.rd", "gte", 0.05),
        make_criterion("company.founded", "lt", "2024-01-02"),
        make_criterion("company.staff", "in", [1, 2, 1]),
        make_criterion("company.revenue", "between", [1, 2.5]),
        make_criterion("company.excluded", "is_false", False),
    )

    assert [criterion.test.value for criterion in rule.criteria] == [
        Decimal("0.05"),
        date(2024, 1, 2),
        (1, 2),
        (Decimal(1), Decimal("2.5")),
        None,
    ]


def test_every_problem_is_named_with_its_place():
    data = {
        "version": 1,
        "all": [
            make_criterion("company.nothing", "eq", 1),
            make_criterion("company.staff", "is_true"),
            {"any": [make_criterion("company.rd", "gte", "5%")]},
            make_criterion("company.staff", "gte", 2.5, when=[make_criterion("company.seat", "gt", "A")]),
            make_criterion("company.staff", "gte", 2, colour="red", preferred="yes"),
        ],
    }

    assert problems(data) == [
        "all.0.fact: No fact is called “company.nothing”.",
        "all.1.op: “is_true” cannot be asked of “Staff”.",
        "all.2.any.0.value: Write a number, not a text.",
        "all.3.value: Write a whole number.",
        "all.3.when.0.op: “gt” cannot be asked of “Seat”.",
        "all.4.colour: “colour” is not known here.",
        "all.4.preferred: Write true or false.",
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("everybody", "A rule is an object with “all”, “any”, “not” or “fact”."),
        ({"all": []}, "version: The version of a rule is 1."),
        ({"version": 2, "all": []}, "version: The version of a rule is 1."),
        ({"version": 1}, "This must hold exactly one of “all”, “any”, “not” or “fact”."),
        ({"version": 1, "all": [], "any": []}, "This must hold exactly one of “all”, “any”, “not” or “fact”."),
        ({"version": 1, "all": "x"}, "all: This must be a list."),
        ({"version": 1, "any": [3]}, "any.0: This must be an object with “all”, “any”, “not” or “fact”."),
        (
            {"version": 1, "fact": "company.staff", "op": "in", "value": []},
            "value: Write a list with at least one value.",
        ),
        (
            {"version": 1, "fact": "company.staff", "op": "between", "value": [1]},
            "value: Write a list of two values, the lowest and the highest.",
        ),
        ({"version": 1, "fact": "company.rd", "op": "gte", "value": True}, "value: Write a number."),
        ({"version": 1, "fact": "company.rd", "op": "gte", "value": float("nan")}, "value: Write a number."),
        ({"version": 1, "fact": "company.rd", "op": "gte"}, "value: Write a value."),
        ({"version": 1, "fact": "company.founded", "op": "gt", "value": 3}, "value: Write a date as year-month-day."),
        (
            {"version": 1, "fact": "company.listed", "op": "is_true", "value": False},
            "value: Leave the value out: “is_true” says it all.",
        ),
    ],
)
def test_what_is_not_a_rule_is_refused(data, problem):
    assert problems(data) == [problem]


def test_a_rule_that_is_too_deep_or_too_long_is_refused():
    deep = make_criterion("company.staff", "gte", 1)
    for _level in range(200):
        deep = {"all": [deep]}
    long = {"version": 1, "all": [make_criterion("company.staff", "gte", n) for n in range(61)]}

    assert [problem.rpartition(": ")[2] for problem in problems({"version": 1, "all": [deep]})] == [
        "The rule is nested too deeply."
    ]
    assert problems(long) == ["A rule holds at most 60 criteria."]


def test_not_is_pushed_down_to_the_criteria():
    a, b = make_criterion("company.staff", "gte", 1), make_criterion("company.listed", "is_true")

    rule = parse({"version": 1, "not": {"all": [a, {"not": b}]}}, VOCABULARY)

    assert isinstance(rule.root, AnyOf)
    assert [(criterion.test.op, criterion.negated) for criterion in rule.criteria] == [
        (Op.GTE, True),
        (Op.IS_TRUE, False),
    ]


def test_the_list_of_a_policy_file_becomes_a_tree_in_the_same_order():
    entries = [
        {"field": "company.staff", "op": "gte", "value": 3, "note": "social insurance"},
        {"field": "company.rd", "op": "gte", "value": 0.05, "group": "g", "when": [
            {"field": "company.revenue", "op": "lte", "value": 50_000_000}]},
        {"field": "company.listed", "op": "is_true", "value": True, "group": "g", "also": [
            {"field": "company.age", "op": "lte", "value": 8}]},
        {"field": "company.excluded", "op": "is_false", "value": False, "preferred": True},
    ]  # fmt: skip

    rule = parse(from_eligibility(entries), VOCABULARY)

    assert [type(node) for node in rule.conditions] == [Criterion, AnyOf, Criterion]
    assert [criterion.test.fact.key for criterion in rule.criteria] == [
        "company.staff",
        "company.rd",
        "company.listed",
        "company.excluded",
    ]
    assert isinstance(rule.criteria[1].when, All)
    assert rule.criteria[2].also[0].op == Op.LTE
    assert rule.criteria[3].preferred
    assert rule.criteria[0].note == (("en", "social insurance"),)
