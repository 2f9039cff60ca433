"""Which institutions fit, in which order, and why the others do not."""

import datetime as dt

import pytest
from django.utils import timezone

from services.intermediaries import matching, needs, reasons
from services.intermediaries.kinds import InstitutionType
from tests.factories.facts import make_company
from tests.factories.intermediaries import make_institution, make_licence, make_offer, make_taken

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)
NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


def wish(tenant=None, **fields):
    tenant = tenant or make_company()
    need = needs.find(fields.pop("need", "ip_pledge_finance"))
    return matching.Wish(need, tenant.pk, tenant.stage, tenant.sector, **fields)


def why_not(ranking, institution):
    """Return the codes of the reasons for which an institution was left out."""
    found = next(each for each in ranking.left_out if each.institution == institution)
    return [reason["code"] for reason in found.reasons if not reason["met"]]


def fitting(ranking):
    return [candidate.institution for candidate in ranking.fitting]


def test_an_institution_that_offers_what_is_needed_fits():
    bank = make_institution("ip_pledge_loan")

    ranking = matching.rank(wish(), NOON)

    assert [each.reasons for each in ranking.left_out] == []
    assert fitting(ranking) == [bank]


def test_an_institution_of_another_kind_is_not_thought_of():
    make_institution("annual_audit", type=InstitutionType.ACCOUNTING)

    ranking = matching.rank(wish(), NOON)

    assert (ranking.fitting, ranking.left_out) == ([], [])


@pytest.mark.parametrize(
    ("expires_on", "expected"),
    [
        (TODAY - dt.timedelta(days=1), ["licence_lapsed"]),
        (TODAY, []),  # the last day counts
        (None, []),
    ],
)
def test_a_licence_holds_until_the_end_of_its_last_day(expires_on, expected):
    bank = make_institution(licensed=False)
    make_licence(bank, code="financial_permit", expires_on=expires_on)

    ranking = matching.rank(wish(), NOON)

    assert [why_not(ranking, bank) if ranking.left_out else []] == [expected]


def test_a_licence_lapses_at_midnight_of_the_park_and_not_of_the_server():
    bank = make_institution(licensed=False)
    make_licence(bank, code="financial_permit", expires_on=TODAY)
    before, after = (dt.datetime(2026, 11, 22, hour, 59, tzinfo=dt.UTC) for hour in (15, 16))  # 23:59 and 00:59 there

    assert fitting(matching.rank(wish(), before)) == [bank]
    assert fitting(matching.rank(wish(), after)) == []


def test_a_second_licence_of_the_kind_saves_the_service():
    bank = make_institution(licensed=False)
    make_licence(bank, code="financial_permit", expires_on=TODAY - dt.timedelta(days=1))
    make_licence(bank, code="financial_permit", expires_on=TODAY + dt.timedelta(days=365))

    assert fitting(matching.rank(wish(), NOON)) == [bank]


def test_every_reason_against_an_institution_is_named():
    bank = make_institution(licensed=False, languages=["zh"], sectors=["software_ai"], monthly_capacity=0)
    bank.offers.update(stages=["growth"])

    ranking = matching.rank(wish(language="ja"), NOON)

    assert why_not(ranking, bank) == ["no_licence", "stage", "field", "language", "room"]


def test_an_institution_of_the_kind_without_the_service_is_left_out_and_told_apart():
    exchange = make_institution("non_financing_guarantee", type=InstitutionType.GUARANTEE)

    ranking = matching.rank(wish(need="loan_guarantee"), NOON)

    assert why_not(ranking, exchange) == ["not_offered", "no_licence"]


def test_an_institution_that_is_not_listed_is_neither_ranked_nor_named():
    make_institution(listed=False)

    ranking = matching.rank(wish(), NOON)

    assert (ranking.fitting, ranking.left_out) == ([], [])


def test_who_may_judge_for_one_of_its_own_group_is_left_out():
    tenant = make_company()
    guarantor = make_institution("loan_guarantee", type=InstitutionType.GUARANTEE, group="G1")
    appraiser = make_institution("ip_appraisal", type=InstitutionType.APPRAISAL, group="G1")
    make_taken(guarantor, tenant, need="loan_guarantee")

    ours = matching.rank(wish(tenant, need="valuation"))
    others = matching.rank(wish(make_company(), need="valuation"))

    assert why_not(ours, appraiser) == ["conflict"]
    assert fitting(others) == [appraiser]


def test_two_institutions_without_a_group_are_not_of_one_group():
    tenant = make_company()
    guarantor = make_institution("loan_guarantee", type=InstitutionType.GUARANTEE)
    appraiser = make_institution("ip_appraisal", type=InstitutionType.APPRAISAL)
    make_taken(guarantor, tenant, need="loan_guarantee")

    assert fitting(matching.rank(wish(tenant, need="valuation"))) == [appraiser]


