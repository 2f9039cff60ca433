"""The pages on which a tenant sees, answers and disputes what is known of it."""

import pytest
from django.urls import reverse

from incubation.facts import wide_row
from incubation.facts.models import Fact, Source
from park.organisations.models import Role
from tests.factories.accounts import make_staff, make_user
from tests.factories.facts import know, make_company, make_owner

pytestmark = pytest.mark.django_db
HEADCOUNT = "enterprise.headcount"


def profile(tenant):
    return reverse("facts:profile", args=[tenant.organisation.slug])


def answer(tenant, key=HEADCOUNT):
    return reverse("facts:answer", args=[tenant.organisation.slug, key])


def test_a_member_sees_each_value_with_its_source_and_day(client):
    tenant = make_company()
    know(tenant, {HEADCOUNT: 12}, Source.STAFF)
    client.force_login(make_owner(tenant))

    page = client.get(profile(tenant)).content.decode()

    assert "12 people" in page
    assert "entered by park staff" in page


def test_a_stranger_finds_nothing(client):
    client.force_login(make_user())

    assert client.get(profile(make_company())).status_code == 404


def test_an_answer_is_recorded_as_the_tenants_own_word(client):
    tenant = make_company()
    owner = make_owner(tenant)
    client.force_login(owner)

    response = client.post(answer(tenant), {"value": "12"})

    assert response.url == profile(tenant)
    fact = Fact.objects.get()
    assert (fact.key, fact.value, fact.source, fact.recorded_by) == (HEADCOUNT, 12, Source.SELF, owner)
    assert wide_row.row_of(tenant).enterprise_headcount == 12


def test_a_share_is_asked_in_per_cent(client):
    tenant = make_company()
    client.force_login(make_owner(tenant))

    client.post(answer(tenant, "enterprise.st_staff_ratio"), {"value": "12.5"})

    assert str(wide_row.row_of(tenant).enterprise_st_staff_ratio) == "0.125000"


def test_an_answer_that_cannot_be_read_is_shown_again_with_the_reason(client):
    tenant = make_company()
    client.force_login(make_owner(tenant))

    response = client.post(answer(tenant), {"value": "-3"})

    assert response.status_code == 422
    assert "Write 0 or more." in response.content.decode()
    assert not Fact.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OWNER, 200), (Role.MANAGER, 200), (Role.FINANCE, 200), (Role.MEMBER, 404)]
)
def test_who_speaks_for_the_tenant_may_answer(client, role, status):
    tenant = make_company()
    client.force_login(make_owner(tenant, role=role))

    assert client.get(answer(tenant)).status_code == status
    assert client.get(profile(tenant)).status_code == 200


def test_nobody_is_led_out_of_the_portal_after_an_answer(client):
    tenant = make_company()
    client.force_login(make_owner(tenant))

    response = client.post(answer(tenant), {"value": "12", "next": "https://elsewhere.example/"})

    assert response.url == profile(tenant)


def test_the_page_costs_the_same_for_one_fact_and_for_many(client, django_assert_max_num_queries):
    tenant = make_company()
    client.force_login(make_owner(tenant))
    know(tenant, {HEADCOUNT: 12})
    client.get(profile(tenant))

    know(tenant, {"enterprise.revenue_cny": 5, "enterprise.is_sme": True, "talent.employed": True})
    with django_assert_max_num_queries(10):
        client.get(profile(tenant))


def test_an_officer_adds_a_fact_through_the_verb(client):
    tenant = make_company()
    officer = make_staff("facts.view_fact", "facts.add_fact", "journey.view_tenant")
    client.force_login(officer)

    client.post(
        reverse("admin:facts_fact_add"),
        {
            "tenant": tenant.pk,
            "key": "enterprise.rd_ratio_3y",
            "value": "5.5%",
            "source": "register",
            "as_of": "2026-03-31",
        },
    )

    fact = Fact.objects.get()
    assert (fact.value, fact.source, fact.recorded_by) == ("0.055", Source.REGISTER, officer)
    assert client.get(reverse("admin:facts_fact_changelist")).status_code == 200
    assert client.get(reverse("admin:facts_fact_change", args=[fact.pk])).status_code == 200


def test_an_officer_reads_why_a_value_is_refused(client):
    tenant = make_company()
    client.force_login(make_staff("facts.view_fact", "facts.add_fact", "journey.view_tenant"))

    response = client.post(
        reverse("admin:facts_fact_add"),
        {"tenant": tenant.pk, "key": HEADCOUNT, "value": "many", "source": "staff", "as_of": "2026-03-31"},
    )

    assert response.context["adminform"].form.errors == {"value": ["Write a number."]}
    assert not Fact.objects.exists()
