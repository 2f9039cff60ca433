"""The tenant's pages of claims: from the policy to the receipt, the tracker, and the money calendar."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from services.claims import actions
from services.claims.models import Claim
from tests.factories.accounts import make_user
from tests.factories.claims import (
    DECLARED,
    account_of,
    make_approved,
    make_approver,
    make_checker,
    make_claimable,
    make_draft,
    make_fitting,
    make_paid,
    make_payer,
    make_sent,
    make_taken,
    make_verified,
)
from tests.factories.files import make_document
from tests.factories.organisations import make_membership

pytestmark = pytest.mark.django_db


def words(response) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def page(name, tenant, *rest):
    return reverse(f"claims:{name}", args=[tenant.organisation.slug, *rest])


def test_from_the_page_of_a_policy_to_the_receipt_number(client):
    tenant, owner = make_fitting()
    policy = make_claimable()
    make_document(owner=owner, kind="business_licence", name="licence 2025.pdf")
    client.force_login(owner)

    at_policy = client.get(policy.get_absolute_url())
    new = page("new", tenant, policy.slug)
    assert new in at_policy.content.decode()
    client.post(new, {"benefit": 0})
    claim = Claim.objects.get()
    tasks = words(client.get(claim.get_absolute_url()))
    assert "licence 2025.pdf, on file since" in tasks and "checked by park staff" in tasks
    client.post(page("amount", tenant, claim.ref), {"amount": "60000", "note": "A granulator."})
    account = account_of(tenant)
    client.post(page("account", tenant, claim.ref), account)
    assert "60,000" in words(client.get(page("check", tenant, claim.ref)))
    claim.refresh_from_db()
    answer = client.post(page("check", tenant, claim.ref), {"declared": "on", "read": claim.version}, follow=True)

    claim.refresh_from_db()
    assert (claim.state, claim.papers.get().reused) == ("submitted", True)
    assert f"Your reference is {claim.ref}" in words(answer)
    assert account["number"].replace(" ", "") not in answer.content.decode()


def test_what_is_wrong_is_said_beside_the_field(client):
    claim = make_draft()
    client.force_login(claim.begun_by)

    too_much = client.post(page("amount", claim.tenant, claim.ref), {"amount": "100000.01"})
    no_paper = client.post(page("paper", claim.tenant, claim.ref, 0), {"absent_because": ""})
    not_true = client.post(page("check", claim.tenant, claim.ref), {"read": "1"})

    assert [answer.status_code for answer in (too_much, no_paper, not_true)] == [422, 422, 422]
    assert "CN¥100,000 at the most" in words(too_much)


def test_what_somebody_else_wrote_since_is_not_written_over(client):
    claim = make_draft()
    client.force_login(claim.begun_by)
    address = page("amount", claim.tenant, claim.ref)
    assert f'name="read" value="{claim.version}"' in client.get(address).content.decode()
    actions.leave_paper_out(claim=claim, by=claim.begun_by, place=0, because="It is being renewed.")

    answers = [
        client.post(page(name, claim.tenant, claim.ref, *place), given | {"read": read})
        for read in (claim.version, "abc")
        for name, place, given in (
            ("amount", (), {"amount": "1"}), ("account", (), account_of(claim.tenant, "6222 0000 1111 2222")),
            ("paper", (0,), {"absent_because": "Never mind."}), ("check", (), {"declared": "on"}),
        )
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [422] * 8
    assert all("changed while you had it open" in words(answer) for answer in answers)
    claim.refresh_from_db()
    assert (claim.state, claim.amount_asked, claim.account_ends) == ("draft", 80_000, "9012")
    assert claim.papers.get().absent_because == "It is being renewed."


def test_a_second_start_leads_to_the_claim_that_is_there(client):
    claim = make_draft()
    client.force_login(claim.begun_by)

    answer = client.post(page("new", claim.tenant, claim.policy.slug), {"benefit": 0})

    assert answer.url == claim.get_absolute_url()


def test_a_returned_claim_says_what_is_missing_and_is_sent_again(client):
    claim = make_taken()
    actions.return_claim(claim=claim, by=claim.officer, note="The licence is cut off.")
    client.force_login(claim.begun_by)

    assert "The licence is cut off." in words(client.get(claim.get_absolute_url()))
    client.post(page("paper", claim.tenant, claim.ref, 0), {"absent_because": "It is being renewed."})
    claim.refresh_from_db()
    client.post(page("check", claim.tenant, claim.ref), {"declared": "on", "read": claim.version})

    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_a_refused_tenant_asks_for_a_second_look_and_a_patient_one_withdraws(client):
    refused, waiting = make_verified(), make_sent()
    actions.reject(claim=refused, by=make_approver(), note="Claimed elsewhere.")
    client.force_login(refused.begun_by)

    assert "Claimed elsewhere." in words(client.get(refused.get_absolute_url()))
    client.post(refused.get_absolute_url(), {"act": "ask_again", "again-note": "It was another invoice."})
    client.force_login(waiting.begun_by)
    client.post(waiting.get_absolute_url(), {"act": "withdraw", "away-note": ""})

    assert [Claim.objects.get(pk=claim.pk).state for claim in (refused, waiting)] == ["reconsideration", "withdrawn"]


def test_strangers_find_nothing_and_members_only_read(client):
    claim = make_draft()
    member = make_membership(organisation=claim.tenant.organisation, role="member").user
    pages = [
        claim.get_absolute_url(), page("claims", claim.tenant), page("money", claim.tenant),
        page("amount", claim.tenant, claim.ref), page("check", claim.tenant, claim.ref),
        page("new", claim.tenant, claim.policy.slug),
    ]  # fmt: skip

    for person, seen in ((make_user(), 0), (make_fitting()[1], 0), (member, 3)):
        client.force_login(person)
        assert [client.get(each).status_code for each in pages] == [200] * seen + [404] * (6 - seen)
    client.force_login(make_checker())
    assert client.get(claim.get_absolute_url()).status_code == 404  # a draft is the tenant's own


def test_the_money_calendar_parts_what_may_come_from_what_is_under_way_and_what_was_paid(client):
    tenant, owner = make_fitting()
    make_paid(tenant=tenant, owner=owner, amount=30_000)
    make_sent(tenant=tenant, owner=owner, amount=20_000)
    may_come = make_claimable()
    client.force_login(owner)

    shown = client.get(page("money", tenant))

    said = words(shown)
    assert (shown.context["paid"], shown.context["under_way"], shown.context["may_come"]) == (
        "CN¥30,000", "CN¥20,000", 1
    )  # fmt: skip
    assert may_come.current.title in said and "At the latest by" in said and "Paid on" in said


@pytest.mark.parametrize("name", ["claims", "money"])
def test_a_list_costs_the_same_for_one_claim_and_for_three(client, name, django_assert_max_num_queries):
    tenant, owner = make_fitting()
    make_sent(tenant=tenant, owner=owner)
    client.force_login(owner)
    address = page(name, tenant)
    client.get(address)

    with django_assert_max_num_queries(40) as before:
        client.get(address)
    for _ in range(2):
        make_sent(tenant=tenant, owner=owner)
    with django_assert_max_num_queries(len(before)):
        client.get(address)


def test_both_languages_say_it(client):
    claim = make_draft(amount=Decimal(80_000))
    actions.send(claim=claim, by=claim.begun_by, **DECLARED)
    client.force_login(claim.begun_by)

    answer = client.get(f"/zh-hans{claim.get_absolute_url()}")

    assert answer.status_code == 200 and claim.wording.title_zh_hans in words(answer)


def test_who_speaks_for_a_tenant_names_the_account_anew_where_a_payment_came_back(client):
    claim, payer = make_approved(), make_payer()
    owner, slug = claim.begun_by, claim.tenant.organisation.slug
    actions.order(claim=claim, by=payer)
    actions.bounce(claim=claim, by=payer, note="The account is closed.")
    client.force_login(owner)
    account = reverse("claims:account", args=[slug, claim.ref])

    page = client.get(claim.get_absolute_url()).content.decode()
    home = client.get(reverse("desk:tenant", args=[slug])).content.decode()
    typed = client.get(account)
    named = client.post(account, account_of(claim.tenant) | {"read": Claim.objects.get().version})

    assert "The payment came back" in page and "The account is closed." in page and account in page
    assert "Name the account" in home
    assert typed.status_code == 200 and named.status_code == 302
    assert account not in client.get(claim.get_absolute_url()).content.decode()
    assert client.get(account).status_code == 404
    assert client.get(reverse("claims:amount", args=[slug, claim.ref])).status_code == 404
