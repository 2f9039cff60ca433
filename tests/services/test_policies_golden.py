"""Rules are held to golden cases, and what is broken is refused with a sentence that says why."""

import json
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import override

from incubation.facts.vocabulary import TENANT_FACTS
from park.rules.judge import judge
from park.rules.tree import from_eligibility, parse
from park.workflow.actions import MoveRefused
from services.policies import actions, catalogue
from services.policies.golden_forms import KnownFacts
from services.policies.models import GoldenCase, PolicyVersion
from services.policies.states import State
from tests.factories.policies import criterion, make_case, make_draft, make_version, rule, staff_at_least

HEADCOUNT, TITLE, SECTOR = "enterprise.headcount", "enterprise.is_high_tech", "enterprise.sector"
FITS, NOT = make_case("fits", {HEADCOUNT: 3}, "Three people"), make_case("may_fit", {HEADCOUNT: 2}, "Two people")


# --- The real policies ------------------------------------------------------------------------------------------------
def entries() -> dict[str, dict]:
    file = Path(settings.BASE_DIR) / "services/demo/data/policies.yaml"
    return {entry["slug"]: entry for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["policies"]}


def test_every_policy_says_of_its_golden_cases_what_was_checked_by_hand():
    rules = {slug: parse(from_eligibility(entry["eligibility"]), TENANT_FACTS) for slug, entry in entries().items()}
    wrong = [
        (slug, case["name"]["en"], str(found), case["expected"])
        for slug, cases in catalogue.golden().items()
        for case in cases
        if (found := judge(rules[slug], case["facts"]).verdict) != case["expected"]
    ]

    assert wrong == []


def test_every_policy_has_a_case_that_fits_and_one_that_does_not():
    cases = catalogue.golden()

    assert set(cases) == set(entries())
    assert all(len(each) >= 2 for each in cases.values())
    assert all({case["expected"] == "fits" for case in each} == {True, False} for each in cases.values())
    assert all(set(case["facts"]) <= set(TENANT_FACTS) for each in cases.values() for case in each)


# --- The verbs --------------------------------------------------------------------------------------------------------
def sent(**fields):
    version = make_draft(**fields)
    actions.send_for_review(version=version, by=version.author)
    return version


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cases", "sentence"),
    [
        ([], "A golden case is missing: write down a subject that fits, and where it says so."),
        ([NOT], "A golden case is missing: write down a subject that fits, and where it says so."),
        ([FITS], "A golden case is missing: write down a subject that does not fit, and where it says so."),
        (
            [FITS, NOT, make_case("fits", {HEADCOUNT: 1}, "One person")],
            "Golden case “One person” must say “Fits”, but the rule says “May fit”.",
        ),
    ],
)
def test_a_version_is_not_sent_while_a_golden_case_is_missing_or_fails(cases, sentence):
    with override("en"), pytest.raises(actions.CaseNotRight) as refusal:
        sent(cases=cases)

    assert sentence in str(refusal.value)


@pytest.mark.django_db
def test_a_rule_that_asks_for_nothing_needs_no_subject_that_does_not_fit():
    assert sent(rule=rule(), cases=[make_case("fits", {})]).golden_cases.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (make_case("fits", {"enterprise.shoe_size": 3}, "Shoes"), "Golden case “Shoes”: No fact is called"),
        (make_case("fits", {HEADCOUNT: "many"}, "Many"), "Golden case “Many”: "),
        (make_case("fits", {SECTOR: "shoes"}, "Shoes"), "“shoes” is not one of the answers to"),
        (make_case("perhaps", {}, "Perhaps"), "Golden case “Perhaps”: choose what the rule must say."),
        (FITS | {"name_zh_hans": ""}, "Say in both languages who a golden case is about."),
    ],
)
def test_a_case_that_cannot_be_judged_is_refused_by_name(case, sentence):
    with override("en"), pytest.raises(actions.CaseNotRight) as refusal:
        make_draft(cases=[case])

    assert sentence in str(refusal.value)


