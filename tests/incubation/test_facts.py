"""What is known of a tenant, where it comes from, and which of two values holds."""

import datetime as dt
from decimal import Decimal

import pytest

from enterprises.growth.models import FinancingRound, IPRight, Recognition, Rung
from enterprises.registry.models import Founder
from incubation.facts import actions, wide_row
from incubation.facts.models import Fact, Source, TenantFact
from incubation.facts.vocabulary import TENANT_FACTS
from tests.factories.accounts import make_staff
from tests.factories.facts import know, make_company, make_project
from tests.factories.profiles import make_stay, make_talent

pytestmark = pytest.mark.django_db
REVENUE = "enterprise.revenue_cny"
DAY = dt.date(2026, 6, 30)


def holding(tenant, key=REVENUE):
    fact = Fact.objects.holding().get(tenant=tenant, key=key)
    return fact.value, fact.source


def test_a_recorded_value_stands_in_the_wide_row_with_its_source_and_day():
    tenant = make_company()

    actions.record(tenant=tenant, key=REVENUE, value=Decimal("12500000.50"), source=Source.STAFF, as_of=DAY)

    known = wide_row.known(tenant)[REVENUE]
    assert (known.value, known.source, known.as_of) == (Decimal("12500000.50"), Source.STAFF, DAY)
    assert TenantFact.objects.get(pk=tenant.pk).enterprise_revenue_cny == Decimal("12500000.50")


def test_a_newer_value_supersedes_the_old_one_and_both_stay_on_record():
    tenant = make_company()
    actions.record(tenant=tenant, key=REVENUE, value=100, source=Source.STAFF, as_of=DAY)

    actions.record(tenant=tenant, key=REVENUE, value=200, source=Source.STAFF, as_of=DAY + dt.timedelta(days=30))

    assert holding(tenant) == ("200", Source.STAFF)
    assert list(tenant.facts.order_by("pk").values_list("value", flat=True)) == ["100", "200"]
    assert wide_row.row_of(tenant).enterprise_revenue_cny == 200


@pytest.mark.parametrize(
    ("first", "first_day", "second", "second_day", "holds"),
    [
        (Source.STAFF, DAY, Source.SELF, DAY, "first"),  # a tenant's word of the same day weighs less
        (Source.STAFF, DAY, Source.SELF, DAY - dt.timedelta(days=1), "first"),
        (Source.STAFF, DAY, Source.SELF, DAY + dt.timedelta(days=1), "second"),  # it is news
        (Source.SELF, DAY, Source.STAFF, DAY, "second"),
        (Source.SELF, DAY, Source.REGISTER, DAY, "second"),
        (Source.SELF, DAY, Source.STAFF, DAY - dt.timedelta(days=1), "first"),  # an older paper is no news
        (Source.REGISTER, DAY, Source.STAFF, DAY, "first"),
        (Source.SELF, DAY, Source.SELF, DAY, "second"),
    ],
)
def test_which_of_two_values_holds(first, first_day, second, second_day, holds):
    tenant = make_company()
    actions.record(tenant=tenant, key=REVENUE, value=1, source=first, as_of=first_day)

    later = actions.record(tenant=tenant, key=REVENUE, value=2, source=second, as_of=second_day)

    assert holding(tenant) == (("1", first) if holds == "first" else ("2", second))
    assert wide_row.row_of(tenant).enterprise_revenue_cny == (1 if holds == "first" else 2)
    assert later.held_back == (holds == "first")
    assert list(Fact.objects.disputed()) == ([later] if holds == "first" else [])


def test_a_value_past_its_last_day_gives_way_to_the_tenants_word():
    tenant = make_company()
    actions.record(
        tenant=tenant, key=REVENUE, value=1, source=Source.REGISTER, as_of=dt.date(2025, 1, 1),
        valid_until=dt.date(2025, 12, 31),
    )  # fmt: skip

    actions.record(tenant=tenant, key=REVENUE, value=2, source=Source.SELF, as_of=dt.date(2024, 12, 31))

    assert holding(tenant) == ("2", Source.SELF)


