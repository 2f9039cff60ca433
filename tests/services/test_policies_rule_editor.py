"""The rule editor: cards an officer changes step by step; what is not touched stays to the letter."""

import re

import pytest
import yaml
from django.conf import settings
from django.urls import reverse

from incubation.facts.vocabulary import TENANT_FACTS
from park.rules import editing
from park.rules.linter import lint
from park.rules.tree import from_eligibility, parse
from services.policies import actions
from services.policies.rule_forms import ConditionForm
from tests.factories.facts import know, make_company, make_owner
from tests.factories.policies import criterion, make_case, make_draft, make_officer, make_version, rule, staff_at_least

HEADCOUNT, SECTOR, REVENUE = "enterprise.headcount", "enterprise.sector", "enterprise.revenue_cny"
REAL = yaml.safe_load((settings.BASE_DIR / "services/demo/data/policies.yaml").read_text(encoding="utf-8"))["policies"]


def asked(form) -> dict:
    """Return what a browser sends of a form that nobody touched."""
    sent = {}
    for field in form:
        value = field.value()
        if value is not None and value is not False:
            sent[field.name] = value.isoformat() if hasattr(value, "isoformat") else value
    return sent | {"lock": 1}


def saved_again(node: dict, whole: bool) -> dict:
    fact = TENANT_FACTS[node["fact"]]
    sent = asked(ConditionForm(fact, before=node, whole=whole))
    form = ConditionForm(fact, sent, before=node, whole=whole)
    assert form.is_valid(), (node, form.errors)
    return form.node()


@pytest.mark.parametrize("policy", REAL, ids=[policy["slug"] for policy in REAL])
def test_each_of_the_real_rules_opened_and_saved_unchanged_stays_what_it_was(policy):
    before = from_eligibility(policy["eligibility"])
    after = editing.opened(before)

    for card in editing.cards(before, TENANT_FACTS).everything():
        if "fact" in card.data:
            after = editing.put(after, card.place, saved_again(editing.node_at(after, card.place), card.kind != "test"))

    assert after == before
    assert [*map(type, _leaves(after))] == [*map(type, _leaves(before))]  # 5 stays 5, and 0.05 a number


def _leaves(data):
    if isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _leaves(each)
    else:
        yield data


@pytest.mark.parametrize(
    ("fact", "given", "becomes"),
    [
        (HEADCOUNT, {"op": "gte", "value": "1,200"}, {"op": "gte", "value": 1200}),
        (HEADCOUNT, {"op": "between", "value": "3", "high": "30"}, {"op": "between", "value": [3, 30]}),
        (HEADCOUNT, {"op": "in", "value": "3; 5、8"}, {"op": "in", "value": [3, 5, 8]}),
        (REVENUE, {"op": "lte", "value": "5000", "unit": "10000"}, {"op": "lte", "value": 50_000_000}),
        ("enterprise.rd_ratio_3y", {"op": "gte", "value": "3.5%"}, {"op": "gte", "value": 0.035}),
        (SECTOR, {"op": "in", "values": ["new_materials"]}, {"op": "in", "value": ["new_materials"]}),
        ("enterprise.is_sme", {"op": "is_false"}, {"op": "is_false"}),
    ],
)
def test_a_value_is_read_as_a_person_writes_it(fact, given, becomes):
    form = ConditionForm(TENANT_FACTS[fact], given | {"lock": 1})

    assert form.is_valid(), form.errors
    assert form.node() == {"fact": fact} | becomes
    assert parse({"version": 1, "all": [form.node()]}, TENANT_FACTS)


