"""The pages of policies: the catalogue, a policy, the self-check, and what fits a tenant."""

import datetime as dt
import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from incubation.facts.models import Fact, Source
from park.organisations.models import Role
from services.policies import checking, judging
from services.policies.states import State
from tests.factories.accounts import make_user
from tests.factories.facts import know, make_company, make_owner, make_project
from tests.factories.policies import criterion, make_draft, make_policy, make_version, rule, staff_at_least

pytestmark = pytest.mark.django_db
HEADCOUNT = "enterprise.headcount"
CATALOGUE = "/policies/"


def words_of(response) -> str:
    """Return what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def titles(response) -> list[str]:
    return re.findall(r'<h[23] class="h3"><a href="[^"]+">([^<]+)</a>', response.content.decode())


# --- The catalogue ----------------------------------------------------------------------------------------------------
def test_a_visitor_sees_the_policies_with_their_facts(client):
    policy = make_policy(
        title_en="Rent relief",
        benefits=[
            {"en": "Cash", "zh": "现金", "type": "cash", "currency": "CNY", "amount_max": 500_000},
            {"en": "Loan", "zh": "贷款", "type": "loan", "currency": "CNY", "amount_max": 9_000_000},
        ],
    )

    page = client.get(CATALOGUE)

    assert titles(page) == ["Rent relief"]
    assert "Up to CN¥500,000" in words_of(page)
    assert policy.get_absolute_url() == f"/policies/{policy.slug}/"


def test_the_catalogue_speaks_chinese_under_its_own_address(client):
    make_policy(title_en="Rent relief", title_zh_hans="租金减免")

    assert titles(client.get("/zh-hans/policies/")) == ["租金减免"]


def test_filters_work_as_a_plain_form_and_can_be_taken_off(client):
    make_policy(title_en="Tax", about={"kind": "tax"})
    make_policy(title_en="Grant", about={"kind": "subsidy"})

    page = client.get(CATALOGUE, {"kind": "tax", "q": "", "order": "newest"})

    assert titles(page) == ["Tax"]
    chip = re.search(r'<a class="chip is-on" href="([^"]+)">Tax', page.content.decode()).group(1)
    assert sorted(titles(client.get(chip.replace("&amp;", "&")))) == ["Grant", "Tax"]


def test_an_answer_that_nobody_gave_stays_visible_with_nought(client):
    make_policy()

    page = client.get(CATALOGUE).content.decode()

    assert re.search(r'is-none"><input type="checkbox" id="f-kind-\d+" name="kind" value="honour"', page)


def test_htmx_gets_the_results_the_counts_and_what_is_read_aloud(client):
    make_policy(title_en="Grant")

    part = client.get(CATALOGUE, {"kind": "subsidy"}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert "1 policy" in part
    assert 'id="filters" hx-swap-oob="true"' in part
    assert 'hx-swap-oob="innerHTML:#live"' in part


def test_an_empty_list_names_the_filters_that_stand_in_the_way(client):
    make_policy(about={"kind": "tax", "level": "national"})
    make_policy(about={"kind": "tax", "level": "municipal"})
    make_policy(about={"kind": "honour", "level": "provincial"})

    page = words_of(client.get(CATALOGUE, {"kind": "tax", "level": "provincial"}))

    assert "Drop “Issued by”: 2 policies" in page
    assert "Drop “What it is about”: 1 policy" in page


@pytest.mark.parametrize(
    "query", [{}, {"kind": "tax", "q": "grant"}, {"q": "zzz"}, {"page": "9999"}, {"order": "bogus"}]
)
def test_the_catalogue_costs_a_visitor_at_most_four_statements(client, query, django_assert_max_num_queries):
    for _ in range(3):
        make_policy()

    with django_assert_max_num_queries(4):
        assert client.get(CATALOGUE, query).status_code == 200


def test_a_member_sees_in_the_catalogue_what_fits(client, django_assert_max_num_queries):
    tenant = make_company()
    know(tenant, {HEADCOUNT: 12})
    client.force_login(make_owner(tenant))
    make_policy(rule=rule(staff_at_least(10)))
    client.get(CATALOGUE)

    with django_assert_max_num_queries(12):
        page = client.get(CATALOGUE)

    assert "Fits" in words_of(page)


# --- One policy -------------------------------------------------------------------------------------------------------
def test_a_visitor_reads_who_can_apply_in_plain_words(client):
    policy = make_policy(
        rule=rule(staff_at_least(10), criterion("enterprise.is_sme", "is_true", preferred=True)),
        documents=[{"en": "Business licence", "zh": "营业执照"}], steps=[{"en": "File online", "zh": "网上申报"}],
        notes_en="The window differs by year.",
    )  # fmt: skip

    page = words_of(client.get(policy.get_absolute_url()))

    for said in (
        "Staff of the company at least 10 people", "Is a small or medium company", "Business licence", "File online",
        "The window differs by year.", "City Talent Office decides.", "Check in four questions",
        "How sure we are: high",
    ):  # fmt: skip
        assert said in page


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.CANCELLED, State.WITHDRAWN])
def test_what_is_not_listed_is_not_found(client, state):
    version = make_draft()
    type(version).objects.filter(pk=version.pk).update(state=state)

    assert client.get(f"/policies/{version.policy.slug}/").status_code == 404


def test_a_policy_costs_a_visitor_a_constant_number_of_statements(client, django_assert_max_num_queries):
    policy = make_policy(rule=rule(*(staff_at_least(number) for number in range(1, 9))))

    with django_assert_max_num_queries(4):
        client.get(policy.get_absolute_url())


def test_a_closed_policy_says_so_and_leads_to_its_successor(client):
    old = make_policy(title_en="Old measures")
    new = make_policy(title_en="New measures")
    new.supersedes.add(old)

    page = client.get(old.get_absolute_url())

    assert "A newer policy has taken its place." in words_of(page)
    assert f'<a href="{new.get_absolute_url()}">New measures</a>' in page.content.decode()


def test_a_deadline_is_shown_on_both_clocks(client):
    owner = make_owner(make_company(), user=make_user(time_zone="Europe/Berlin"))
    client.force_login(owner)
    policy = make_policy(deadline=timezone.now() + dt.timedelta(days=5))

    page = words_of(client.get(policy.get_absolute_url()))

    assert "Beijing time (UTC+8)" in page
    assert "in your time zone (Berlin)" in page


def test_a_member_sees_why_it_fits_condition_by_condition(client):
    tenant = make_company()
    know(tenant, {HEADCOUNT: 12})
    client.force_login(make_owner(tenant))
    policy = make_policy(rule=rule(staff_at_least(10), criterion("enterprise.is_sme", "is_true")))

    page = words_of(client.get(policy.get_absolute_url()))

    assert "This may fit you" in page
    assert "You meet 1 of 2 conditions. Not known yet: 1." in page
    assert "Met. 12 people — entered by park staff" in page
    assert "Answer now" in page


def test_a_member_who_does_not_speak_for_the_tenant_is_not_asked(client):
    tenant = make_company()
    client.force_login(make_owner(tenant, role=Role.MEMBER))
    policy = make_policy()

    assert "Answer now" not in words_of(client.get(policy.get_absolute_url()))
    assert (
        client.get(
            reverse("policies:answer", args=[policy.slug, HEADCOUNT]), {"for": tenant.organisation.slug}
        ).status_code
        == 404
    )


def test_a_project_reads_a_policy_for_companies_without_a_verdict(client):
    client.force_login(make_owner(make_project()))

    page = words_of(client.get(make_policy().get_absolute_url()))

    assert "Who can apply" in page
    assert "Needs your attention" not in page


def answer_url(policy, tenant) -> str:
    return reverse("policies:answer", args=[policy.slug, HEADCOUNT]) + f"?for={tenant.organisation.slug}"


def test_an_answer_settles_the_condition_without_scripts(client):
    tenant, policy = make_company(), make_policy(rule=rule(staff_at_least(10)))
    client.force_login(make_owner(tenant))
    assert client.get(answer_url(policy, tenant)).status_code == 200

    response = client.post(answer_url(policy, tenant), {"value": "12", "for": tenant.organisation.slug}, follow=True)

    assert "This fits you" in words_of(response)
    assert Fact.objects.holding().get(key=HEADCOUNT).source == Source.SELF


def test_an_answer_by_htmx_brings_the_whole_panel_anew(client):
    tenant, policy = make_company(), make_policy(rule=rule(staff_at_least(10)))
    client.force_login(make_owner(tenant))

    part = client.post(
        answer_url(policy, tenant), {"value": "12", "for": tenant.organisation.slug}, headers={"HX-Request": "true"}
    )

    assert part.content.decode().lstrip().startswith('<div id="match-panel">')
    assert "This fits you" in words_of(part)


def test_an_answer_that_cannot_be_read_keeps_the_question_open(client):
    tenant, policy = make_company(), make_policy(rule=rule(staff_at_least(10)))
    client.force_login(make_owner(tenant))

    part = client.post(
        answer_url(policy, tenant), {"value": "-1", "for": tenant.organisation.slug}, headers={"HX-Request": "true"}
    )

    assert part.status_code == 422
    assert "Write 0 or more." in words_of(part)


def test_nobody_answers_for_somebody_elses_tenant(client):
    tenant, policy = make_company(), make_policy()
    client.force_login(make_owner(make_company()))

    response = client.post(answer_url(policy, tenant), {"value": "12", "for": tenant.organisation.slug})

    assert response.status_code == 404
    assert not Fact.objects.exists()


def test_a_fact_that_the_policy_does_not_ask_for_is_not_asked(client):
    tenant, policy = make_company(), make_policy()
    client.force_login(make_owner(tenant))

    url = reverse("policies:answer", args=[policy.slug, "talent.age"])
    assert client.get(url, {"for": tenant.organisation.slug}).status_code == 404


# --- What fits --------------------------------------------------------------------------------------------------------
def test_what_fits_best_stands_first(client):
    tenant = make_company()
    know(tenant, {HEADCOUNT: 12})
    client.force_login(make_owner(tenant))
    make_policy(title_en="Never", rule=rule(criterion("enterprise.sector", "in", ["software_ai"])))
    make_policy(title_en="Perhaps", rule=rule(staff_at_least(10), criterion("enterprise.is_sme", "is_true")))
    make_policy(title_en="Surely", rule=rule(staff_at_least(10)))
    make_policy(title_en="For others", about={"applicant": "park"})

    page = client.get(reverse("policies:fit", args=[tenant.organisation.slug]))

    assert titles(page) == ["Surely", "Perhaps", "Never"]
    assert titles(client.get(f"{page.request['PATH_INFO']}?verdict=near")) == ["Perhaps", "Never"]


def test_the_answer_that_would_settle_most_is_named(client):
    tenant = make_company()
    client.force_login(make_owner(tenant))
    make_policy(rule=rule(staff_at_least(10)))
    make_policy(rule=rule(staff_at_least(20)))
    make_policy(rule=rule(criterion("enterprise.is_sme", "is_true")))

    page = words_of(client.get(reverse("policies:fit", args=[tenant.organisation.slug])))

    assert "How many people work in your company? settles 2 policies, 2 policies wait for it" in page


def test_what_fits_a_tenant_is_nobody_elses_business(client):
    client.force_login(make_user())

    assert client.get(reverse("policies:fit", args=[make_company().organisation.slug])).status_code == 404


def test_my_fit_leads_to_the_tenant_or_to_the_check(client):
    client.force_login(make_user())
    assert client.get("/me/fit/").url == "/check/"

    tenant = make_company()
    client.force_login(make_owner(tenant))
    assert client.get("/me/fit/").url == f"/c/{tenant.organisation.slug}/fit/"


def test_judging_all_policies_costs_the_same_for_one_and_for_many(django_assert_num_queries):
    tenant = make_company()
    make_policy()
    judging.for_tenant(tenant)

    for _ in range(5):
        make_policy()
    with django_assert_num_queries(2):
        assert len(judging.for_tenant(tenant)) == 6


# --- The self-check ---------------------------------------------------------------------------------------------------
GIVEN = {"living": "abroad", "degree": "doctor_abroad", "field": "biomedicine", "company": "y3"}


def test_the_check_says_condition_by_condition_what_is_met_not_met_and_not_known(client):
    make_policy(
        title_en="Young companies",
        rule=rule(
            criterion("enterprise.age_months", "lte", 60), criterion("enterprise.sector", "in", ["software_ai"]),
            staff_at_least(3),
        ),
    )  # fmt: skip

    page = words_of(client.get("/check/", GIVEN))

    assert "1 policy checked" in page
    assert "1 met, 1 not met, 1 not known" in client.get("/check/", GIVEN).content.decode()
    assert "Met." in page and "Not met." in page and "Not known yet." in page


def test_the_check_stores_nothing(client):
    make_policy()

    response = client.get("/check/", GIVEN)

    assert client.get("/check/count/", GIVEN).status_code == 200
    assert list(response.cookies) in ([], ["csrf"])
    assert not Session.objects.exists()
    assert not Fact.objects.exists()


@pytest.mark.parametrize(
    ("asks", "state"),
    [
        (criterion("enterprise.age_months", "lte", 60), "met"),  # all of 1 to 3 years is below
        (criterion("enterprise.age_months", "lte", 24), "unknown"),  # one end is, one is not
        (criterion("enterprise.age_months", "lte", 6), "not_met"),
        (criterion("enterprise.age_days", "gte", 365), "met"),
        (criterion("talent.degree", "in", ["doctor", "master"]), "met"),
        (criterion("talent.degree_abroad", "is_true"), "met"),
        (criterion("talent.is_returnee", "is_true"), "unknown"),  # abroad now says nothing of before
        (criterion("talent.studying_or_working_abroad", "is_true"), "met"),
    ],
)
def test_an_answer_that_leaves_a_range_settles_only_what_holds_for_all_of_it(asks, state):
    make_policy(rule=rule(asks))

    match = checking.check(GIVEN)[0]

    assert [criterion["state"] for criterion in match.criteria] == [state]


def test_who_has_no_company_is_not_checked_against_policies_for_companies():
    make_policy()
    talent = make_policy(about={"applicant": "talent"}, rule=rule(criterion("talent.degree_abroad", "is_true")))

    assert [match.policy for match in checking.check({"company": "none", "degree": "doctor_abroad"})] == [talent]


def test_the_count_is_the_one_of_the_list(client):
    for number in (2, 5):
        make_policy(rule=rule(staff_at_least(number)))
    make_policy(rule=rule(criterion("enterprise.sector", "in", ["software_ai"])))

    part = words_of(client.get("/check/count/", GIVEN))

    assert "2 policies may fit" in part
    assert checking.tally(checking.check(GIVEN)) == {"fits": 0, "may_fit": 2, "not_now": 1}


@pytest.mark.parametrize("query", [{"living": "moon"}, {"degree": ["a", "b"]}, {"company": "\0"}])
def test_an_answer_that_is_not_offered_counts_as_left_open(client, query):
    assert client.get("/check/", query).status_code == 200


def test_the_check_costs_one_statement(django_assert_num_queries):
    for _ in range(3):
        make_version()

    with django_assert_num_queries(1):
        checking.check(GIVEN)
