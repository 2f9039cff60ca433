"""The staff's desk for claims: the queue, the acts, the money, and how policies are taken up."""

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from park.audit.models import ReadLog
from park.pages import sheets
from services.claims import actions, queue, takeup
from services.claims.models import Budget, Claim, Terms
from tests.factories.accounts import make_staff
from tests.factories.claims import (
    CASH,
    make_approved,
    make_checker,
    make_claimable,
    make_draft,
    make_paid,
    make_payer,
    make_sent,
    make_taken,
    make_verified,
)
from tests.factories.facts import know
from tests.factories.organisations import make_membership
from tests.factories.policies import make_policy, release

pytestmark = pytest.mark.django_db
OFFICER, FINANCE = "policy-officer", "finance-officer"


def case(claim):
    return reverse("admin:claims_claim_change", args=[claim.pk])


def act(claim, name):
    return f"{case(claim)[: -len('change/')]}{name}"


def read(response) -> str:
    return response.content.decode()


def test_a_claim_is_checked_by_one_officer_decided_by_another_and_paid_by_finance(client):
    claim, budget = make_sent(), Budget.objects.get()
    first, second, payer = make_staff(OFFICER), make_staff(OFFICER), make_staff(FINANCE)

    def press(person, name, status=200, **given):
        claim.refresh_from_db()
        client.force_login(person)
        page = reverse(f"admin:claims_claim_act_{name}", args=[claim.pk])
        assert client.get(page).status_code == status
        return client.post(page, {"version": claim.version} | given)

    press(first, "take")
    press(first, "verify", finding="supports", amount="50000", budget=budget.pk)
    assert press(first, "approve", 403).status_code == 403
    press(second, "approve")
    press(payer, "order")
    shown = read(client.get(reverse("admin:claims_claim_act_pay", args=[claim.pk])))
    press(payer, "pay", payment_ref="ICBC 42")

    claim.refresh_from_db()
    assert (claim.state, claim.amount_paid, claim.verified_by, claim.approved_by) == ("paid", 50_000, first, second)
    assert "2200123456789012" in shown
    assert "2200123456789012" not in read(client.get(case(claim)))
    assert "The payment came back" in read(client.get(case(claim)))  # after it was written down, too
    press(payer, "bounce_paid", note="The name does not match.")
    claim.refresh_from_db()
    assert (claim.state, claim.amount_paid, claim.payment_ref) == ("approved", None, "")


def test_only_who_pays_reads_the_whole_account_number_and_each_reading_is_written_down(client):
    claim, payer = make_approved(), make_payer()
    page = reverse("admin:claims_claim_act_pay", args=[claim.pk])

    def seen_by(person) -> bool:
        client.force_login(person)
        return any("2200123456789012" in read(each) for each in (client.get(page), client.post(page, {"version": 1})))

    assert not seen_by(payer)  # nothing is ordered yet
    actions.order(claim=claim, by=payer)
    assert [seen_by(each) for each in (make_staff("claims.view_claim"), claim.verified_by)] == [False, False]
    assert client.get(page).status_code == 403
    assert seen_by(payer)
    readings = ReadLog.objects.filter(what="claims.claim", object_id=str(claim.public_id))
    assert set(readings.values_list("reader", flat=True)) == {payer.pk}


def test_the_case_shows_the_verdict_of_then_beside_todays(client):
    claim = make_taken()
    know(claim.tenant, {"enterprise.headcount": 1})
    client.force_login(make_staff(OFFICER))

    shown = read(client.get(case(claim)))

    assert "met · 12" in shown and "not met · 1" in shown


def test_the_queue_answers_the_questions_of_the_morning(client):
    officer = make_checker()
    make_draft(), make_sent(), make_taken(by=officer), make_verified(), make_approved()

    found = queue.counts(officer)

    assert {name: count for name, count in found.items() if count} == {
        "mine": 1, "unassigned": 1, "decide": 1, "unpaid": 1
    }  # fmt: skip
    client.force_login(officer)
    assert len(client.get(reverse("admin:claims_claim_changelist")).context["cl"].result_list) == 4


def test_the_queue_costs_the_same_for_one_claim_and_for_three(client, django_assert_max_num_queries):
    policy, address = make_claimable(), reverse("admin:claims_claim_changelist")
    make_sent(policy=policy)
    client.force_login(make_checker())
    client.get(address)

    with django_assert_max_num_queries(40) as before:
        client.get(address)
    make_sent(policy=policy), make_taken(policy=policy)
    with django_assert_max_num_queries(len(before)):
        client.get(address)