@pytest.mark.django_db
def test_the_cases_of_a_version_that_was_sent_are_fixed_also_in_the_database():
    version = sent()

    with pytest.raises(MoveRefused):
        actions.set_cases(version=version, cases=[], by=version.author)
    with pytest.raises(DatabaseError), transaction.atomic():
        GoldenCase.objects.filter(version=version).update(expected="not_now")
    with pytest.raises(DatabaseError), transaction.atomic():
        GoldenCase.objects.filter(version=version).delete()


@pytest.mark.django_db
def test_the_next_version_is_held_to_the_same_cases():
    version = make_version(cases=[FITS, NOT])

    following = actions.draft_version(
        slug=version.policy.slug, about={}, wording={"rule": rule(staff_at_least(4))}, by=version.author
    )

    assert [case.name_en for case in following.golden_cases.all()] == ["Three people", "Two people"]
    with override("en"), pytest.raises(actions.CaseNotRight, match="“Three people” must say “Fits”"):
        actions.send_for_review(version=following, by=version.author)


@pytest.mark.django_db
def test_an_officer_writes_golden_cases_beside_the_wording(client):
    version = make_draft(cases=[FITS])
    client.force_login(version.author)
    url = reverse("admin:policies_policyversion_change", args=[version.pk])
    case = version.golden_cases.get()
    form = {
        "title_en": version.title_en, "title_zh_hans": version.title_zh_hans, "summary_en": version.summary_en,
        "summary_zh_hans": version.summary_zh_hans, "rule": json.dumps(rule(staff_at_least(3))),
        "benefits": json.dumps(version.benefits), "documents": "[]", "steps": "[]", "compiler_status": "in_force",
        "contact_zh_hans": version.contact_zh_hans, "is_standing": "on", "read_version": version.version,
        "workflow-transitionlog-content_type-object_id-TOTAL_FORMS": 0,
        "workflow-transitionlog-content_type-object_id-INITIAL_FORMS": 0,
        "golden_cases-TOTAL_FORMS": 2, "golden_cases-INITIAL_FORMS": 1, "golden_cases-0-id": case.pk,
        "golden_cases-0-version": version.pk, "golden_cases-1-version": version.pk,
    }  # fmt: skip
    for place, (name, count, word) in enumerate((("Three people", 3, "fits"), ("Nobody", 0, "may_fit"))):
        form |= {
            f"golden_cases-{place}-name_en": name, f"golden_cases-{place}-name_zh_hans": name,
            f"golden_cases-{place}-expected": word, f"golden_cases-{place}-facts.{HEADCOUNT}": count,
        }  # fmt: skip

    assert "Three people" in client.get(url).content.decode()
    refused = client.post(url, form | {f"golden_cases-1-facts.{HEADCOUNT}": "some"}).content.decode()
    assert "Staff of the company: Write a number." in refused
    assert 'value="some"' in refused
    page = client.post(url, form)

    assert page.status_code == 302, page.content.decode()[-4000:]
    assert [(case.name_en, case.expected) for case in version.golden_cases.all()] == [
        ("Three people", "fits"),
        ("Nobody", "may_fit"),
    ]
    assert {case.name_en: case.facts for case in version.golden_cases.all()}["Three people"] == {HEADCOUNT: 3}
    actions.send_for_review(version=version, by=version.author)
    assert client.get(url).status_code == 200


def test_what_is_known_of_a_subject_is_typed_as_people_count_it_and_kept_as_the_rule_counts_it():
    share, grown, titled = "enterprise.rd_ratio_3y", "enterprise.revenue_cny", "enterprise.is_high_tech"
    boxes = KnownFacts([TENANT_FACTS[share]], TENANT_FACTS)
    typed = {f"facts.{share}": "3.5%", f"facts.{grown}": "5,000,000", f"facts.{titled}": "true"}

    kept = boxes.value_from_datadict(typed | {f"facts.{SECTOR}": ""}, {}, "facts")

    assert json.loads(kept) == {share: "0.035", grown: "5000000", titled: True}
    page = boxes.render("facts", kept, {"id": "id_facts"})
    assert 'value="3.5"' in page
    assert f'name="facts.{titled}"' in page


