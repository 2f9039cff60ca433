"""The services officer's desk."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from services.intermediaries.models import ServiceRequest
from tests.factories.accounts import make_staff
from tests.factories.intermediaries import make_institution, make_licence, make_request

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:intermediaries_servicerequest_changelist")
LIST = reverse("admin:intermediaries_institution_changelist")


@pytest.fixture
def officer(client):
    someone = make_staff(
        "intermediaries.view_institution", "intermediaries.add_institution", "intermediaries.change_institution",
        "intermediaries.view_servicerequest", "intermediaries.triage_servicerequest", "journey.view_tenant",
    )  # fmt: skip
    client.force_login(someone)
    return someone


def listed(response):
    return [str(row) for row in response.context["cl"].result_list]


def case(request, act=""):
    address = reverse("admin:intermediaries_servicerequest_change", args=[request.pk])
    return address.replace("change/", f"{act}/") if act else address


def test_the_queue_shows_what_waits_for_an_officer(client, officer):
    make_institution()
    waiting, matched = make_request(need="other"), make_request()

    assert listed(client.get(f"{QUEUE}?waiting=us")) == [waiting.ref]
    assert listed(client.get(f"{QUEUE}?waiting=them")) == [matched.ref]


def test_a_request_is_matched_from_the_list(client, officer):
    make_institution("seed_equity", type="vc_pe")
    request = make_request(need="equity_finance")

    client.post(QUEUE, {"action": "match_with_institutions", "_selected_action": [request.pk]})

    request.refresh_from_db()
    assert request.state == "matched"


def test_what_nobody_fits_is_said_and_stays(client, officer):
    request = make_request()

    response = client.post(
        QUEUE, {"action": "match_with_institutions", "_selected_action": [request.pk]}, follow=True
    )

    assert [str(message) for message in response.context["messages"]] == [
        f"{request.ref}: No institution fits this request now."
    ]


def test_the_case_shows_who_was_weighed_and_why(client, officer):
    make_institution(name="Valid House")
    lapsed = make_institution(name="Lapsed House", licensed=False)
    make_licence(lapsed, expires_on=dt.date(2026, 4, 19))
    request = make_request()

    found = client.get(case(request)).content.decode()

    for said in ("Valid House", "Lapsed House", "Its licence ended on 19 Apr 2026"):
        assert said in found


def test_a_request_cannot_be_edited_by_hand(client, officer):
    request = make_request()

    response = client.post(case(request), {"state": "closed", "text": "Something else"})

    assert response.status_code == 403
    assert ServiceRequest.objects.get().state == "open"


def test_who_may_only_look_cannot_match(client):
    make_institution("seed_equity", type="vc_pe")
    request = make_request(need="equity_finance")
    client.force_login(make_staff("intermediaries.view_servicerequest"))

    client.post(QUEUE, {"action": "match_with_institutions", "_selected_action": [request.pk]})

    request.refresh_from_db()
    assert request.state == "open"


@pytest.mark.parametrize(("asked", "expected"), [("ended", ["Lapsed"]), ("ending", ["Ending"]), ("none", ["Bare"])])
def test_institutions_are_found_by_the_state_of_their_licences(client, officer, asked, expected):
    today = timezone.localdate()
    make_licence(make_institution(name="Lapsed", licensed=False), expires_on=today - dt.timedelta(days=5))
    make_licence(make_institution(name="Ending", licensed=False), expires_on=today + dt.timedelta(days=5))
    make_licence(make_institution(name="Valid", licensed=False))
    make_institution(name="Bare", licensed=False)

    assert listed(client.get(f"{LIST}?licences={asked}")) == expected


def test_an_institution_opens_with_its_licences_and_services(client, officer):
    bank = make_institution()

    response = client.get(reverse("admin:intermediaries_institution_change", args=[bank.pk]))

    assert response.status_code == 200


def test_lists_cost_the_same_for_one_and_for_ten(client, officer, django_assert_max_num_queries):
    make_institution(), make_request()
    client.get(QUEUE), client.get(LIST)
    for address in (QUEUE, LIST):
        with django_assert_max_num_queries(12):
            client.get(address)

    for _ in range(9):
        make_institution(), make_request()
    for address in (QUEUE, LIST):
        with django_assert_max_num_queries(12):
            client.get(address)


def test_an_officer_renews_a_licence_and_the_service_is_back(client, officer):
    bank = make_institution(licensed=False)
    licence = make_licence(bank, code="financial_permit", number="N-1", expires_on=dt.date(2026, 4, 19))
    (offer,) = bank.offers.all()
    address = reverse("admin:intermediaries_institution_change", args=[bank.pk])
    form = {
        "organisation": bank.organisation_id, "type": bank.type, "credit_code": bank.credit_code, "listed": "on",
        "languages": bank.languages, "monthly_capacity": 5,
        "licences-TOTAL_FORMS": 1, "licences-INITIAL_FORMS": 1, "licences-0-id": licence.pk,
        "licences-0-institution": bank.pk, "licences-0-code": "financial_permit", "licences-0-name_en": "Permit",
        "licences-0-name_zh_hans": "许可证", "licences-0-number": "N-1", "licences-0-expires_on": "2031-04-19",
        "offers-TOTAL_FORMS": 1, "offers-INITIAL_FORMS": 1, "offers-0-id": offer.pk, "offers-0-institution": bank.pk,
        "offers-0-code": offer.code, "offers-0-name_en": "Loan", "offers-0-name_zh_hans": "贷款",
        "offers-0-licence_code": "financial_permit", "offers-0-stages": "startup,growth",
    }  # fmt: skip

    response = client.post(address, form)

    assert response.status_code == 302
    assert make_request().matches.get(institution=bank).reply == "waiting"


def test_an_officer_matches_on_the_page_of_the_case(client, officer):
    fund, other = make_institution("seed_equity", type="vc_pe"), make_institution("seed_equity", type="vc_pe")
    request = make_request(need="equity_finance")
    address = reverse("admin:intermediaries_servicerequest_act_match", args=[request.pk])
    assert client.get(address).status_code == 200

    client.post(address, {"version": request.version, "need": "equity_finance", "recipients": [other.pk]})

    request.refresh_from_db()
    assert request.state == "matched"
    assert {match.institution: match.reply for match in request.matches.all()} == {fund: "reserve", other: "waiting"}
