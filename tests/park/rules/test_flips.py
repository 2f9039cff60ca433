"""The smallest sets of criteria that turn a verdict are those that trying every set would find."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.rules.flips import flips
from park.rules.judge import compile_value, judge
from park.rules.tree import parse
from park.rules.vocabulary import Fact, Type, Vocabulary

LEAVES = 12
ASKED = Vocabulary(
    "turning", 1, tuple(Fact(f"{kind}.{n}", Type.BOOLEAN, f"{kind} {n}") for kind in "aw" for n in range(LEAVES))
)
TREES_A_RUN = 100  # times 110 runs: 11,000 trees


def tree(rng: random.Random, leaves: list[int], depth: int = 0) -> dict:
    if len(leaves) == 1:
        leaf = {"fact": f"a.{leaves[0]}", "op": "is_true"}
        if rng.random() < 0.2:
            leaf["when"] = {"fact": f"w.{leaves[0]}", "op": "is_true"}
        if rng.random() < 0.05:
            leaf["preferred"] = True
        return leaf
    most = len(leaves) - 1 if depth == 5 else rng.choice((1, 1, 2, 3))  # a rule may not be nested without end
    cuts = sorted(rng.sample(range(1, len(leaves)), min(most, len(leaves) - 1)))
    parts = [leaves[a:b] for a, b in zip([0, *cuts], [*cuts, len(leaves)], strict=True)]
    return {rng.choice(("all", "any")): [tree(rng, part, depth + 1) for part in parts]}


def tried(rule, row: dict) -> set[frozenset[int]]:
    """Return what trying every set of criteria finds: each is made to apply, and then to hold or to fail."""
    said = compile_value(rule)
    fits = said(row) is True
    free = [
        each.index for each in rule.criteria if not each.preferred and not (each.when and row[when_of(each)] is False)
    ]
    turned: list[frozenset[int]] = []
    for bits in sorted(range(1, 1 << len(free)), key=int.bit_count):
        chosen = frozenset(index for place, index in enumerate(free) if bits >> place & 1)
        if any(smaller <= chosen for smaller in turned):
            continue
        changed = dict(row)
        for index in chosen:
            criterion = rule.criteria[index]
            changed[criterion.test.fact.column] = not fits
            if criterion.when:
                changed[when_of(criterion)] = True
        if (said(changed) is True) is not fits:
            turned.append(chosen)
    return set(turned)


def when_of(criterion) -> str:
    return criterion.test.fact.column.replace("a_", "w_")


def found(rule, row) -> list[frozenset[int]]:
    return [frozenset(each.index for each in flip.criteria) for flip in flips(judge(rule, row))]


@settings(max_examples=110, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_the_smallest_sets_that_turn_a_verdict_are_those_that_trying_all_sets_finds(seed):
    rng = random.Random(seed)
    for _ in range(TREES_A_RUN):
        sizes = (1, 2, 3, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 8, 8, 9, 10, 11) if rng.random() > 0.02 else (12,)
        count = rng.choice(sizes)
        rule = parse({"version": 1} | {"all": [tree(rng, list(range(count)))]}, ASKED)
        known = rng.choice(((True, False), (True, False, None), (True, True, True, False), (False, None)))
        row = {fact.column: rng.choice(known) for fact in ASKED.facts}

        turning = found(rule, row)

        assert len(turning) == len(set(turning))
        assert set(turning) == tried(rule, row), (rule.source, row)


HARD = parse(
    {"version": 1, "any": [
        {"all": [{"fact": "a.0", "op": "is_true"}, {"fact": "a.1", "op": "is_true"}]},
        {"all": [{"fact": "a.2", "op": "is_true"}, {"fact": "a.3", "op": "is_true"}]},
    ]},
    ASKED,
)  # fmt: skip


def turned(a, b, c, d) -> list[set[str]]:
    letters = dict(enumerate("abcd"))
    row = dict(zip(("a_0", "a_1", "a_2", "a_3"), (a, b, c, d), strict=True))
    return [{letters[index] for index in each} for each in found(HARD, row)]


def test_a_and_b_or_c_and_d():
    assert turned(False, False, False, False) == [{"a", "b"}, {"c", "d"}]
    assert turned(True, False, False, False) == [{"b"}, {"c", "d"}]
    assert turned(True, None, None, True) == [{"b"}, {"c"}]
    assert turned(True, True, False, False) == [{"a"}, {"b"}]
    assert turned(True, True, True, None) == [{"a"}, {"b"}]
    assert turned(True, True, True, True) == [{"a", "c"}, {"a", "d"}, {"b", "c"}, {"b", "d"}]


def test_nothing_turns_a_rule_that_asks_for_nothing():
    assert flips(judge(parse({"version": 1, "all": []}, ASKED), {})) == ()


def test_a_set_is_out_of_reach_once_one_of_its_criteria_failed_for_good():
    rule = parse(
        {"version": 1, "any": [{"fact": "a.0", "op": "is_true", "hard": True}, {"fact": "a.1", "op": "is_true"}]}, ASKED
    )

    first, second = flips(judge(rule, {"a_0": False, "a_1": False}))

    assert (first.within_reach, second.within_reach) == (False, True)
