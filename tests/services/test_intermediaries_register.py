"""The register of institutions, loaded from the file that the demo park uses."""

import datetime as dt
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.utils import translation

from services.intermediaries import actions, licences, matching, needs, prices, register
from services.intermediaries.models import Institution, Licence, Offer
from tests.factories.facts import make_company
from tests.factories.intermediaries import make_member, make_request
from tests.factories.organisations import make_membership

pytestmark = pytest.mark.django_db
FILE = Path(settings.BASE_DIR) / "services/demo/data/institutions.yaml"
NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


@pytest.fixture
def data() -> dict:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.fixture
def loaded(data) -> dict[str, Institution]:
    return {institution.organisation.slug: institution for institution in register.load(data)}


def rank(need: str, day=NOON, **fields) -> matching.Ranking:
    tenant = make_company(**fields)
    return matching.rank(matching.Wish(needs.find(need), tenant.pk, tenant.stage, tenant.sector), day)


def left_out(ranking, slug: str) -> list[str]:
    found = next(each for each in ranking.left_out if each.institution.organisation.slug == slug)
    return [reason["code"] for reason in found.reasons if not reason["met"]]


def fitting(ranking) -> list[str]:
    return sorted(each.institution.organisation.slug for each in ranking.fitting)


def test_all_institutions_load_with_their_licences_and_services(loaded, data):
    assert len(loaded) == 31
    assert Licence.objects.count() == sum(len(entry["licences"]) for entry in data["institutions"])
    assert Offer.objects.count() == sum(len(entry["services"]) for entry in data["institutions"])


def test_loading_again_changes_nothing_and_what_was_taken_out_goes(loaded, data):
    before = set(Offer.objects.values_list("pk", "code", "licence_code"))
    register.load(data)
    assert set(Offer.objects.values_list("pk", "code", "licence_code")) == before

    data["institutions"][0]["services"].pop()
    register.load(data)

    assert len(before) - Offer.objects.count() == 1


def test_every_service_is_answered_by_a_need_and_every_licence_is_known(loaded):
    offered = set(Offer.objects.values_list("code", flat=True))

    assert offered - {code for need in needs.NEEDS for code in need.offers} == set()
    assert set(Licence.objects.values_list("code", flat=True)) - set(licences.KINDS) == set()


def test_no_address_belongs_to_anybody(loaded):
    assert {address.partition("@")[2] for address in Institution.objects.values_list("contact_email", flat=True)} == {
        "inst.example"
    }


def test_a_guarantor_without_the_licence_is_refused_for_loans(loaded):
    ranking = rank("loan_guarantee")

    assert left_out(ranking, "demo-guarantee-company-03") == ["not_offered", "no_licence"]
    assert fitting(ranking) == ["demo-guarantee-company-01", "demo-guarantee-company-02"]


def test_a_licence_that_lapsed_hides_the_laboratory(loaded):
    ranking = rank("testing", sector="medical_devices")

    assert left_out(ranking, "demo-testing-lab-19") == ["licence_lapsed"]
    assert left_out(ranking, "demo-testing-lab-18") == ["field"]


def test_a_licence_that_lapses_in_december_is_good_until_then(loaded):
    before, after = (dt.datetime(2026, 12, day, 4, tzinfo=dt.UTC) for day in (14, 15))

    assert "demo-guarantee-company-02" in fitting(rank("ip_pledge_finance", before))
    assert left_out(rank("ip_pledge_finance", after), "demo-guarantee-company-02") == ["licence_lapsed"]


def test_an_appraiser_of_the_guarantors_group_stands_back(loaded):
    tenant = make_company(sector="advanced_equipment")
    owner = make_membership(organisation=tenant.organisation).user
    guarantor = loaded["demo-guarantee-company-01"]

    request = make_request(tenant, owner, need="loan_guarantee", recipients=[guarantor.pk])
    actions.take(request=request, institution=guarantor, by=make_member(guarantor))

    wish = matching.Wish(needs.find("valuation"), tenant.pk, tenant.stage, tenant.sector)
    assert left_out(matching.rank(wish), "demo-asset-appraisal-09") == ["conflict"]


@pytest.mark.parametrize(
    ("low", "high", "unit", "english", "chinese"),
    [
        (5000, 10000, "CNY per case", "CN¥5,000 to CN¥10,000 per case", "5,000元至1万元/件"),
        (0, 1000, "CNY per case", "up to CN¥1,000 per case", "最高1,000元/件"),
        (0, 0, "free", "free", "免费"),
        (0, 0, "paid by insurer", "paid by the insurer", "由保险公司支付"),
        ("0.8", "1.5", "% of amount", "0.8% to 1.5% of amount", "0.8%至1.5%（按金额）"),
        ("0.3", "1.5", "percentage points over LPR", "LPR plus 0.3 to 1.5 percentage points", "LPR加0.3至1.5个百分点"),
        (None, None, "", "", ""),
    ],
)
def test_prices_are_said_in_both_languages(low, high, unit, english, chinese):
    offer = Offer(price_min=low, price_max=high, unit=unit)

    assert prices.price(offer) == english
    with translation.override("zh-hans"):
        assert prices.price(offer) == chinese
