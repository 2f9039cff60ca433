"""The catalogue: the real policies load, filters count truly, search finds words of both languages."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from park.rules.linter import Severity, lint
from services.interpretation import derived
from services.policies import catalogue
from services.policies.facets import FACETS, Asked
from services.policies.facets import catalogue as ask
from services.policies.models import Policy, PolicyVersion
from services.policies.states import State
from services.policies.status import closes_at
from tests.factories.policies import criterion, make_draft, make_officer, make_policy, make_reviewer, rule

pytestmark = pytest.mark.django_db
FILE = Path(settings.BASE_DIR) / "services/demo/data/policies.yaml"
NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)  # the day on which the file was compiled, noon in Beijing


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Load the policies once for all tests of this file; the transaction is given up at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        catalogue.load(FILE, author=make_officer(), reviewer=make_reviewer(), prepare=derived.write)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def park(loaded, db):
    """The real policies, as the demo park has them."""


def asked(query: str = "") -> Asked:
    return Asked.of(QueryDict(query))


def test_all_policies_load_and_their_rules_are_sound(park):
    versions = PolicyVersion.objects.select_related("policy")

    assert len(versions) == 66
    assert {version.state for version in versions} == {State.APPROVED}
    faults = {
        version.policy.slug: [str(each) for each in lint(version.rule, version.vocabulary)]
        for version in versions
        if any(each.severity == Severity.ERROR for each in lint(version.rule, version.vocabulary))
    }
    assert faults == {}


def test_loading_again_changes_nothing(park):
    before = set(PolicyVersion.objects.values_list("pk", "version"))

    counts = catalogue.load(FILE, author=make_officer(), reviewer=make_reviewer(), prepare=derived.write)

    assert (counts.new, counts.changed, counts.unchanged) == (0, 0, 66)
    assert set(PolicyVersion.objects.values_list("pk", "version")) == before


def test_an_entry_that_became_another_is_the_next_version(park):
    entry = next(entry for entry in catalogue.read(FILE) if entry["slug"] == "k-visa")

    counts = catalogue.load(
        {"policies": [entry | {"title_en": "K visa, revised"}]}, author=make_officer(), reviewer=make_reviewer(),
        prepare=derived.write,
    )

    policy = Policy.objects.get(slug="k-visa")
    assert (counts.new, counts.changed, counts.unchanged) == (0, 1, 0)
    assert (policy.current.number, policy.current.title_en) == (2, "K visa, revised")
    assert policy.versions.count() == 2


def test_what_an_entry_says_stands_on_the_policy(park):
    policy = Policy.objects.select_related("current").get(slug="ccxq-incremental-2025")

    assert policy.current.valid_from == dt.date(2025, 2, 21)
    assert sorted(policy.depends_on.values_list("slug", flat=True)) == [
        "changchun-sti-quality-2025",
        "hnte-recognition",
    ]
    assert policy.current.stages == ["startup", "growth", "accelerated"]
    assert Policy.objects.get(slug="jilin-venture-fund-call-2025").current.stages == ["startup", "growth"]
    assert Policy.objects.get(slug="changchun-biomed-2023").current.sectors == ["biomedicine", "medical_devices"]
    assert Policy.objects.get(slug="incubator-measures-2025").current.stages == []


@pytest.mark.parametrize(
    ("slug", "status"),
    [
        ("hnte-recognition", "open"),
        ("little-giant-2022", "superseded"),
        ("shanghai-returnees-2021", "superseded"),
        ("jilin-venture-fund-call-2025", "closed"),
        ("jilin-cas-fund-2025", "expired"),
        ("jilin-outstanding-contribution", "closed"),
        ("changbai-wisdom-valley", "unclear"),
        ("ccxq-contest-2017", "expired"),
    ],
)
def test_the_status_is_computed_from_the_dates(park, slug, status):
    assert Policy.objects.with_status(NOON).get(slug=slug).live == status


@pytest.mark.parametrize(
    ("wording", "status"),
    [
        ({"deadline": NOON + dt.timedelta(days=14)}, "closing_soon"),
        ({"deadline": NOON + dt.timedelta(days=14, seconds=1)}, "open"),
        ({"deadline": NOON}, "closing_soon"),
        ({"deadline": NOON - dt.timedelta(seconds=1)}, "closed"),
        ({"valid_from": dt.date(2026, 11, 22)}, "open"),
        ({"valid_from": dt.date(2026, 11, 23)}, "not_yet"),
        ({"valid_until": dt.date(2026, 11, 22)}, "closing_soon"),
        ({"valid_until": dt.date(2026, 11, 21)}, "expired"),
        ({"valid_until": dt.date(2027, 11, 21)}, "open"),
        ({"compiler_status": "call_closed"}, "closed"),
        ({"compiler_status": "expired_or_unclear"}, "unclear"),
        ({}, "open"),
    ],
)
def test_a_policy_changes_its_status_on_the_very_day(wording, status):
    policy = make_policy(**wording)

    assert Policy.objects.with_status(NOON).get(pk=policy.pk).live == status


def test_drafts_are_not_in_the_catalogue():
    draft, listed = make_draft().policy, make_policy()

    assert list(Policy.objects.listed().filter(pk__in=[draft.pk, listed.pk])) == [listed]


QUERIES = [
    "", "kind=subsidy", "kind=subsidy&kind=finance", "level=national&status=open", "stage=startup&sector=biomedicine",
    "closes=none&applicant=talent", "q=孵化器", "q=visa&status=open&level=national",
    "kind=tax&applicant=park&closes=30",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_each_count_is_the_number_of_rows_its_answer_would_list(park, query):
    found = ask(asked(query), NOON)

    for facet in FACETS:
        for value in facet.choices.values:
            narrowed = QueryDict(query, mutable=True)
            narrowed.setlist(facet.name, [value])
            listed = len(ask(Asked.of(narrowed), NOON).policies)
            assert found.counts.get(facet.name, {}).get(value, 0) == listed, (facet.name, value)
    assert found.total == len(found.policies)


def test_what_would_be_left_without_a_filter_is_true(park):
    found = ask(asked("kind=tax&applicant=park&level=district"), NOON)

    assert found.total == 0
    assert found.without == {
        name: len(ask(asked(rest), NOON).policies)
        for name, rest in (
            ("kind", "applicant=park&level=district"),
            ("applicant", "kind=tax&level=district"),
            ("level", "kind=tax&applicant=park"),
        )
    }


def slugs(query: str) -> list[str]:
    return [policy.slug for policy in ask(asked(query), NOON).policies]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("小巨人", "little-giant-2022"),
        ("little giants", "little-giant-2022"),
        ("概念验证", "jlu-proof-of-concept-2023"),
        ("proof of concept", "jlu-proof-of-concept-2023"),
        ("加计扣除", "rd-super-deduction"),
        ("super deductions", "rd-super-deduction"),
        ("国科发火〔2016〕32号", "hnte-recognition"),
    ],
)
def test_search_finds_chinese_and_english_words(park, words, first):
    assert slugs(f"q={words}")[0] == first


def test_a_search_with_too_few_hits_asks_for_one_of_the_words(park):
    found = ask(asked("q=孵化器 骆驼"), NOON)

    assert found.loosened
    assert "incubator-measures-2025" in [policy.slug for policy in found.policies]


def test_a_word_that_is_misspelt_finds_titles_that_are_like_it(park):
    assert "incubator-measures-2025" in slugs("q=incubater+measurs")


def test_a_search_for_nothing_that_exists_finds_nothing(park):
    assert slugs("q=zzzzqqqq") == []


@pytest.mark.parametrize("words", ["", "%00", "'", "\\", "!!!", "&|!():*", "专" * 500, "a" * 5000])
def test_no_question_breaks_the_search(park, words):
    ask(asked(f"q={words}"), NOON)


def test_a_rule_that_asks_for_a_stage_says_so_in_the_filter():
    policy = make_policy(rule=rule(criterion("enterprise.stage", "in", ["growth"])))

    assert policy.current.stages == ["growth"]
    assert policy.slug not in slugs("stage=startup")
    assert policy.slug in slugs("stage=growth")


def test_a_deadline_ends_at_17_beijing_time():
    assert closes_at(dt.date(2026, 9, 30)) == dt.datetime(2026, 9, 30, 9, tzinfo=dt.UTC)


def test_the_orders_put_first_what_they_say(park):
    now = timezone.now()
    soon = make_policy(deadline=now + dt.timedelta(days=3))
    rich = make_policy(
        benefits=[{"en": "Cash", "zh": "现金", "type": "cash", "currency": "CNY", "amount_max": 900_000_000}]
    )

    assert slugs("order=closing")[0] != rich.slug
    assert slugs("order=amount")[0] == rich.slug
    assert soon.slug in slugs("order=closing")[:3]
