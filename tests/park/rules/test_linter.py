"""What the linter finds, and what it rightly leaves alone."""

import random

import pytest
from hypothesis import given, settings

from park.rules import formula
from park.rules.judge import compile_value
from park.rules.linter import lint, possible
from park.rules.tree import parse
from tests.factories.rules import VOCABULARY, make_criterion, make_row
from tests.park.rules.test_agreement import trees

STAFF = make_criterion("company.staff", "gte", 3)
BIO = make_criterion("company.field", "eq", "bio")
RICH = make_criterion("company.revenue", "gte", 100)


def found(*nodes) -> list[tuple[str, str, str]]:
    findings = lint({"version": 1, "all": list(nodes)}, VOCABULARY)
    return [(str(finding.severity), finding.code, finding.path) for finding in findings]


@pytest.mark.parametrize(
    ("nodes", "findings"),
    [
        ([make_criterion("company.moon", "eq", 1)], [("error", "unreadable", "all.0.fact")]),
        ([make_criterion("company.staff", "gte", "three")], [("error", "unreadable", "all.0.value")]),
        ([make_criterion("company.field", "eq", "fishing")], [("error", "stranger", "all.0")]),
        ([make_criterion("company.staff", "between", [5, 3])], [("error", "empty_range", "all.0")]),
        ([make_criterion("company.staff", "lt", 0)], [("error", "impossible", "all.0")]),
        ([make_criterion("company.abroad", "gt", 100)], [("error", "impossible", "all.0")]),
        ([make_criterion("company.staff", "gte", 0)], [("error", "always_true", "all.0")]),
        ([make_criterion("company.field", "in", ["bio", "opto", "cars"])], [("error", "always_true", "all.0")]),
        ([make_criterion("company.staff", "gt", 3), make_criterion("company.staff", "lt", 4)],
         [("error", "impossible", "all.1")]),
        ([BIO, make_criterion("company.field", "in", ["opto", "cars"])], [("error", "impossible", "all.1")]),
        ([make_criterion("company.listed", "is_true"), make_criterion("company.listed", "eq", False)],
         [("error", "impossible", "all.1")]),
        ([make_criterion("company.seat", "eq", "Jilin"), make_criterion("company.seat", "not_in", ["Jilin"])],
         [("error", "impossible", "all.1")]),
        ([STAFF, BIO, STAFF], [("error", "duplicate", "all.2"), ("warning", "repeated", "all.2")]),
        ([make_criterion("company.staff", "gte", 5), STAFF], [("warning", "repeated", "all.1")]),
        ([STAFF, {"any": []}], [("error", "empty", "all.1.any")]),
        ([], [("warning", "empty", "")]),
        ([{"any": [make_criterion("company.staff", "lt", 3), STAFF]}], [("error", "always_true", "all.0.any")]),
        ([BIO, {"any": [make_criterion("company.field", "eq", "opto"), STAFF]}], [("error", "dead", "all.1.any.0")]),
        ([BIO, {"any": [make_criterion("company.field", "eq", "opto"), make_criterion("company.field", "eq", "cars")]}],
         [("error", "dead", "all.1.any.0"), ("error", "dead", "all.1.any.1"), ("error", "impossible", "all.1.any")]),
        ([RICH, STAFF | {"when": [make_criterion("company.revenue", "lt", 100)]}], [("error", "dead", "all.1.when")]),
        ([RICH, STAFF | {"when": [make_criterion("company.revenue", "gt", 50)]}],
         [("warning", "always_applies", "all.1.when")]),
        ([make_criterion("company.staff", "lt", 2, when=[STAFF])], [("error", "dead", "all.0")]),
        ([make_criterion("company.staff", "gte", 3, also=[make_criterion("company.staff", "lt", 3)])],
         [("error", "impossible", "all.0")]),
        ([make_criterion("company.rd", "gte", 5)], [("warning", "per_cent", "all.0")]),
        ([make_criterion("company.abroad", "gte", 0.5)], [("warning", "per_cent", "all.0")]),
        ([{"not": make_criterion("company.staff", "gte", 0)}], [("error", "impossible", "all.0.not")]),
        ([make_criterion("company.zone", "eq", "tech"), make_criterion("company.zone", "eq", "area")],
         [("warning", "repeated", "all.1")]),
        ([{"any": [{"all": [BIO, STAFF]}, {"all": [BIO, RICH]}]}, make_criterion("company.field", "ne", "bio")],
         [("error", "dead", "all.0.any.0.all"), ("error", "dead", "all.0.any.1.all"),
          ("error", "impossible", "all.0.any")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(nodes, findings):
    assert found(*nodes) == findings


@pytest.mark.parametrize(
    "nodes",
    [
        [STAFF, BIO, make_criterion("company.staff", "lte", 500)],
        [make_criterion("company.rd", "gte", 0.05, when=[make_criterion("company.revenue", "lte", 50)]),
         make_criterion("company.rd", "gte", 0.03, when=[make_criterion("company.revenue", "gt", 50)])],
        [{"any": [make_criterion("company.staff", "gte", 8), make_criterion("company.staff", "between", [3, 5])]}],
        [STAFF, make_criterion("company.staff", "gte", 8, preferred=True)],
        [make_criterion("company.revenue", "gt", 0)],
    ],
)  # fmt: skip
def test_what_is_sound_is_left_alone(nodes):
    assert found(*nodes) == []


def test_a_finding_is_a_sentence():
    [finding] = lint({"version": 1, "all": [make_criterion("company.staff", "lt", 0)]}, VOCABULARY)

    assert finding.message == "“Staff less than 0” can never be met."


@settings(max_examples=300, deadline=None, derandomize=True)
@given(tree=trees())
def test_nobody_meets_what_is_called_impossible_and_everybody_what_is_called_always_true(tree):
    rule = parse({"version": 1, "all": [tree]}, VOCABULARY)
    rng = random.Random(7)
    said = {compile_value(rule)(make_row(rng)) for _ in range(60)}

    assert possible(formula.fits(rule), {}) or True not in said
    assert possible(formula.opposite(formula.fits(rule)), {}) or False not in said