# --- Broken rules -----------------------------------------------------------------------------------------------------
def staff(op: str, value=None, **more) -> dict:
    return criterion(HEADCOUNT, op, value, **more)


def deep(node: dict, levels: int) -> dict:
    return node if not levels else {"all": [deep(node, levels - 1)]}


BROKEN = {
    "a number as a text": (rule(staff("gte", "many")), "Write a number, not a text."),
    "half a person": (rule(staff("gte", 2.5)), "Write a whole number."),
    "a comparison of yes and no": (rule(criterion(TITLE, "gte", 1)), "“gte” cannot be asked of"),
    "a fact that does not exist": (
        rule(criterion("enterprise.shoe_size", "gte", 1)), "No fact is called “enterprise.shoe_size”.",
    ),
    "no value": (rule(staff("gte")), "Write a value."),
    "a word that is not known": (rule(staff("gte", 3, weight=2)), "“weight” is not known here."),
    "one value where a list is due": (rule(criterion(SECTOR, "in", "biomedicine")), "Write a list with at least one"),
    "a range with one end": (rule(staff("between", [3])), "Write a list of two values, the lowest and the highest."),
    "true that is false": (rule(criterion(TITLE, "is_true", False)), "Leave the value out: “is_true” says it all."),
    "no version": ({"all": [staff("gte", 3)]}, "The version of a rule is 1."),
    "two branches in one": (
        {"version": 1, "all": [staff("gte", 3)], "any": []}, "This must hold exactly one of “all”, “any”, “not” or",
    ),
    "a branch that is no list": ({"version": 1, "all": staff("gte", 3)}, "This must be a list."),
    "too deep": (rule(deep(staff("gte", 3), 12)), "The rule is nested too deeply."),
    "too many": (rule(*(staff("gte", n) for n in range(1, 62))), "A rule holds at most 60 criteria."),
    "an answer that nobody can give": (rule(criterion(SECTOR, "eq", "shoes")), "“shoes” is not one of the answers"),
    "an empty range": (rule(staff("between", [10, 5])), "Nothing lies between 10 people and 5 people."),
    "a contradiction": (rule(staff("gte", 5), staff("lt", 3)), "contradicts the other conditions."),
    "fewer than nobody": (rule(staff("lt", 0)), "can never be met."),
    "nobody or more": (rule(staff("gte", 0)), "is always met."),
    "a dead branch": (
        rule(staff("gte", 10), {"any": [staff("lt", 5), criterion(TITLE, "is_true")]}),
        "cannot be met beside the other conditions.",
    ),
    "only dead branches": (
        rule(staff("gte", 10), {"any": [staff("lt", 5), staff("lt", 3)]}), "None of these alternatives can be met.",
    ),
    "either way": (rule({"any": [staff("gte", 5), staff("lt", 5)]}), "One of these alternatives is always met."),
    "the same twice": (rule(staff("gte", 5), staff("gte", 5)), "stands here twice."),
    "a branch of nothing": (rule({"any": []}), "This list of conditions is empty."),
    "a condition that never applies": (
        rule(staff("gte", 10), criterion(TITLE, "is_true", when=[staff("lt", 5)])), "never applies.",
    ),
    "one that cannot be met where it applies": (
        rule(staff("gte", 10, when=[staff("lt", 5)])), "it can never be met.",
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_refused_with_a_sentence_that_says_why(name):
    broken, sentence = BROKEN[name]

    with override("en"), pytest.raises(actions.RuleNotRight) as refusal:
        sent(rule=broken, cases=[])

    assert sentence in str(refusal.value)
    assert not PolicyVersion.objects.exclude(state=State.DRAFT).exists()
