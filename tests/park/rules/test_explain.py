"""Rules and verdicts in sentences."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from park.rules import explain
from park.rules.explain import Known, bonuses, conditions, in_words, trace
from park.rules.judge import judge
from park.rules.tree import parse
from tests.factories.rules import VOCABULARY, make_criterion, make_rule

STAFF = make_criterion("company.staff", "gte", 3)
LISTED = make_criterion("company.listed", "is_true")


def said(*nodes) -> list[str]:
    return [condition["rule"] for condition in in_words(make_rule(*nodes))]


@pytest.mark.parametrize(
    ("criterion", "sentence"),
    [
        (make_criterion("company.rd", "gte", 0.05), "R&D spending at least 5% of revenue"),
        (make_criterion("company.rd", "gt", 0.025), "R&D spending more than 2.5% of revenue"),
        (make_criterion("company.rd", "between", [0.03, 0.05]), "R&D spending between 3% and 5% of revenue"),
        (
            make_criterion("company.revenue", "between", [50_000_000, 200_000_000]),
            "Annual revenue between CN¥50 million and CN¥200 million",
        ),
        (make_criterion("company.revenue", "lte", 500_000), "Annual revenue at most CN¥500,000"),
        (make_criterion("company.staff", "lt", 500), "Staff less than 500"),
        (make_criterion("company.staff", "eq", 2), "Staff exactly 2"),
        (make_criterion("company.staff", "in", [1, 2]), "Staff exactly 1 or 2"),
        (make_criterion("company.abroad", "gte", 50), "Share from abroad at least 50%"),
        (make_criterion("company.founded", "gte", "2024-01-02"), "Founded: 2 Jan 2024 or later"),
        (make_criterion("company.founded", "lt", "2024-01-02"), "Founded: before 2 Jan 2024"),
        (make_criterion("company.field", "eq", "bio"), "Field: Biomedicine"),
        (make_criterion("company.field", "in", ["bio"]), "Field: Biomedicine"),
        (make_criterion("company.field", "in", ["bio", "opto", "cars"]), "Field: Biomedicine, Optics or Cars"),
        (make_criterion("company.field", "not_in", ["bio", "cars"]), "Field: not Biomedicine or Cars"),
        (make_criterion("company.seat", "ne", "Jilin"), "Seat: not Jilin"),
        (LISTED, "Listed"),
        (make_criterion("company.listed", "eq", False), "Not so: Listed"),
        (make_criterion("company.excluded", "is_false"), "Not excluded"),
        ({"not": make_criterion("company.staff", "gte", 3)}, "Staff less than 3"),
        ({"not": make_criterion("company.staff", "between", [3, 5])}, "Staff not between 3 and 5"),
        (
            STAFF | {"when": [make_criterion("company.revenue", "gt", 0)]},
            "Staff at least 3 (if: Annual revenue more than CN¥0)",
        ),
        (STAFF | {"also": [LISTED]}, "Staff at least 3; and Listed"),
        ({"not": STAFF | {"also": [LISTED]}}, "Not together: Staff at least 3; and Listed"),
        ({"any": [STAFF, LISTED]}, "One of: Staff at least 3; or Listed"),
        (
            {"any": [{"all": [STAFF, LISTED]}, make_criterion("company.field", "eq", "bio")]},
            "One of: (Staff at least 3; and Listed); or Field: Biomedicine",
        ),
    ],
)
def test_every_construct_is_a_sentence(criterion, sentence):
    assert said(criterion) == [sentence]


def test_money_is_counted_as_the_language_does():
    with translation.override("zh-hans"):
        assert "5,000万元" in said(make_criterion("company.revenue", "lte", 50_000_000))[0]
        assert "2亿元" in said(make_criterion("company.revenue", "lte", 200_000_000))[0]


def test_a_note_is_told_in_the_language_of_the_reader():
    rule = make_rule(STAFF | {"note": {"en": "With social insurance", "zh": "缴纳社会保险"}, "clause": "Article 6(2)"})

    with translation.override("zh-hans"):
        assert in_words(rule)[0]["note"] == "缴纳社会保险"
    assert (in_words(rule)[0]["note"], in_words(rule)[0]["clause"]) == ("With social insurance", "Article 6(2)")


def test_each_criterion_shows_the_value_known_its_source_and_its_date():
    rule = make_rule(make_criterion("company.rd", "gte", 0.05), make_criterion("company.staff", "gte", 3), LISTED)
    judgement = judge(rule, {"company_rd": Decimal("0.062"), "company_staff": 2})

    entries = trace(judgement, {"company.rd": Known("register", date(2026, 3, 31))})

    assert [(entry.state, entry.actual, entry.source, entry.as_of, entry.missing) for entry in entries] == [
        ("met", "6.2% of revenue", "register", date(2026, 3, 31), ()),
        ("not_met", "2", "", None, ()),
        ("unknown", "", "", None, ("company.listed",)),
    ]


def test_a_value_just_short_of_a_limit_is_not_rounded_up_to_it():
    judgement = judge(make_rule(make_criterion("company.rd", "gte", 0.05)), {"company_rd": Decimal("0.04996")})

    assert trace(judgement)[0].actual == "4.996% of revenue"


def test_what_does_not_apply_stands_in_the_trace_but_not_among_the_conditions():
    band = make_criterion("company.rd", "gte", 0.05, when=[make_criterion("company.revenue", "gt", 100)])
    judgement = judge(make_rule(band, STAFF), {"company_revenue": 1, "company_staff": 5})

    assert [entry.state for entry in trace(judgement)] == ["skipped", "met"]
    assert [entry.needed for entry in conditions(judgement)] == ["Staff at least 3"]


def test_alternatives_are_one_condition_shown_by_the_one_that_is_met():
    judgement = judge(make_rule({"any": [STAFF, LISTED]}), {"company_staff": 1, "company_listed": True})

    [condition] = conditions(judgement, {"company.listed": Known("staff", date(2026, 1, 1))})

    assert (condition.state, condition.actual, condition.source) == ("met", "Listed: Yes", "staff")
    assert [(entry.state, entry.settled, entry.group) for entry in trace(judgement)] == [
        ("not_met", True, 0),
        ("met", False, 0),
    ]


def test_alternatives_none_of_which_is_met_name_all_that_is_known_and_missing():
    judgement = judge(make_rule({"any": [STAFF, LISTED]}), {"company_staff": 1})

    [condition] = conditions(judgement)

    assert (condition.state, condition.actual, condition.missing) == ("unknown", "Staff: 1", ("company.listed",))
    assert condition.as_criterion()["missing"] == "We do not know all of this of you yet."


def test_a_failure_that_cannot_change_says_so():
    judgement = judge(make_rule(STAFF, make_criterion("company.field", "eq", "bio")), {
        "company_staff": 1, "company_field": "cars",
    })  # fmt: skip

    assert [(entry.state, entry.hard) for entry in trace(judgement)] == [("not_met", False), ("not_met", True)]


def test_a_preferred_criterion_is_a_bonus_and_no_condition():
    judgement = judge(make_rule(STAFF, LISTED | {"preferred": True}), {"company_staff": 3, "company_listed": False})

    assert [entry.key for entry in conditions(judgement)] == ["company.staff"]
    assert [(entry.key, entry.state) for entry in bonuses(judgement)] == [("company.listed", "not_met")]


def test_the_values_that_were_judged_can_be_kept_and_judged_again():
    rule = parse(
        {"version": 1, "all": [
            make_criterion("company.rd", "gte", 0.05),
            make_criterion("company.founded", "gt", "2024-01-01"),
            LISTED,
        ]},
        VOCABULARY,
    )  # fmt: skip
    judgement = judge(rule, {"company_rd": Decimal("0.05"), "company_founded": date(2024, 1, 2)})

    kept = explain.values_used(judgement)

    assert kept == {"company.rd": "0.05", "company.founded": "2024-01-02", "company.listed": None}
    assert judge(rule, kept) == judgement


def test_an_entry_is_what_the_page_and_the_api_take():
    [entry] = trace(judge(make_rule(STAFF), {"company_staff": 5}))

    assert entry.as_dict()["needed"] == "Staff at least 3"
    assert entry.as_criterion() == {
        "state": "met",
        "rule": "Staff at least 3",
        "evidence": "5",
        "source": "",
        "source_date": None,
        "ended": None,
        "stale_key": "",
        "clause": None,
        "hard": False,
        "missing": "",
        "missing_keys": (),
        "note": "",
    }