@pytest.mark.parametrize(
    ("fact", "given", "says"),
    [
        (HEADCOUNT, {"op": "gte", "value": "many"}, "“many” is not a number."),
        (HEADCOUNT, {"op": "gte", "value": "2.5"}, "Write a whole number."),
        (HEADCOUNT, {"op": "gte", "value": ""}, "Give a value."),
        (HEADCOUNT, {"op": "between", "value": "3"}, "Give the lowest and the highest value."),
        (SECTOR, {"op": "eq", "values": ["new_materials", "biomedicine"]}, "Give one value, or choose “one of these”."),
        (SECTOR, {"op": "gte", "values": ["biomedicine"]}, "Select a valid choice. gte is not one of the available"),
        (REVENUE, {"op": "gte", "value": "1e40", "unit": "1"}, "“1e40” is not a number."),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(fact, given, says):
    form = ConditionForm(TENANT_FACTS[fact], given | {"lock": 1})

    assert not form.is_valid()
    assert says in str(form.errors)


A, B, C = (staff_at_least(n) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("step", "place", "becomes"),
    [
        (editing.removed, "all.0", [{"any": [B, C]}]),
        (editing.removed, "all.1.any.0", [A, {"any": [C]}]),
        (lambda r, p: editing.moved(r, p, 1)[0], "all.0", [{"any": [B, C]}, A]),
        (lambda r, p: editing.carried_out(r, p)[0], "all.1.any.0", [A, {"any": [C]}, B]),
        (lambda r, p: editing.wrapped(r, p, "any"), "all.0", [{"any": [A]}, {"any": [B, C]}]),
        (lambda r, p: editing.wrapped(r, p, "not"), "all.1", [A, {"not": {"any": [B, C]}}]),
        (editing.unwrapped, "all.1", [A, B, C]),
        (editing.turned, "all.1", [A, {"all": [B, C]}]),
        (lambda r, p: editing.added(r, p, A)[0], "all.1.any", [A, {"any": [B, C, A]}]),
        (lambda r, p: editing.added(r, p, B)[0], "all.0.when", [A | {"when": [B]}, {"any": [B, C]}]),
    ],
)
def test_a_step_changes_its_place_and_nothing_else(step, place, becomes):
    before = rule(A, {"any": [B, C]})

    assert step(before, place) == rule(*becomes)
    assert before == rule(A, {"any": [B, C]})


def test_a_step_that_a_place_does_not_offer_is_refused():
    for step, place in (
        (lambda r, p: editing.moved(r, p, -1), "all.0"), (editing.carried_in, "all.0"), (editing.unwrapped, "all.0"),
        (editing.carried_out, "all.0"), (editing.removed, "all.9"), (editing.removed, ""), (editing.turned, "all.0"),
        (lambda r, p: editing.added(r, p, A), "all.0.any"), (editing.removed, "version"),
    ):  # fmt: skip
        with pytest.raises(editing.NoSuchPlace):
            step(rule(A, {"any": [B, C]}), place)


def test_a_finding_stands_at_the_condition_it_speaks_of():
    broken = rule(A, {"any": [B, criterion(HEADCOUNT, "between", [9, 3])]})

    root = editing.cards(broken, TENANT_FACTS, lint(broken, TENANT_FACTS))

    assert {card.place for card in root.everything() if card.findings} == {"all.1.any.1"}


# --- The page ---------------------------------------------------------------------------------------------------------
def words_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def draft(db, client):
    officer = make_officer()
    client.force_login(officer)
    return make_draft(by=officer, rule=rule(staff_at_least(10)), cases=[
        make_case("fits", {HEADCOUNT: 12}, "Twelve people"), make_case("may_fit", {HEADCOUNT: 8}, "Eight people"),
    ])  # fmt: skip


def place_of(version) -> str:
    return reverse("admin:policies_policyversion_rule", args=[version.pk])


def test_an_officer_builds_a_rule_and_sees_at_once_what_it_says(client, draft):
    here = place_of(draft)
    for headcount in (12, 8):
        tenant = make_company()
        know(tenant, {HEADCOUNT: headcount})
        make_owner(tenant)
    page = client.get(here)
    assert page.context["reach"] == {"fits": 1, "may_fit": 1, "near": 1, "people": 2}
    assert "Twelve people: Fits, as it must" in words_of(page)

    assert 'label="The company"' in client.get(here, {"into": "all"}).content.decode()
    form = client.get(here, {"into": "all", "fact": SECTOR})
    assert "one of these" in words_of(form)
    added = client.post(
        f"{here}?into=all&fact={SECTOR}", {"act": "put", "lock": draft.version, "op": "in", "values": ["new_materials"],
        "note_en": "Only this field", "note_zh": "仅限该领域"}, follow=True,
    )  # fmt: skip

    draft.refresh_from_db()
    note = {"en": "Only this field", "zh": "仅限该领域"}
    assert draft.rule == rule(staff_at_least(10), criterion(SECTOR, "in", ["new_materials"], note=note))
    assert added.context["reach"]["fits"] == 0
    assert "Twelve people: May fit, but must say “Fits”" in words_of(added)


def test_every_button_is_a_step_of_its_own(client, draft):
    here = place_of(draft)
    for act, place in (("add_any", "all"), ("in", "all.0"), ("up", "all.1"), ("wrap_not", "all.0.any.0")):
        draft.refresh_from_db()
        client.post(here, {"act": act, "place": place, "lock": draft.version})

    draft.refresh_from_db()
    # the group stands behind the condition, so "in" and the rest say that they cannot be done
    assert draft.rule == rule({"any": []}, staff_at_least(10))
    client.post(here, {"act": "in", "place": "all.1", "lock": draft.version})
    draft.refresh_from_db()
    client.post(here, {"act": "wrap_not", "place": "all.0.any.0", "lock": draft.version})
    draft.refresh_from_db()
    assert draft.rule == rule({"any": [{"not": staff_at_least(10)}]})


def test_a_step_upon_what_somebody_else_changed_is_refused(client, draft):
    here, lock = place_of(draft), draft.version
    actions.revise(version=draft, wording={"rule": rule(staff_at_least(20))}, by=make_officer())

    page = client.post(here, {"act": "remove", "place": "all.0", "lock": lock}, follow=True)
    form = client.post(f"{here}?edit=all.0", {"act": "put", "lock": lock, "op": "gte", "value": "5"})

    draft.refresh_from_db()
    assert draft.rule == rule(staff_at_least(20))
    assert "This was changed while you had it open." in words_of(page)
    assert form.status_code == 409


def test_a_condition_typed_while_the_draft_was_sent_comes_back(client, db):
    draft = make_draft(rule=rule(staff_at_least(3)))
    client.force_login(make_officer())
    lock = draft.version
    actions.send_for_review(version=draft, by=draft.author)

    given = {"act": "put", "lock": lock, "op": "gte", "value": "77"}
    page = client.post(f"{place_of(draft)}?edit=all.0", given)

    assert page.status_code == 409 and 'value="77"' in page.content.decode()
    assert "Only a draft can be rewritten." in words_of(page)


def test_a_listed_version_can_be_read_here_and_not_changed(client, db):
    version = make_version()
    client.force_login(make_officer())

    page = client.get(place_of(version))
    refused = client.post(place_of(version), {"act": "remove", "place": "all.0", "lock": version.version}, follow=True)

    assert page.status_code == 200
    assert 'value="remove"' not in page.content.decode()
    assert "Only a draft can be rewritten." in words_of(refused)
