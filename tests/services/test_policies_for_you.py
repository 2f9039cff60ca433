"""The tenant's own list: what deserves its time first, what its stages open and end, and what it set aside."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from incubation.facts import wide_row
from incubation.journey.stages import Stage
from park.accounts.models import User
from services.policies import acted, actions, for_you, judging, matching
from services.policies.models import Verdict
from tests.factories.accounts import make_user
from tests.factories.facts import know, make_company, make_owner, make_project
from tests.factories.policies import criterion, make_policy, make_version, release, rule, staff_at_least

pytestmark = pytest.mark.django_db
HEADCOUNT = "enterprise.headcount"


def words_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def titles(matches) -> list[str]:
    return [match.version.title for match in matches]


def closing_in(days: int) -> dict:
    return {"deadline": timezone.now() + dt.timedelta(days=days)}


def stages(*names, **more) -> dict:
    return criterion("tenant.stage", "in", [str(name) for name in names], **more)


@pytest.fixture
def company():
    tenant = make_company()
    know(tenant, {HEADCOUNT: 12})
    tenant.owner = make_owner(tenant, user=make_user())
    return tenant


def test_closing_soon_times_fit_says_what_comes_first(company):
    asks = rule(staff_at_least(10), criterion("enterprise.is_sme", "is_true"))
    make_policy(title_en="Fits, no end")
    make_policy(title_en="May fit, closes tomorrow", rule=asks, **closing_in(1))
    make_policy(title_en="Fits, closes in a week", **closing_in(7))
    make_policy(title_en="May fit, no end", rule=asks)
    make_policy(title_en="Never, closes tomorrow", rule=rule(criterion("enterprise.sector", "in", ["software_ai"])),
                **closing_in(1))

    found = for_you.of(company)

    assert titles(found.matches) == [
        "Fits, closes in a week", "May fit, closes tomorrow", "Fits, no end", "May fit, no end",
        "Never, closes tomorrow",
    ]  # fmt: skip
    assert titles(found.now) == titles(found.matches)[:4]
    assert titles(found.soon) == ["Fits, closes in a week", "May fit, closes tomorrow"]


def test_a_tenant_over_its_gate_finds_other_lists(company):
    make_policy(title_en="Start-ups only", rule=rule(stages(Stage.STARTUP)))
    make_policy(title_en="Both", rule=rule(stages(Stage.STARTUP, Stage.GROWTH)))
    make_policy(title_en="From growth on", rule=rule(stages(Stage.GROWTH, Stage.ACCELERATED)))
    make_policy(title_en="Later still", rule=rule(stages(Stage.ACCELERATED)))
    grown = make_company(stage=Stage.GROWTH)
    wide_row.refresh()

    before, after = for_you.of(company), for_you.of(grown)

    def lists(found):
        return sorted(titles(found.now)), sorted(titles(found.soon)), sorted(titles(found.next)), found.next_stage

    assert lists(before) == (["Both", "Start-ups only"], ["Start-ups only"], ["From growth on"], Stage.GROWTH)
    assert lists(after) == (["Both", "From growth on"], ["Both"], ["Later still"], Stage.ACCELERATED)


def test_a_project_sees_what_a_company_of_its_own_would_open():
    project = make_project(stage=Stage.ENTERPRISE_PRE)
    make_policy(title_en="For companies", rule=rule(criterion("enterprise.headcount", "gte", 1)))
    make_policy(title_en="For founders", about={"applicant": "talent"}, rule=rule(criterion("talent.age", "gte", 1)))

    found = for_you.of(project)

    assert (titles(found.now), titles(found.next)) == (["For founders"], ["For companies"])


def test_what_is_set_aside_leaves_the_list_and_comes_back(client, company):
    policy = make_policy(title_en="Grant")
    client.force_login(company.owner)
    here = reverse("policies:aside", args=[company.organisation.slug, policy.slug])
    fit = reverse("policies:fit", args=[company.organisation.slug])
    assert "Why is it not for you?" in words_of(client.get(here))
    assert client.post(here, {"note": "no reason"}).status_code == 422

    page = client.post(here, {"reason": "effort"}, follow=True)

    assert "Grant" not in [result["title"] for result in page.context["results"]]
    assert [result["title"] for result in client.get(f"{fit}?when=aside").context["results"]] == ["Grant"]
    assert "Too much work" in words_of(client.get(here))
    page = client.post(here, {"back": "1"}, follow=True)
    assert [result["title"] for result in page.context["results"]] == ["Grant"]


def test_who_does_not_speak_for_the_tenant_sets_nothing_aside(client, company):
    policy = make_policy()
    client.force_login(make_user())

    here = reverse("policies:aside", args=[company.organisation.slug, policy.slug])

    assert client.post(here, {"reason": "effort"}).status_code == 404


def test_what_is_set_aside_counts_as_acted_so_nobody_is_reminded(company, django_capture_on_commit_callbacks):
    version = make_version(rule=rule(staff_at_least(10)))
    with django_capture_on_commit_callbacks(execute=True):
        release(version)
    assert acted.waiting(Verdict.objects.all()).count() == 1

    actions.set_aside(policy=version.policy, tenant=company, by=company.owner, reason="have")

    assert acted.waiting(Verdict.objects.all()).count() == 0


def test_what_fitted_before_is_shown_and_not_mailed(client, company, django_capture_on_commit_callbacks):
    version = make_version(title_en="Grant", rule=rule(staff_at_least(10)))
    with django_capture_on_commit_callbacks(execute=True):
        release(version)
    know(company, {HEADCOUNT: 2}, as_of=timezone.localdate())
    matching.rejudge_changed()
    client.force_login(company.owner)

    page = client.get(reverse("policies:fit", args=[company.organisation.slug]))

    assert "Fitted before, and not now Grant" in words_of(page)
    assert User.objects.get(pk=company.owner.pk).notices.count() == 1  # that of the release


@pytest.mark.parametrize("policies", [1, 12])
def test_the_list_costs_the_same_for_one_policy_and_for_many(client, company, policies, django_assert_num_queries):
    for number in range(policies):
        make_policy(rule=rule(staff_at_least(number + 5)), **closing_in(number + 1))
    client.force_login(company.owner)
    here = reverse("policies:fit", args=[company.organisation.slug])
    client.get(here)

    with django_assert_num_queries(LIST_COST):
        client.get(here)


LIST_COST = 11


def test_all_policies_asked_in_one_pass_are_those_judged_one_by_one(company):
    for headcount in (5, 12, 30):
        make_policy(rule=rule(staff_at_least(headcount), criterion("enterprise.is_sme", "is_true", hard=True)))
    make_policy(rule=rule(criterion("enterprise.sector", "in", ["software_ai"])))
    make_policy(about={"applicant": "park"})

    possible = judging.possible_for(company)

    one_by_one = [match for match in judging.for_tenant(company) if match.verdict != "not_now"]
    assert [(match.policy, match.verdict) for match in possible] == [
        (match.policy, match.verdict) for match in one_by_one
    ]
    assert len(possible) == 3
