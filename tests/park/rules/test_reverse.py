"""One subject against many rules in one pass says what each rule says by itself."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.rules import reverse
from park.rules.judge import judge
from park.rules.tree import parse
from tests.factories.rules import VOCABULARY, make_criterion, make_row, make_rule

from .test_agreement import trees

SUBJECTS, BOXES, RULES = 50, 45, 5  # more than 10,000 pairs, a quarter of the facts unknown


@settings(max_examples=BOXES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(nodes=st.lists(trees(), min_size=RULES, max_size=RULES))
def test_the_reverse_question_and_each_rule_by_itself_agree(nodes):
    rules = {place: parse({"version": 1, "all": [node]}, VOCABULARY) for place, node in enumerate(nodes)}
    box, rng = reverse.Box.of(rules), random.Random(2026)

    for row in [{}, *(make_row(rng) for _ in range(SUBJECTS))]:
        assert box.verdicts(row) == {place: judge(rule, row).verdict for place, rule in rules.items()}


def test_a_rule_with_too_many_ways_is_judged_by_itself():
    pairs = [
        {"any": [make_criterion("company.staff", "gte", n), make_criterion("company.age", "gte", n)]} for n in range(12)
    ]
    rule = make_rule(*pairs)
    box = reverse.Box.of({"wide": rule, "plain": make_rule(make_criterion("company.listed", "is_true"))})

    assert list(box.alone) == ["wide"]
    for row in ({"company.staff": 11, "company.listed": True}, {"company.staff": 1, "company.age": 2}, {}):
        assert box.verdicts(row)["wide"] == judge(rule, row).verdict
