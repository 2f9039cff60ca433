"""Home, a person's start, a tenant's start and search: what they show, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incubation.journey.models import Tenant
from park.accounts.models import User
from services.desk import feed, figures, finding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("park")]


def sign_in(client, email: str) -> User:
    user = User.objects.get(email=email)
    client.force_login(user)
    return user


def cost(client, url: str) -> int:
    client.get(url)  # what is kept from one page to the next is kept now
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(queries)


PUBLIC = ["/", "/zh-hans/", "/help/", "/promises/", "/search/", "/search/?q=patent", "/search/?q=专利"]


@pytest.mark.parametrize("url", PUBLIC)
def test_what_is_public_opens_without_a_sign_in(client, url):
    assert client.get(url).status_code == 200


def test_the_home_page_asks_few_questions(client):
    assert cost(client, "/") <= 12


def test_the_home_page_counts_the_park(client):
    numbers = [number for number, _label in figures.park_in_numbers()]

    assert numbers[:3] == [242, 335, 23]


def test_a_promise_is_shown_with_its_real_middle_value():
    paces = {pace.promised: pace for pace in figures.paces()}

    assert paces
    assert all(pace.cases >= figures.FEW and 0 <= pace.share <= 100 for pace in paces.values())


@pytest.mark.parametrize(
    ("email", "where"),
    [
        ("intake@park.example", "/admin/"),
        ("tenant5@company.example", "/c/"),
        ("member1@company.example", "/c/"),
        ("institution1@inst.example", "/inst/"),
    ],
)
def test_everybody_is_sent_to_where_they_work(client, email, where):
    sign_in(client, email)

    assert client.get("/me/").url.startswith(where)


def test_an_applicant_finds_the_application(client):
    sign_in(client, "scholar3@talent.example")

    page = client.get("/me/").content.decode()

    assert "Expert review" in page


def test_a_tenant_sees_its_path_and_why_each_policy_is_shown(client):
    user = sign_in(client, "tenant5@company.example")
    tenant = Tenant.objects.visible_to(user).get()

    page = client.get(reverse("desk:tenant", args=[tenant.organisation.slug]))

    shown = page.context["feed"]
    assert shown
    assert all(item["because"] for item in shown)
    assert len(page.context["path"]) == 5


def test_a_tenants_requests_are_called_by_what_is_needed(client):
    user = sign_in(client, "tenant5@company.example")
    slug = Tenant.objects.visible_to(user).get().organisation.slug

    requests = client.get(f"/c/{slug}/").context["requests"]

    assert requests
    assert all(str(label) for _request, label in requests)


def test_a_tenants_start_costs_the_same_for_every_tenant(client):
    costs = set()
    for email in ("tenant3@company.example", "tenant5@company.example"):
        user = sign_in(client, email)
        slug = Tenant.objects.visible_to(user).get().organisation.slug
        costs.add(cost(client, f"/c/{slug}/"))

    assert max(costs) <= 22
    assert max(costs) - min(costs) <= 1


def test_a_stranger_does_not_find_the_workspace_of_a_tenant(client):
    slug = Tenant.objects.filter(talent__user__email="tenant5@company.example").get().organisation.slug
    sign_in(client, "tenant4@company.example")

    assert client.get(f"/c/{slug}/").status_code == 404


def test_what_is_still_missing_is_asked_by_how_much_it_settles():
    tenant = Tenant.objects.filter(talent__user__email="tenant5@company.example").get()

    missing = feed.for_tenant(tenant).missing

    assert [row["settles"] for row in missing] == sorted((row["settles"] for row in missing), reverse=True)


@pytest.mark.parametrize("word", ["high-tech", "专利"])
def test_search_finds_english_and_chinese_words(word):
    groups = {str(group["title"]): group for group in finding.find(word)}

    assert groups["Policies"]["total"] > 0


def test_search_shows_only_companies_that_agreed():
    hidden = Tenant.objects.filter(enterprise__public_fields=[]).first()

    groups = {str(group["title"]) for group in finding.find(hidden.organisation.name_en)}

    assert "Companies" not in groups


def test_the_staff_area_begins_with_what_waits(client):
    sign_in(client, "intake@park.example")

    page = client.get("/admin/")

    assert page.status_code == 200
    labels = [str(tile["label"]) for tile in page.context["tiles"]]
    assert labels[:6] == [
        "Mine", "Where I stand in", "Unassigned", "Late", "70 % of the time is used", "Waiting for the applicant",
    ]  # fmt: skip
    assert page.context["queue"]["rows"]
