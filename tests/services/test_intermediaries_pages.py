"""The directory, the tenant's requests and the institution's inbox, as people open them."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from services.intermediaries import actions
from services.intermediaries.kinds import InstitutionType
from services.intermediaries.models import ServiceRequest
from tests.factories.accounts import make_user
from tests.factories.facts import make_company, make_owner
from tests.factories.intermediaries import (
    make_institution,
    make_licence,
    make_member,
    make_request,
    make_taken,
)
from tests.factories.organisations import make_membership

pytestmark = pytest.mark.django_db
SENT = {
    "need": "ip_pledge_finance",
    "text": "Two granted patents, and a first order from a hospital.",
    "share_contact": "on",
}


def words(response) -> str:
    """Return what a person reads on a page."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def names_in(response, institutions):
    found = words(response)
    return [institution for institution in institutions if institution.organisation.name in found]


def page(name, tenant_or_institution, *rest):
    return reverse(f"intermediaries:{name}", args=[tenant_or_institution.organisation.slug, *rest])


# --- The directory ----------------------------------------------------------------------------------------------------
def test_everybody_reads_the_directory(client):
    bank = make_institution(name="Bank of the Willow")

    response = client.get("/institutions/")

    assert response.status_code == 200
    assert names_in(response, [bank]) == [bank]


def test_a_service_is_hidden_from_the_day_its_licence_has_ended(client):
    lapsed, valid = make_institution(name="Lapsed House"), make_institution(name="Valid House")
    lapsed.licences.update(expires_on=timezone.localdate() - dt.timedelta(days=2))

    response = client.get("/institutions/")

    assert names_in(response, [lapsed, valid]) == [valid]


def test_the_page_of_an_institution_says_that_its_licence_has_ended(client):
    bank = make_institution(licensed=False)
    make_licence(bank, expires_on=dt.date(2026, 4, 19))

    found = words(client.get(bank.get_absolute_url()))

    assert "Ended on 19 Apr 2026" in found
    assert "Nothing at present" in found


def test_an_institution_that_is_not_listed_is_not_found(client):
    hidden = make_institution(listed=False)

    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert names_in(client.get("/institutions/"), [hidden]) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["bank", "lawyers", "russian"]),
        ("?kind=law_firm", ["lawyers", "russian"]),
        ("?english=1", ["bank", "lawyers"]),
        ("?stage=accelerated", ["bank", "russian"]),
        ("?q=bank", ["bank"]),
        ("?q=retainer", ["lawyers", "russian"]),
        ("?q=服务", ["bank", "lawyers", "russian"]),
        ("?q=legal%20advice&english=1", ["lawyers"]),
        ("?kind=law_firm&english=1&stage=startup", ["lawyers"]),
        ("?q=%00&kind=nonsense&stage=nonsense&page=999", ["bank", "lawyers", "russian"]),
    ],
)
def test_filters_and_search_narrow_the_directory(client, query, expected):
    those = {
        "bank": make_institution(name="Bank of the Willow"),
        "lawyers": make_institution("retainer", type=InstitutionType.LAW, name="Two Lawyers"),
        "russian": make_institution("retainer", type=InstitutionType.LAW, name="Three Lawyers", languages=["zh", "ru"]),
    }
    those["lawyers"].offers.update(stages=["startup"])

    found = names_in(client.get(f"/institutions/{query}"), those.values())

    assert [name for name, institution in those.items() if institution in found] == expected


def test_each_kind_says_how_many_it_lists_under_the_other_filters(client):
    make_institution(), make_institution(languages=["zh"])
    make_institution("retainer", type=InstitutionType.LAW)

    kinds = client.get("/institutions/?english=1&kind=bank").context["kinds"]

    assert [(chip["label"], chip["count"]) for chip in kinds] == [
        ("All", 2),
        ("Law firm", 1),
        ("Bank, technology branch", 1),
    ]


def test_the_quickest_reply_comes_first(client):
    quick, slow, unknown = (make_institution(name=name) for name in ("Quick", "Slow", "Unknown"))
    for bank, hours in ((slow, 30), (quick, 3)):
        make_taken(bank).matches.filter(reply="taken").update(told_at=timezone.now() - dt.timedelta(hours=hours))

    rows = client.get("/institutions/").context["rows"]

    assert [(row["name"], row["facts"][0][1]) for row in rows] == [
        ("Quick", "3 hours"), ("Slow", "30 hours"), ("Unknown", "not measured yet"),
    ]  # fmt: skip
    assert unknown.organisation.name == "Unknown"


def test_the_directory_costs_the_same_for_one_and_for_twenty(client, django_assert_max_num_queries):
    make_institution()
    with django_assert_max_num_queries(4):
        client.get("/institutions/")

    for _ in range(19):
        make_institution()
    with django_assert_max_num_queries(4):
        assert len(client.get("/institutions/").context["rows"]) == 20


def test_the_directory_speaks_chinese(client):
    bank = make_institution()

    response = client.get("/zh-hans/institutions/")

    assert response.headers["Content-Language"] == "zh-hans"
    assert bank.organisation.name_zh_hans in words(response)


