"""What each resource shows, and what it keeps to itself."""

import datetime as dt

import orjson
import pytest
from django.core.cache import cache
from django.utils import timezone

from enterprises.growth.models import Recognition
from enterprises.registry.models import Founder, PublicField
from services.intermediaries.kinds import InstitutionType
from talents.profiles.models import Consent, Honour
from tests.factories.api import bearer, make_key
from tests.factories.facts import make_company, make_project
from tests.factories.intermediaries import make_institution, make_licence, make_taken
from tests.factories.policies import criterion, make_draft, make_policy, rule
from tests.factories.profiles import make_talent

pytestmark = pytest.mark.django_db
RESOURCES = ("policies", "institutions", "companies", "talents", "stages")


@pytest.fixture
def get(client):
    """Return the body of an answer."""
    cache.clear()
    _key, secret = make_key()
    return lambda address: orjson.loads(client.get(f"/api/v1/{address}", **bearer(secret)).content)


def of(body: dict, field: str) -> list:
    return [entry.get(field) for entry in body["results"]]


# --- Policies ---------------------------------------------------------------------------------------------------------
def test_a_policy_tells_its_conditions_in_words_and_as_data(get):
    policy = make_policy(rule=rule(criterion("enterprise.headcount", "gte", 5)))

    entry = get(f"policies/{policy.slug}/")

    assert [(each["rule"], each["facts"]) for each in entry["criteria"]] == [
        ("Staff of the company at least 5 people", ["enterprise.headcount"])
    ]
    assert entry["rule"] == {"version": 1, "all": [{"fact": "enterprise.headcount", "op": "gte", "value": 5}]}
    assert [(version["number"], version["state"]) for version in entry["versions"]] == [(1, "approved")]


def test_conditions_come_in_both_languages(get):
    policy = make_policy(rule=rule(criterion("enterprise.headcount", "gte", 5)))

    (said,) = get(f"policies/{policy.slug}/?lang=all")["criteria"]

    assert set(said["rule"]) == {"en", "zh-hans"}


def test_a_policy_that_no_second_officer_has_checked_is_not_there(get):
    draft = make_draft()

    assert get("policies/")["results"] == []
    assert get(f"policies/{draft.policy.slug}/")["status"] == 404


def test_the_status_is_computed_from_the_dates(get):
    today = timezone.now()
    make_policy(slug="open")
    make_policy(slug="closed", deadline=today - dt.timedelta(days=1))
    make_policy(slug="soon", deadline=today + dt.timedelta(days=3))

    body = get("policies/?ordering=slug")

    assert list(zip(of(body, "slug"), of(body, "status"), strict=True)) == [
        ("closed", "closed"), ("open", "open"), ("soon", "closing_soon"),
    ]  # fmt: skip
    assert of(get("policies/?status=open&status=closing_soon"), "slug") == ["open", "soon"]


def test_policies_are_filtered_and_searched(get):
    make_policy(slug="rent", title_en="Rent relief", title_zh_hans="房租减免", about={"kind": "space"})
    make_policy(slug="grant", title_en="Start-up grant", title_zh_hans="创业资助")

    assert of(get("policies/?kind=space"), "slug") == ["rent"]
    assert of(get("policies/?search=grant"), "slug") == ["grant"]
    assert of(get("policies/?search=减免"), "slug") == ["rent"]
    assert of(get("policies/?closes_before=2026-01-01T00:00:00Z"), "slug") == []


# --- Institutions -----------------------------------------------------------------------------------------------------
def test_an_institution_shows_what_it_may_offer_today_and_its_licences(get):
    bank = make_institution(licensed=False)
    make_licence(bank, code="financial_permit", number="N-1", expires_on=dt.date(2026, 4, 19))
    exchange = make_institution("technology_listing", type=InstitutionType.EXCHANGE)

    lapsed = get(f"institutions/{bank.organisation.slug}/")
    valid = get(f"institutions/{exchange.organisation.slug}/")

    assert lapsed["offers"] == []
    assert [(each["code"], each["valid"], each["expires_on"]) for each in lapsed["licences"]] == [
        ("financial_permit", False, "2026-04-19")
    ]
    assert [offer["code"] for offer in valid["offers"]] == ["technology_listing"]


