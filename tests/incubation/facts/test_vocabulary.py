"""The vocabulary of tenants serves every published policy."""

from pathlib import Path

import pytest
import yaml
from django.db import models

from incubation.facts.columns import columns
from incubation.facts.vocabulary import TENANT_FACTS
from park.rules.explain import in_words
from park.rules.judge import compile_python, judge
from park.rules.linter import lint
from park.rules.states import Verdict
from park.rules.tree import from_eligibility, parse
from park.rules.vocabulary import NUMBERS, Type

POLICIES = yaml.safe_load((Path(__file__).parents[3] / "services/demo/data/policies.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("policy", POLICIES["policies"], ids=lambda policy: policy["slug"])
def test_a_published_policy_is_read_sound_said_and_judged(policy):
    data = from_eligibility(policy["eligibility"])
    rule = parse(data, TENANT_FACTS)

    assert lint(data, TENANT_FACTS) == []
    assert all(condition["rule"] for condition in in_words(rule))
    assert len(rule.criteria) == len(policy["eligibility"])
    assert judge(rule, {}).verdict == (Verdict.MAY_FIT if rule.criteria else Verdict.FITS)
    assert compile_python(rule)({})[1] == 0


def test_every_fact_that_a_policy_asks_for_can_be_told_and_asked():
    known = {fact.key: fact for fact in TENANT_FACTS.facts}

    assert POLICIES["meta"]["fields"].keys() - known.keys() == set()
    assert [fact.key for fact in known.values() if not fact.label or not str(fact.question).endswith("?")] == []
    assert {fact.key for fact in known.values() if fact.type is Type.CHOICE} == {
        fact.key for fact in known.values() if fact.choices
    }
    assert [fact.key for fact in known.values() if fact.unit and fact.type not in NUMBERS] == []


def test_a_choice_lies_within_another_of_its_own_set():
    for fact in TENANT_FACTS.facts:
        assert len(fact.values) == len(fact.choices), fact.key
        assert {choice.within for choice in fact.choices} - fact.values <= {None}, fact.key


def test_the_wide_row_has_a_column_of_the_right_kind_for_every_fact():
    fields = columns(TENANT_FACTS)

    assert list(fields) == [fact.column for fact in TENANT_FACTS.facts]
    assert all(field.null for field in fields.values())
    assert {fact.column for fact in TENANT_FACTS.facts if fact.type is Type.MONEY} == {
        name for name, field in fields.items() if isinstance(field, models.DecimalField) and field.decimal_places == 2
    }


def test_the_high_tech_zone_lies_in_the_new_area():
    rule = parse(
        {"version": 1, "fact": "enterprise.zone", "op": "eq", "value": "CCXQ"},
        TENANT_FACTS,
    )

    assert judge(rule, {"enterprise_zone": "CCGX"}).verdict == Verdict.FITS
    assert judge(rule, {"enterprise_zone": "CN-JS-SND"}).verdict == Verdict.MAY_FIT