def test_internal_notes_and_contacts_are_not_public(client):
    bank = make_institution(note="Watch this one", contact_email="desk@inst.example", contact_phone="11000000001")

    found = client.get(bank.get_absolute_url()).content.decode()

    assert [secret for secret in ("Watch this one", "desk@inst.example", "11000000001") if secret in found] == []


# --- The tenant's side ------------------------------------------------------------------------------------------------
@pytest.fixture
def tenant():
    return make_company()


@pytest.fixture
def owner(tenant, client):
    person = make_owner(tenant)
    client.force_login(person)
    return person


def test_describe_what_you_need_leads_to_ones_own_company(client, tenant, owner):
    response = client.get("/institutions/ask/?need=audit")

    assert response.headers["Location"] == f"{page('ask', tenant)}?need=audit"


def test_who_has_no_company_is_told_so(client):
    client.force_login(make_user())

    assert client.get("/institutions/ask/").headers["Location"] == "/institutions/"


def test_nothing_is_sent_before_the_tenant_has_seen_who_fits_and_who_is_left_out(client, tenant, owner):
    fits, lapsed = make_institution(name="Valid House"), make_institution(name="Lapsed House", licensed=False)
    make_licence(lapsed, expires_on=dt.date(2026, 4, 19))

    response = client.post(page("ask", tenant), SENT | {"step": "look"})

    assert response.status_code == 200
    assert [(panel["name"], panel["chosen"]) for panel in response.context["fitting"]] == [("Valid House", True)]
    assert response.context["left_out"] == [
        {"name": "Lapsed House", "kind": "Bank, technology branch",
         "reasons": ["Its licence ended on 19 Apr 2026: Financial permit."]},
    ]  # fmt: skip
    assert not ServiceRequest.objects.exists()
    assert fits.organisation.name == "Valid House"


def test_what_was_seen_is_what_is_sent(client, tenant, owner):
    banks = [make_institution() for _ in range(4)]
    seen = client.post(page("ask", tenant), SENT | {"step": "look"}).context["fitting"]

    response = client.post(
        page("ask", tenant), SENT | {"step": "send", "recipients": [panel["pk"] for panel in seen if panel["chosen"]]}
    )

    request = ServiceRequest.objects.get()
    assert response.headers["Location"] == page("request", tenant, request.ref)
    assert list(request.matches.order_by("rank").values_list("institution", flat=True)) == [
        panel["pk"] for panel in seen
    ]
    assert {bank.pk for bank in banks} == {panel["pk"] for panel in seen}


def test_the_institution_one_came_from_is_ticked_first(client, tenant, owner):
    banks = [make_institution() for _ in range(4)]

    response = client.post(page("ask", tenant), SENT | {"step": "look", "institution": banks[3].organisation.slug})

    assert [panel["pk"] for panel in response.context["fitting"] if panel["chosen"]] == [
        banks[0].pk,
        banks[1].pk,
        banks[3].pk,
    ]


def test_choosing_nobody_or_somebody_else_sends_nothing(client, tenant, owner):
    make_institution()
    stranger = make_institution("retainer", type=InstitutionType.LAW)

    nobody = client.post(page("ask", tenant), SENT | {"step": "send"})
    another = client.post(page("ask", tenant), SENT | {"step": "send", "recipients": [stranger.pk, "x"]})

    assert (nobody.status_code, another.status_code) == (422, 422)
    assert not ServiceRequest.objects.exists()


def test_what_was_typed_wrongly_is_said_and_nothing_typed_is_lost(client, tenant, owner):
    response = client.post(page("ask", tenant), SENT | {"text": "Money", "amount": "-3", "step": "look"})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"text", "amount"}
    assert 'value="-3"' in response.content.decode()


def test_where_nobody_fits_it_goes_to_an_officer(client, tenant, owner):
    client.post(page("ask", tenant), SENT | {"step": "send"})

    assert ServiceRequest.objects.get().state == "open"


def test_the_request_shows_replies_reasons_and_who_was_left_out(client, tenant, owner):
    bank, lapsed = make_institution(name="Valid House"), make_institution(name="Lapsed House", licensed=False)
    request = make_request(tenant, owner)
    actions.decline(request=request, institution=bank, by=make_member(bank), code="other", note="Ask us in spring.")

    found = words(client.get(request.get_absolute_url()))

    for said in ("Valid House", "Ask us in spring.", "Lapsed House", "It holds no Financial permit", request.ref):
        assert said in found
    assert lapsed.organisation.name in found


def test_a_strangers_request_is_not_found(client):
    request = make_request()
    client.force_login(make_owner(make_company()))

    assert client.get(request.get_absolute_url()).status_code == 404
    assert client.get(page("requests", request.tenant)).status_code == 404
    assert client.get(page("ask", request.tenant)).status_code == 404


def test_a_request_is_found_under_its_own_company_only(client, tenant, owner):
    request = make_request()

    assert client.get(page("request", tenant, request.ref)).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client):
    request = make_request()

    assert client.get(request.get_absolute_url()).status_code == 302