def test_the_reply_time_is_the_measured_one(get):
    bank = make_institution()
    make_taken(bank).matches.update(told_at=timezone.now() - dt.timedelta(hours=3))

    reply = get(f"institutions/{bank.organisation.slug}/")["first_reply"]

    assert (reply["minutes"], reply["replies"], reply["cases"]) == (180, 1, 1)


def test_neither_notes_nor_contacts_nor_groups_of_an_institution_are_given(get):
    bank = make_institution(note="Watch", contact_email="desk@inst.example", contact_phone="110", group="G9")

    said = orjson.dumps(get(f"institutions/{bank.organisation.slug}/")).decode()

    assert [secret for secret in ("Watch", "desk@inst.example", '"110"', "G9") if secret in said] == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=bank", ["bank"]),
        ("kind=bank&kind=law_firm", ["bank", "lawyers"]),
        ("language=ru", ["lawyers"]),
        ("sector=software_ai", ["bank"]),
        ("stage=growth", ["bank"]),
        ("offer=retainer", ["lawyers"]),
        ("key_partner=true", ["lawyers"]),
        ("search=Lawyers", ["lawyers"]),
    ],
)
def test_institutions_are_filtered(get, query, expected):
    make_institution(slug="bank")
    lawyers = make_institution(
        "retainer", type=InstitutionType.LAW, slug="lawyers", name="Two Lawyers", languages=["zh", "ru"],
        sectors=["biomedicine"], key_partner=True,
    )  # fmt: skip
    lawyers.offers.update(stages=["startup"])

    assert of(get(f"institutions/?{query}"), "slug") == expected


# --- Companies --------------------------------------------------------------------------------------------------------
def make_shown(*fields: str, **more):
    """A company in the start-up stage that agreed to show these fields."""
    tenant = make_company(**more)
    enterprise = tenant.enterprise
    enterprise.about_en, enterprise.about_zh_hans = "We see what others do not.", "我们看见别人看不见的。"
    enterprise.website, enterprise.public_fields = "https://company.example/", list(fields)
    enterprise.save()
    return enterprise


def test_a_company_shows_what_it_agreed_to_and_not_one_field_more(get):
    everything = set(PublicField.values)
    company = make_shown("name", "sector")
    Founder.objects.create(enterprise=company, talent=make_talent(name="Lin Yue"), share=60)

    entry = get(f"companies/{company.pk}/")

    assert set(entry) == {"id", "name", "sector", "sector_label"}
    assert everything > {"name", "sector"}
    assert "Lin Yue" not in orjson.dumps(entry).decode()


def test_a_company_that_shows_everything(get):
    company = make_shown("name", "sector", "stage", "about", "website", "founders", "recognitions")
    founder, shy = make_talent(name="Lin Yue"), make_talent(name="Shy Person")
    Consent.objects.create(talent=founder, what=Consent.What.SHOWCASE)
    for talent, share in ((founder, 60), (shy, 40)):
        Founder.objects.create(enterprise=company, talent=talent, share=share)
    Recognition.objects.create(enterprise=company, rung="hnte", valid_from=dt.date(2025, 1, 1))

    entry = get(f"companies/{company.pk}/")

    assert entry == {
        "id": company.pk,
        "name": company.organisation.name,
        "sector": "biomedicine",
        "sector_label": "Biomedicine",
        "stage": "Start-up incubation",
        "about": "We see what others do not.",
        "website": "https://company.example/",
        "founders": ["Lin Yue"],
        "recognitions": ["High-tech enterprise"],
    }


def test_a_company_that_did_not_agree_is_not_there(get):
    silent = make_shown()
    nameless = make_shown("sector", "about")

    assert get("companies/")["results"] == []
    assert [get(f"companies/{company.pk}/")["status"] for company in (silent, nameless)] == [404, 404]


def test_a_consent_that_is_withdrawn_ends_at_once(get):
    company = make_shown("name", "about")
    assert "about" in get(f"companies/{company.pk}/")

    company.public_fields = ["name"]
    company.save()
    assert "about" not in get(f"companies/{company.pk}/")

    company.public_fields = []
    company.save()
    assert get(f"companies/{company.pk}/")["status"] == 404