def test_an_officer_settles_what_says_otherwise():
    tenant, officer = make_company(), make_staff()
    actions.record(tenant=tenant, key=REVENUE, value=1, source=Source.STAFF)
    against = actions.record(tenant=tenant, key=REVENUE, value=2)

    actions.settle(fact=against, by=officer)

    assert list(Fact.objects.disputed()) == []
    assert holding(tenant) == ("1", Source.STAFF)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("enterprise.shoe_size", 43),
        ("enterprise.headcount", "many"),
        ("enterprise.headcount", -1),
        ("enterprise.headcount", 2.5),
        ("enterprise.st_staff_ratio", 10),
        ("enterprise.sector", "astrology"),
        ("enterprise.is_sme", "yes"),
        ("talent.age", 200),
        (REVENUE, Decimal("1e17")),
    ],
)
def test_what_the_vocabulary_does_not_allow_is_refused_and_nothing_is_written(key, value):
    tenant = make_company()

    with pytest.raises(actions.FactRefused) as refusal:
        actions.record_many(
            tenant=tenant, given=[actions.Given("enterprise.has_rd_institution", True), actions.Given(key, value)]
        )

    assert list(refusal.value.errors) == [key]
    assert not Fact.objects.exists()


def test_a_day_that_is_still_to_come_is_refused():
    with pytest.raises(actions.FactRefused):
        actions.record(tenant=make_company(), key=REVENUE, value=1, as_of=dt.date(2100, 1, 1))


def test_a_fact_taken_back_is_not_known_any_more():
    tenant = make_company()
    know(tenant, {REVENUE: 5}, Source.SELF)

    actions.record(tenant=tenant, key=REVENUE, value=None)

    assert REVENUE not in wide_row.known(tenant)
    assert wide_row.row_of(tenant).enterprise_revenue_cny is None


def test_what_the_register_the_profile_and_the_park_say_is_computed():
    talent = make_talent(
        nationality="DEU", foreign_chinese=True, degree="doctor", degree_abroad=True, born_on=dt.date(1985, 6, 30),
        returned_on=dt.date(2025, 12, 30), talent_class="C",
    )  # fmt: skip
    make_stay(talent, began_on=dt.date(2018, 10, 1), ended_on=dt.date(2022, 10, 1))
    tenant = make_company(
        talent=talent, registered_on=dt.date(2024, 2, 29), credit_code="91229900MA0000000A", zone="CCBH"
    )
    enterprise = tenant.enterprise
    Founder.objects.create(enterprise=enterprise, talent=talent, share=60, legal_representative=True)
    Recognition.objects.create(enterprise=enterprise, rung=Rung.TECH_SME, valid_from=dt.date(2025, 1, 1))
    Recognition.objects.create(
        enterprise=enterprise, rung=Rung.HNTE, valid_from=dt.date(2022, 1, 1), valid_until=dt.date(2024, 12, 31)
    )
    IPRight.objects.create(
        enterprise=enterprise, kind="invention", title="A", number="1", granted_on=dt.date(2024, 5, 1)
    )
    IPRight.objects.create(
        enterprise=enterprise, kind="software", title="B", number="2", granted_on=dt.date(2024, 5, 1)
    )
    FinancingRound.objects.create(enterprise=enterprise, kind="angel", amount=3_000_000, closed_on=dt.date(2023, 9, 1))
    FinancingRound.objects.create(enterprise=enterprise, kind="a", amount=9_000_000, closed_on=dt.date(2025, 9, 1))
    FinancingRound.objects.create(enterprise=enterprise, kind="loan", amount=5_000_000, closed_on=dt.date(2025, 9, 1))

    wide_row.refresh(day=DAY)

    row = TenantFact.objects.get(pk=tenant.pk)
    known = {key: getattr(row, TENANT_FACTS[key].column) for key in row.origins}
    assert known == {
        "tenant.stage": "startup", "tenant.sector": "biomedicine", "tenant.zone": "CCBH",
        "project.sector": "biomedicine", "project.city": "CN-JL-CC", "project.province": "CN-JL",
        "talent.has_startup_project": True, "talent.role": "legal_representative",
        "enterprise.stage": "startup", "enterprise.sector": "biomedicine", "enterprise.zone": "CCBH",
        "enterprise.city": "CN-JL-CC", "enterprise.province": "CN-JL", "enterprise.registered_country": "CN",
        "enterprise.legal_person": True, "enterprise.age_days": 852, "enterprise.age_months": 28,
        "enterprise.ladder": "tech_sme", "enterprise.is_high_tech": False, "enterprise.is_tech_sme": True,
        "enterprise.ip_total": 2, "enterprise.ip_class1": 1, "enterprise.invention_patents": 1,
        "enterprise.equity_financing_2y_cny": 9_000_000, "enterprise.equity_financing_3y_cny": 12_000_000,
        "enterprise.equity_total_cny": 12_000_000, "tenant.open_problems": 0,
        "enterprise.founders_overseas_share": 60,
        "talent.nationality": "DEU", "talent.is_foreign_chinese": True, "talent.degree": "doctor",
        "talent.degree_abroad": True, "talent.age": 41, "talent.is_returnee": True, "talent.months_abroad": 48,
        "talent.months_since_first_entry_after_study": 6, "talent.studying_or_working_abroad": False,
        "talent.talent_class": "C",
    }  # fmt: skip
    assert row.origins["enterprise.age_days"] == ["register", "2026-06-30", None]
    assert row.origins["talent.degree"][0] == "profile"
    assert row.origins["tenant.stage"] == ["park_record", "2026-03-02", None]