def test_terms_and_fund_lines_are_written_on_the_desk_and_refusals_stand_on_the_form(client):
    officer, second = make_staff(OFFICER), make_staff(OFFICER)
    policy = make_policy(benefits=CASH)
    client.force_login(officer)
    given = {"policy": policy.pk, "rhythm": "yearly", "no_application": "on", "standard_benefit": "0", "fresh_days": 9}
    refused = client.post(reverse("admin:claims_terms_add"), given | {"standard_amount": "200000"})
    client.post(reverse("admin:claims_terms_add"), given | {"standard_amount": "20000"})
    terms = Terms.objects.get()
    approve = reverse("admin:claims_terms_approve", args=[terms.pk])
    own = client.post(approve, {"version": terms.version})
    client.force_login(second)
    client.get(approve)
    assert Terms.objects.in_force().count() == 0  # to look at it approves nothing
    client.post(approve, {"version": terms.version})

    assert "at the most" in read(refused) and own.status_code == 403
    client.force_login(officer)
    late = given | {"standard_amount": 1, "read_version": 1}
    late = client.post(reverse("admin:claims_terms_change", args=[terms.pk]), late)
    assert "changed while you had it open" in read(late)
    assert Terms.objects.in_force().get().standard_amount == Decimal(20_000)
    client.force_login(make_staff(FINANCE))
    line = {"policy": policy.pk, "fund_line": "2026-01", "name_en": "Grants", "name_zh_hans": "资助", "period": "2026"}
    client.post(reverse("admin:claims_budget_add"), line | {"ceiling": "300000"})
    budget = Budget.objects.get()
    change = reverse("admin:claims_budget_change", args=[budget.pk])
    assert 'name="read_version" value="1"' in read(client.get(change))
    client.post(change, {"ceiling": "400000", "read_version": "1"})
    late = client.post(change, {"ceiling": "500000", "read_version": "1"})
    assert "changed while you had it open" in read(late)
    budget.refresh_from_db()
    assert (budget.ceiling, budget.version) == (400_000, 2)


def test_take_up_counts_who_fits_was_told_read_claimed_and_was_paid(client, django_capture_on_commit_callbacks):
    policy = make_claimable()
    make_paid(policy=policy, amount=40_000), make_sent(policy=policy, amount=10_000)
    with django_capture_on_commit_callbacks(execute=True):
        release(policy.current)

    row = next(row for row in takeup.rows() if row["id"] == policy.pk)

    known = {name: row[name] for name in ("eligible", "told", "read", "claimed", "approved", "paid", "spent", "takeup")}
    assert known == {
        "eligible": 2, "told": 2, "read": 0, "claimed": 2, "approved": 1, "paid": 1, "spent": 40_000, "takeup": 100
    }  # fmt: skip
    client.force_login(make_staff(FINANCE))
    answer = client.post(reverse("admin:claims_claim_takeup"), {"reason": "The yearly report"})
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1][0] == policy.current.title and lines[1][-1] == "40000.00"
    assert client.get(reverse("admin:claims_claim_takeup")).status_code == 200


def test_take_up_is_one_question_whatever_the_number(django_assert_num_queries):
    for _ in range(2):
        make_sent()

    with django_assert_num_queries(2):
        takeup.rows()


def test_no_cell_of_a_sheet_is_a_formula():
    cells = ["+cmd", "-2", "@a", Decimal(-5), "plain", "\t=1", "  =1", "\u3000＝1", "＋1", "－1", "\u200b＠a"]

    answer = sheets.answer("x", ["=1"], [cells])

    written = io.StringIO(answer.content.decode("utf-8-sig"))
    plain = {Decimal(-5): "-5", "plain": "plain"}
    assert list(csv.reader(written)) == [["'=1"], [plain.get(each, f"'{each}") for each in cells]]


def test_the_unpaid_sheet_is_for_who_pays(client):
    claim = make_approved()
    client.force_login(make_checker())
    assert client.get(reverse("admin:claims_claim_unpaid")).status_code == 403
    client.force_login(make_staff(FINANCE))

    page = reverse("admin:claims_claim_unpaid")
    assert client.get(page).status_code == 200 and client.post(page, {"reason": " "}).status_code == 422
    assert not ReadLog.objects.exists()
    lines = client.post(page, {"reason": "The run of Friday"}).content.decode("utf-8-sig").splitlines()
    assert ReadLog.objects.get().reason == "Unpaid claims as a sheet: The run of Friday"

    assert len(lines) == 2 and claim.ref in lines[1]


def test_staff_do_not_see_the_claims_of_their_own_company(client):
    claim, officer = make_sent(), make_checker()
    make_membership(organisation=claim.tenant.organisation, user=officer, role="member")
    client.force_login(officer)

    assert not list(client.get(reverse("admin:claims_claim_changelist")).context["cl"].result_list)
    assert Claim.objects.count() == 1