@pytest.mark.parametrize("field", ["sector", "recognitions"])
def test_a_company_is_not_found_by_what_it_keeps_to_itself(get, field):
    query = {"sector": "sector=biomedicine", "recognitions": "recognition=hnte"}[field]
    hidden, shown = make_shown("name"), make_shown("name", field)
    for company in (hidden, shown):
        Recognition.objects.create(enterprise=company, rung="hnte", valid_from=dt.date(2025, 1, 1))

    assert of(get(f"companies/?{query}"), "id") == [shown.pk]


def test_no_answer_on_companies_holds_a_credit_code_or_an_address(get):
    company = make_shown(*PublicField.values)
    company.credit_code = "91229900MADEM0011M"
    company.save()

    said = orjson.dumps(get("companies/")).decode()

    assert [secret for secret in ("91229900MADEM0011M", "@") if secret in said] == []


# --- People -----------------------------------------------------------------------------------------------------------
def test_only_people_who_agreed_are_shown(get):
    agreed, silent, withdrawn = make_talent(name="Agreed One"), make_talent(), make_talent()
    Consent.objects.create(talent=agreed, what=Consent.What.SHOWCASE)
    Consent.objects.create(talent=silent, what=Consent.What.MATCHING)
    Consent.objects.create(talent=withdrawn, what=Consent.What.SHOWCASE, withdrawn_at=timezone.now())

    assert of(get("talents/"), "id") == [agreed.pk]
    assert [get(f"talents/{talent.pk}/")["status"] for talent in (silent, withdrawn)] == [404, 404]


def test_a_person_is_shown_without_birth_nationality_and_address(get):
    talent = make_talent(
        born_on=dt.date(1985, 3, 4), nationality="CAN", talent_class="A", origin="DEU", degree="doctor"
    )
    Consent.objects.create(talent=talent, what=Consent.What.SHOWCASE)
    Honour.objects.create(
        talent=talent, name="Friendship Award", name_en="Friendship Award", name_zh_hans="友谊奖", granted_by="State",
        granted_by_en="State", granted_by_zh_hans="国家", level="national", year=2024,
    )  # fmt: skip

    entry = get(f"talents/{talent.pk}/")

    said = orjson.dumps(entry).decode()
    assert [secret for secret in ("1985", "CAN", talent.user.email) if secret in said] == []
    assert (entry["origin"], entry["degree"], entry["degree_label"]) == ("DEU", "doctor", "Doctorate")
    assert entry["honours"] == [{"name": "Friendship Award", "granted_by": "State", "level": "national", "year": 2024}]


# --- Stages -----------------------------------------------------------------------------------------------------------
def test_the_five_stages_come_in_order_with_their_tenants(get):
    make_company(), make_company()
    make_project()
    make_project(state="exited")

    body = get("stages/")

    assert of(body, "number") == [1, 2, 3, 4, 5]
    assert of(body, "tenants") == [1, 0, 2, 0, 0]
    assert get("stages/startup/")["name"] == "Start-up incubation"


# --- Cost -------------------------------------------------------------------------------------------------------------
MAKERS = {
    "policies": make_policy,
    "institutions": make_institution,
    "companies": lambda: make_shown(*PublicField.values),
    "talents": lambda: Consent.objects.create(talent=make_talent(), what=Consent.What.SHOWCASE),
    "stages": make_company,
}


@pytest.mark.parametrize("name", RESOURCES)
def test_a_list_costs_the_same_for_one_entry_and_for_ten(client, name, django_assert_max_num_queries):
    cache.clear()
    _key, secret = make_key()
    MAKERS[name]()
    client.get(f"/api/v1/{name}/", **bearer(secret))
    with django_assert_max_num_queries(7):
        client.get(f"/api/v1/{name}/", **bearer(secret))
    for _ in range(9):
        MAKERS[name]()

    with django_assert_max_num_queries(7):
        client.get(f"/api/v1/{name}/", **bearer(secret))