def test_a_project_without_a_company_has_no_facts_of_a_company():
    tenant = make_project()

    known = wide_row.known(tenant)

    assert [key for key in known if key.startswith("enterprise.")] == []
    assert known["talent.role"].value == "founder"


def test_where_the_register_speaks_the_tenants_word_is_kept_but_does_not_hold():
    tenant = make_company(sector="biomedicine")

    said = actions.record(tenant=tenant, key="enterprise.sector", value="software_ai")

    assert said.held_back
    assert wide_row.known(tenant)["enterprise.sector"].value == "biomedicine"


def test_where_the_register_is_silent_the_recorded_value_holds_until_it_speaks():
    tenant = make_company()
    actions.record(tenant=tenant, key="enterprise.ip_total", value=7)
    assert wide_row.known(tenant)["enterprise.ip_total"].value == 7

    wide_row.refresh()
    assert wide_row.known(tenant)["enterprise.ip_total"].source == Source.SELF

    IPRight.objects.create(
        enterprise=tenant.enterprise, kind="design", title="A", number="9", granted_on=dt.date(2025, 5, 1)
    )
    wide_row.refresh()
    known = wide_row.known(tenant)["enterprise.ip_total"]
    assert (known.value, known.source) == (1, Source.REGISTER)


def test_only_a_value_that_became_another_counts_as_a_change():
    tenant = make_company()
    wide_row.refresh(day=DAY)
    before = TenantFact.objects.get(pk=tenant.pk).changed_at

    wide_row.refresh(day=DAY)
    assert TenantFact.objects.get(pk=tenant.pk).changed_at == before

    wide_row.refresh(day=DAY + dt.timedelta(days=1))
    assert TenantFact.objects.get(pk=tenant.pk).changed_at > before


def test_the_question_finds_who_is_new_and_whose_profile_changed():
    tenant, other = make_company(), make_company()
    wide_row.refresh()
    assert list(wide_row.out_of_date()) == []

    tenant.talent.save()
    new = make_project()

    assert set(wide_row.out_of_date()) == {tenant, new}
    assert other not in wide_row.out_of_date()


def test_computing_costs_one_statement_for_one_tenant_and_for_many(django_assert_num_queries):
    for _ in range(3):
        make_company()

    with django_assert_num_queries(1):
        assert wide_row.refresh() == 3


def test_reading_what_is_known_costs_two_statements(django_assert_num_queries):
    tenant = make_company()
    know(tenant, {REVENUE: 5, "enterprise.headcount": 12})

    with django_assert_num_queries(2):
        wide_row.known(tenant)
