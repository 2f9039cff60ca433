"""The database, the interpreter and the generated function say the same of every rule and every subject."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.rules import judge, sql
from park.rules.states import Verdict
from park.rules.tree import parse
from park.rules.vocabulary import Op
from tests.factories.rules import VOCABULARY, make_criterion, make_row, make_rule, make_wide_model, values_of

SUBJECTS = 200
RULES = 250  # together 50,000 pairs of a rule and a subject


def to_json(value):
    return float(value) if isinstance(value, Decimal) else str(value) if isinstance(value, date) else value


@st.composite
def criteria(draw, plain: bool = False) -> dict:
    fact = draw(st.sampled_from(VOCABULARY.facts))
    op = draw(st.sampled_from(sorted(fact.ops)))
    one = st.sampled_from([to_json(value) for value in values_of(fact)])
    criterion = {"fact": fact.key, "op": op.value}
    if op in {Op.IN, Op.NOT_IN}:
        criterion["value"] = draw(st.lists(one, min_size=1, max_size=3))
    elif op is Op.BETWEEN:
        criterion["value"] = [draw(one), draw(one)]
    elif op not in {Op.IS_TRUE, Op.IS_FALSE}:
        criterion["value"] = draw(one)
    if plain:
        return criterion
    rare = st.integers(0, 5).map(lambda n: n == 0)
    if draw(rare) or draw(rare):
        criterion["when"] = draw(st.lists(criteria(plain=True), min_size=1, max_size=2) | trees(plain=True))
    if draw(rare):
        criterion["also"] = draw(st.lists(criteria(plain=True), max_size=2))
    if draw(rare):
        criterion["preferred"] = True
    if draw(rare):
        criterion["hard"] = draw(st.booleans())
    return criterion


def trees(plain: bool = False):
    return st.recursive(
        criteria(plain=plain),
        lambda nodes: (
            st.builds(lambda parts: {"all": parts}, st.lists(nodes, max_size=3))
            | st.builds(lambda parts: {"any": parts}, st.lists(nodes, max_size=3))
            | st.builds(lambda part: {"not": part}, nodes)
        ),
        max_leaves=4 if plain else 8,
    )


@pytest.fixture
def subjects(db):
    model = make_wide_model()
    rng = random.Random(2026)
    with connection.schema_editor() as editor:
        editor.create_model(model)
    return model.objects.bulk_create([model(**make_row(rng)) for _ in range(SUBJECTS)]) and model.objects.order_by("pk")


@settings(
    max_examples=RULES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(tree=trees())
def test_the_database_python_and_the_generated_function_agree(subjects, tree):
    rule = parse({"version": 1} | (tree if "fact" not in tree else {"all": [tree]}), VOCABULARY)
    met, unknown = sql.compile_masks(rule)
    found = list(
        subjects.annotate(
            said=sql.compile_value(rule),
            word=sql.compile_verdict(rule),
            met=met,
            unknown=unknown,
            blocking=sql.compile_blocking(rule),
        ).values()
    )
    generated, generated_value = judge.compile_python(rule), judge.compile_value(rule)
    judged = {row["id"]: judge.judge(rule, row) for row in found}

    for row in found:
        said = judged[row["id"]]
        assert (row["said"], row["met"], row["unknown"]) == (said.value, said.met, said.unknown)
        assert generated(row) == (said.value, said.met, said.unknown)
        assert generated_value(row) is said.value
        assert (row["word"], row["blocking"]) == (said.verdict, said.blocking)
        assert (said.blocking == 0) == (said.value is True)

    def ids(q):
        return set(subjects.filter(q).values_list("pk", flat=True))

    assert ids(sql.compile_q(rule)) == {pk for pk, said in judged.items() if said.value is True}
    assert ids(sql.compile_possible(rule)) == {pk for pk, said in judged.items() if said.value is not False}
    assert ids(sql.compile_near(rule)) == {pk for pk, said in judged.items() if said.near}
    for word in Verdict:
        assert ids(sql.compile_verdict_q(rule, word)) == {pk for pk, said in judged.items() if said.verdict == word}


def test_over_a_join_who_has_no_row_of_facts_is_not_known(subjects):
    wide = subjects.model
    meta = type("Meta", (), {"apps": wide._meta.apps, "app_label": "rules", "db_table": "test_holder"})
    known = models.ForeignKey(wide, models.CASCADE, null=True)
    holder = type("Holder", (models.Model,), {"__module__": __name__, "Meta": meta, "known": known})
    with connection.schema_editor() as editor:
        editor.create_model(holder)
    rule = make_rule(make_criterion("company.staff", "not_in", [3]), make_criterion("company.excluded", "is_false"))
    fits = subjects.filter(sql.compile_q(rule)).first()
    holder.objects.bulk_create([holder(known=fits), holder(known=None)])
    met, unknown = sql.compile_masks(rule, "known__")

    found = holder.objects.order_by("pk").annotate(
        said=sql.compile_value(rule, "known__"),
        word=sql.compile_verdict(rule, "known__"),
        met=met,
        unknown=unknown,
        blocking=sql.compile_blocking(rule, "known__"),
    )

    assert list(found.values_list("said", "word", "met", "unknown", "blocking")) == [
        (True, "fits", 3, 0, 0),
        (None, "may_fit", 0, 3, 2),
    ]
    assert holder.objects.filter(sql.compile_q(rule, "known__")).count() == 1
    assert holder.objects.filter(sql.compile_possible(rule, "known__")).count() == 2