def test_the_tenant_takes_it_back_on_the_page(client, tenant, owner):
    make_institution()
    request = make_request(tenant, owner)

    client.post(request.get_absolute_url(), {"act": "cancel", "note": "We found the money elsewhere."})

    request.refresh_from_db()
    assert request.state == "cancelled"


def test_pages_of_the_tenant_cost_the_same_for_one_request_and_for_ten(
    client, tenant, owner, django_assert_max_num_queries
):
    for _ in range(4):
        make_institution()
    first = make_request(tenant, owner)
    client.get(page("requests", tenant))
    with django_assert_max_num_queries(8):
        client.get(page("requests", tenant))
    for _ in range(9):
        make_request(tenant, owner)

    with django_assert_max_num_queries(8):
        assert len(client.get(page("requests", tenant)).context["rows"]) == 10
    with django_assert_max_num_queries(8):
        client.get(first.get_absolute_url())


# --- The institution's side -------------------------------------------------------------------------------------------
def test_an_institution_takes_a_request_in_its_inbox(client, tenant, owner):
    bank = make_institution()
    member = make_member(bank)
    request = make_request(tenant, owner)
    client.force_login(member)

    rows = client.get(page("inbox", bank)).context["rows"]
    response = client.post(rows[0]["url"], {"act": "take"}, follow=True)

    request.refresh_from_db()
    assert request.state == "taken"
    assert "It is yours" in words(response)


def test_the_tenants_contact_is_seen_only_by_the_one_that_took_it_and_only_while_it_is_shared(client, tenant, owner):
    first, second = make_institution(), make_institution()
    taker, other = make_member(first), make_member(second)
    request = make_request(tenant, owner, share_contact=True)
    client.force_login(taker)
    address = page("inbox_request", first, request.ref)

    before = client.get(address).content.decode()
    actions.take(request=request, institution=first, by=taker)
    after = client.get(address).content.decode()
    client.force_login(other)
    of_the_other = client.get(page("inbox_request", second, request.ref)).content.decode()
    actions.share(request=request, by=owner, contact=False)
    client.force_login(taker)
    withdrawn = client.get(address).content.decode()

    assert [owner.email in each for each in (before, after, of_the_other, withdrawn)] == [False, True, False, False]


def test_an_institution_sees_neither_the_others_nor_why_they_declined(client, tenant, owner):
    first, second = make_institution(name="First House"), make_institution(name="Second House")
    request = make_request(tenant, owner)
    actions.decline(request=request, institution=first, by=make_member(first), code="other", note="Bad payer.")
    member = make_member(second)
    actions.take(request=request, institution=second, by=member)
    client.force_login(member)

    found = client.get(page("inbox_request", second, request.ref)).content.decode()

    assert [secret for secret in ("First House", "Bad payer.") if secret in found] == []


def test_an_institution_that_was_not_asked_finds_nothing(client, tenant, owner):
    asked, in_reserve = make_institution(), make_institution()
    request = make_request(tenant, owner, recipients=[asked.pk])
    client.force_login(make_member(in_reserve))

    assert client.get(page("inbox_request", in_reserve, request.ref)).status_code == 404
    assert client.get(page("inbox_request", asked, request.ref)).status_code == 404
    assert client.get(page("inbox", asked)).status_code == 404


def test_declining_without_a_reason_shows_the_page_again(client, tenant, owner):
    bank = make_institution()
    member = make_member(bank)
    request = make_request(tenant, owner)
    client.force_login(member)

    response = client.post(page("inbox_request", bank, request.ref), {"act": "decline", "decline-note": "Later."})

    assert response.status_code == 422
    assert "Later." in response.content.decode()


def test_an_institution_goes_from_take_to_delivered_on_its_page(client, tenant, owner):
    bank = make_institution()
    request = make_taken(bank, tenant, by=owner)
    client.force_login(make_member(bank))
    address = page("inbox_request", bank, request.ref)

    client.post(address, {"act": "start"})
    client.post(address, {"act": "deliver", "deliver-outcome": "helped", "deliver-note": "Signed."})

    request.refresh_from_db()
    assert (request.state, request.outcome) == ("delivered", "helped")


def test_the_inbox_costs_the_same_for_one_request_and_for_ten(client, django_assert_max_num_queries):
    bank = make_institution(monthly_capacity=50)
    client.force_login(make_member(bank))
    make_request()
    client.get(page("inbox", bank))
    with django_assert_max_num_queries(8):
        client.get(page("inbox", bank))
    for _ in range(9):
        make_request()

    with django_assert_max_num_queries(8):
        assert len(client.get(page("inbox", bank)).context["rows"]) == 10


def test_a_member_who_left_finds_the_inbox_no_more(client):
    bank = make_institution()
    membership = make_membership(organisation=bank.organisation)
    client.force_login(membership.user)
    assert client.get(page("inbox", bank)).status_code == 200

    membership.ended_at = timezone.now()
    membership.save()

    assert client.get(page("inbox", bank)).status_code == 404