def test_an_institution_is_full_when_its_cases_of_the_month_are_taken():
    bank = make_institution(monthly_capacity=1)
    make_taken(bank)

    assert why_not(matching.rank(wish()), bank) == ["room"]


def test_last_months_cases_leave_room():
    bank = make_institution(monthly_capacity=1)
    request = make_taken(bank)
    request.matches.update(replied_at=timezone.now() - dt.timedelta(days=32))

    assert fitting(matching.rank(wish())) == [bank]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"sectors": ["biomedicine"]}, {}),
        ({"languages": ["zh", "en"]}, {"languages": ["ja"]}),
        ({"key_partner": True}, {}),
    ],
)
def test_what_suits_better_ranks_higher(better, worse):
    second, first = make_institution(**worse), make_institution(**better)

    assert fitting(matching.rank(wish(), NOON)) == [first, second]


def test_who_replies_faster_ranks_higher():
    slow, quick = make_institution(), make_institution()
    for bank, hours in ((slow, 40), (quick, 2)):
        make_taken(bank).matches.filter(reply="taken").update(told_at=timezone.now() - dt.timedelta(hours=hours))

    assert fitting(matching.rank(wish())) == [quick, slow]


def test_equals_take_turns():
    first, second = make_institution(), make_institution()
    make_taken(first)
    first.matches.update(told_at=timezone.now() - dt.timedelta(days=3), replied_at=None, reply="passed")

    assert fitting(matching.rank(wish())) == [second, first]


def test_equals_keep_their_order_from_run_to_run():
    banks = [make_institution() for _ in range(4)]

    assert fitting(matching.rank(wish(), NOON)) == banks


def test_an_institution_stands_once_with_the_service_that_fits():
    guarantor = make_institution("loan_guarantee", "tech_loan_guarantee", type=InstitutionType.GUARANTEE)
    guarantor.offers.filter(code="loan_guarantee").update(stages=["growth"])

    ranking = matching.rank(wish(), NOON)

    assert [(each.institution, each.offer.code) for each in ranking.fitting] == [(guarantor, "tech_loan_guarantee")]
    assert ranking.left_out == []


def test_weighing_costs_the_same_for_one_institution_and_for_thirty(django_assert_num_queries):
    looked_for = wish()
    make_institution()
    with django_assert_num_queries(2):
        matching.rank(looked_for, NOON)

    for _ in range(29):
        make_institution()
    with django_assert_num_queries(2):
        assert len(matching.rank(looked_for, NOON).fitting) == 30


def test_a_need_without_services_finds_nobody():
    make_institution()

    ranking = matching.rank(wish(need="other"), NOON)

    assert (ranking.fitting, ranking.left_out) == ([], [])


def test_reasons_are_said_in_the_readers_language():
    bank = make_institution(licensed=False)
    make_offer(bank, "startup_loan")
    make_licence(bank, code="financial_permit", expires_on=dt.date(2026, 4, 19))

    (found,) = matching.rank(wish(), NOON).left_out

    assert reasons.against(found.reasons) == ["Its licence ended on 19 Apr 2026: Financial permit."]


def test_every_licence_of_the_table_and_every_service_of_the_catalogue_is_known():
    from services.intermediaries import licences

    needed = {code for of_type, others in licences.NEEDED.values() for code in (of_type, *others.values()) if code}

    assert needed <= set(licences.KINDS)
    assert set(licences.NEEDED) == set(InstitutionType.values)
    assert {kind for need in needs.NEEDS for kind in need.types} <= set(InstitutionType.values)


def test_who_would_need_another_licence_is_told_that_one():
    agency = make_institution("executive_search", type=InstitutionType.HR)
    make_licence(agency, code="labour_dispatch", expires_on=dt.date(2026, 10, 31))

    (found,) = matching.rank(wish(need="labour_dispatch"), NOON).left_out

    assert reasons.against(found.reasons) == [
        "It does not offer this: Dispatched staff.",
        "Its licence ended on 31 Oct 2026: Labour dispatch licence.",
    ]


def test_each_side_reads_a_reason_as_its_own():
    make_institution()
    (found,) = matching.rank(wish(), NOON).fitting

    tenant, institution = (reasons.for_it(found.reasons, side) for side in (False, True))

    assert tenant[2]["rule"] == "Takes companies in your stage"
    assert institution[2] == {
        "state": "met", "rule": "You take companies in this stage", "evidence": "They are in: Start-up incubation",
    }  # fmt: skip
