"""The way of a claim, verb by verb: who may, what is held, who hears of it, and what the database refuses."""

import datetime as dt
from decimal import Decimal
from itertools import groupby

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from park.files.access import readable_by
from park.notices.models import Notice
from park.workflow.actions import (
    Conflict,
    GuardFailed,
    MoveRefused,
    NotInTable,
    NotYours,
    SecondPersonNeeded,
    apply_move,
)
from park.workflow.models import Clock, TransitionLog
from park.workflow.tasks import watch_clocks
from services.claims import actions, papers, upkeep
from services.claims.models import Budget, Claim
from services.claims.states import MACHINE, RESERVED, WAS_PAID
from services.policies import judging
from tests.factories.accounts import make_staff, make_user
from tests.factories.claims import (
    CASH,
    DECLARED,
    PAPERS,
    account_of,
    make_ahead,
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
from tests.factories.facts import know
from tests.factories.files import make_document
from tests.factories.organisations import make_membership
from tests.factories.policies import make_policy, make_version
from tests.park.machine_checks import refused_pairs

pytestmark = pytest.mark.django_db


def told(kind, claim):
    return set(Notice.objects.about(kind, claim.pk).values_list("recipient", flat=True))


def books(budget):
    budget.refresh_from_db()
    return budget.reserved, budget.spent


def check_the_books():
    """Ask the database now what it asks at the end of each transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def clock(claim, name):
    return Clock.objects.of(claim).get(name=name)


# --- The table --------------------------------------------------------------------------------------------------------
def test_a_move_that_the_table_does_not_list_is_refused_in_every_state():
    claim = make_paid()
    budget = claim.budget
    Claim.objects.filter(pk=claim.pk).update(amount_recovered=1, rejected_at=timezone.now())
    for origin, pairs in groupby(refused_pairs(MACHINE), key=lambda pair: pair[0]):
        Claim.objects.filter(pk=claim.pk).update(state=origin)
        held, gone = (claim.amount_paid, 0) if origin in RESERVED else (0, claim.amount_paid - 1)
        Budget.objects.filter(pk=budget.pk).update(reserved=held, spent=gone if origin in WAS_PAID else 0)
        claim.refresh_from_db()
        before = Claim.objects.filter(pk=claim.pk).values().get(), TransitionLog.objects.of(claim).count()

        for _origin, name in pairs:
            with pytest.raises(NotInTable):
                apply_move(MACHINE, claim, name, by=None, may=lambda user, move, record: True)

        assert (Claim.objects.filter(pk=claim.pk).values().get(), TransitionLog.objects.of(claim).count()) == before
    check_the_books()


# --- A payment that comes back ----------------------------------------------------------------------------------------
def test_a_payment_that_came_back_keeps_its_money_and_asks_for_the_account_anew_while_its_clock_stands():
    claim, payer = make_approved(), make_payer()
    owner, tenant, budget = claim.begun_by, claim.tenant, claim.budget
    actions.order(claim=claim, by=payer)
    promised = Clock.objects.of(claim).running().get(name="total").due_at
    with pytest.raises(MoveRefused):
        actions.bounce(claim=claim, by=payer, note=" ")

    actions.bounce(claim=claim, by=payer, note="The account is closed.")

    claim.refresh_from_db()
    assert (claim.state, claim.account_sealed, claim.account_ends, claim.ordered_by) == ("approved", "", "", None)
    assert books(budget) == (claim.amount_allowed, 0)
    assert Clock.objects.of(claim).paused().get(name="total").due_at == promised
    assert told("claim-bounced", claim) == {owner.pk}
    with pytest.raises(GuardFailed, match="name an account first"):
        actions.order(claim=claim, by=payer)
    with pytest.raises(NotInTable):  # the account only is asked anew
        actions.fill(claim=claim, by=owner, amount=Decimal(1))
    with pytest.raises(NotYours):
        actions.give_account(claim=claim, by=make_user(), **account_of(tenant))

    with time_machine.travel(timezone.now() + dt.timedelta(days=21)):
        actions.give_account(claim=claim, by=owner, **account_of(tenant, "2200 9999 8888 7777"))
    claim.refresh_from_db()
    assert Clock.objects.of(claim).running().get(name="total").due_at > promised + dt.timedelta(days=14)
    assert payer.pk in told("claim-to-pay", claim)
    actions.order(claim=claim, by=payer)
    with pytest.raises(NotInTable):  # it stands again
        actions.give_account(claim=claim, by=owner, **account_of(tenant))
    actions.pay(claim=claim, by=payer, payment_ref="BANK-AGAIN")
    assert books(budget) == (0, claim.amount_paid)
    check_the_books()


def test_a_payment_that_came_back_after_it_was_written_down_is_held_again_and_asks_for_nothing_to_be_repaid():
    claim = make_paid()
    owner, tenant, budget, payer = claim.begun_by, claim.tenant, claim.budget, claim.paid_by
    amount, ref = claim.amount_paid, claim.payment_ref
    with pytest.raises(NotYours):
        actions.bounce_paid(claim=claim, by=make_approver(), note="Not mine.")

    actions.bounce_paid(claim=claim, by=payer, note="The bank sent it back.")

    claim.refresh_from_db()
    assert (claim.state, claim.account_sealed, claim.ordered_by) == ("approved", "", None)
    assert (claim.amount_paid, claim.paid_on, claim.paid_by, claim.payment_ref) == (None, None, None, "")
    assert books(budget) == (amount, 0)
    assert told("claim-bounced", claim) == {owner.pk}
    assert Clock.objects.of(claim).open().get().paused_at  # begun anew, and it waits for the tenant
    actions.give_account(claim=claim, by=owner, **account_of(tenant))
    assert Clock.objects.of(claim).running().get(name="total").working_days == 60
    actions.order(claim=Claim.objects.get(pk=claim.pk), by=payer)
    actions.pay(claim=claim, by=payer, payment_ref=ref)
    assert books(budget) == (0, amount) and not Clock.objects.of(claim).open().exists()
    check_the_books()


def test_a_benefit_without_application_whose_payment_came_back_goes_the_same_way():
    make_ahead()
    tenant, owner = make_fitting()
    upkeep.approve_ahead()
    claim, payer = Claim.objects.get(), make_payer()
    actions.confirm(claim=claim, by=owner, **account_of(tenant), **DECLARED)
    actions.order(claim=claim, by=payer)

    actions.bounce(claim=claim, by=payer, note="The name does not match.")
    actions.give_account(claim=claim, by=owner, **account_of(tenant))
    claim.refresh_from_db()
    actions.order(claim=claim, by=payer)
    with pytest.raises(SecondPersonNeeded):
        actions.pay(claim=claim, by=payer, payment_ref="BANK-1")

    actions.pay(claim=claim, by=make_payer(), payment_ref="BANK-1")
    check_the_books()


# --- From the draft to the money --------------------------------------------------------------------------------------
def test_a_claim_goes_from_the_draft_to_the_money_through_four_people():
    claim, checker, approver, payer = make_draft(), make_checker(), make_approver(), make_payer()
    owner, budget = claim.begun_by, Budget.objects.get(policy=claim.policy)

    actions.send(claim=claim, by=owner, **DECLARED)
    assert (claim.state, told("claim-sent", claim), told("claim-arrived", claim)) == (
        "submitted", {owner.pk}, {checker.pk}
    )  # fmt: skip
    actions.take(claim=claim, by=checker)
    actions.verify(claim=claim, by=checker, finding="supports", amount=Decimal(70_000), budget=budget)
    actions.approve(claim=claim, by=approver)
    assert (claim.state, claim.amount_allowed, books(budget)) == ("approved", 70_000, (70_000, 0))
    assert told("claim-to-pay", claim) == {payer.pk}
    actions.order(claim=claim, by=payer)
    actions.pay(claim=claim, by=payer, payment_ref="ICBC 7731")
    assert (claim.state, claim.amount_paid, books(budget)) == ("paid", 70_000, (0, 70_000))
    assert Clock.objects.of(claim).open().count() == 0
    actions.close(claim=claim, by=payer)

    assert claim.state == "closed"
    check_the_books()


def test_what_the_rule_said_when_it_was_sent_stays_with_the_claim():
    claim = make_sent()
    know(claim.tenant, {"enterprise.headcount": 1})

    kept = claim.verdicts.get()

    assert (kept.word, judging.of_verdict(kept).verdict) == ("fits", "fits")
    assert kept.trace == [
        {"fact": "enterprise.headcount", "value": 12, "source": "staff", "as_of": str(timezone.localdate())}
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        claim.verdicts.update(word="not_now")


def test_the_promises_stand_still_while_the_tenant_has_to_answer():
    claim = make_taken()
    verify, total = clock(claim, "verify"), clock(claim, "total")
    assert (verify.working_days, total.working_days) == (10, 60)

    actions.return_claim(claim=claim, by=claim.officer, note="The licence is cut off.")
    assert all(clock(claim, name).paused_at for name in ("verify", "total"))
    with time_machine.travel(timezone.now() + dt.timedelta(days=7)):
        actions.answer(claim=claim, by=claim.begun_by, **DECLARED)

    assert clock(claim, "verify").due_at > verify.due_at
    assert (claim.state, claim.verdicts.count(), claim.finding) == ("submitted", 2, "")


def test_when_checking_takes_long_officers_hear_before_and_after():
    claim, officer = make_sent(), make_checker()
    heard = Notice.objects.filter(kind="claim-late", subject_id=claim.pk, recipient=officer)

    verify, total = clock(claim, "verify"), clock(claim, "total")
    moments = (verify.warn_at, verify.warn_at, verify.due_at, total.warn_at, total.due_at)
    for moment, notices in zip(moments, (1, 1, 2, 3, 4), strict=True):
        with time_machine.travel(moment + dt.timedelta(minutes=1)):
            watch_clocks()
        assert heard.count() == notices


# --- What keeps a claim from being begun or sent ----------------------------------------------------------------------
def test_a_cost_is_claimed_once_but_each_benefit_on_its_own():
    claim = make_sent()

    with pytest.raises(Conflict, match="There is a claim for this benefit and this period already"):
        actions.begin_claim(tenant=claim.tenant, policy=claim.policy, benefit=0, by=claim.begun_by)
    other = actions.begin_claim(tenant=claim.tenant, policy=claim.policy, benefit=1, by=claim.begun_by)

    assert other.state == "draft"
    actions.withdraw(claim=claim, by=claim.begun_by)
    assert actions.begin_claim(tenant=claim.tenant, policy=claim.policy, benefit=0, by=claim.begun_by).ref != claim.ref


def test_a_claim_goes_on_under_the_version_it_began_with_and_within_its_ceiling():
    claim, checker = make_draft(), make_checker()
    began, owner = claim.wording, claim.begun_by
    amended = make_version(slug=claim.policy.slug, documents=PAPERS, benefits=[CASH[0] | {"amount_max": 900_000}])
    over = Claim.objects.filter(pk=claim.pk)
    over.update(amount_asked=200_000)
    with pytest.raises(GuardFailed, match="CN¥100,000 at the most"):
        actions.send(claim=claim, by=owner, **DECLARED)
    over.update(amount_asked=100_000)
    actions.send(claim=claim, by=owner, **DECLARED)
    assert over.get().wording == began != amended
    with pytest.raises(DatabaseError), transaction.atomic():
        over.update(wording=amended)

    actions.take(claim=claim, by=checker)
    over.update(amount_asked=200_000)
    with pytest.raises(GuardFailed, match="CN¥100,000 at the most"):
        actions.verify(
            claim=claim, by=checker, finding="supports", amount=Decimal(150_000), budget=Budget.objects.get()
        )
    actions.return_claim(claim=claim, by=checker, note="The licence is cut off.")
    with pytest.raises(GuardFailed, match="CN¥100,000 at the most"):
        actions.answer(claim=claim, by=owner, **DECLARED)


def test_no_claim_where_a_condition_is_not_met_or_the_park_takes_none():
    tenant, owner = make_fitting()
    claim = make_draft(tenant=tenant, owner=owner)
    know(tenant, {"enterprise.headcount": 2})

    with pytest.raises(GuardFailed, match="A condition is not met"):
        actions.send(claim=claim, by=owner, **DECLARED)
    with pytest.raises(GuardFailed, match="takes no claims under this policy"):
        actions.begin_claim(tenant=tenant, policy=make_policy(), benefit=0, by=owner)


def test_a_claim_is_sent_only_when_nothing_is_missing_and_it_is_declared():
    tenant, owner = make_fitting()
    claim = actions.begin_claim(tenant=tenant, policy=make_claimable(), benefit=0, by=owner)

    with pytest.raises(GuardFailed, match="missing: the amount, the account, Business licence"):
        actions.send(claim=claim, by=owner, **DECLARED)
    actions.fill(claim=claim, by=owner, amount=Decimal(500))
    actions.give_account(claim=claim, by=owner, **account_of(tenant))
    actions.leave_paper_out(claim=claim, by=owner, place=0, because="It is being renewed.")
    with pytest.raises(GuardFailed, match="is true"):
        actions.send(claim=claim, by=owner, declared=False)
    actions.send(claim=claim, by=owner, **DECLARED)

    assert claim.state == "submitted"


@pytest.mark.parametrize(
    ("holder", "number", "words"),
    [("Somebody Else Ltd", "2200123456789012", "in your own name"), ("", "22-AB", "in your own name"),
     (None, "22-AB", "8 to 32 digits"), (None, "00000000000", "8 to 32 digits")],
)  # fmt: skip
def test_an_account_is_the_tenants_own_and_has_a_number(holder, number, words):
    tenant, owner = make_fitting()
    claim = actions.begin_claim(tenant=tenant, policy=make_claimable(), benefit=0, by=owner)
    given = account_of(tenant, number) | ({} if holder is None else {"holder": holder})

    with pytest.raises(GuardFailed, match=words):
        actions.give_account(claim=claim, by=owner, **given)


def test_the_number_of_an_account_is_sealed_in_the_database():
    claim = make_draft()

    assert (claim.account_ends, claim.account_number) == ("9012", "2200123456789012")
    assert "2200123456789012" not in str(Claim.objects.filter(pk=claim.pk).values())


# --- Four eyes, money and the database --------------------------------------------------------------------------------
def test_who_checks_does_not_approve_and_who_approves_does_not_pay():
    everything = make_staff("claims.view_claim", "claims.verify_claim", "claims.approve_claim", "claims.pay_claim")
    claim = make_verified(by=everything)

    with pytest.raises(SecondPersonNeeded):
        actions.approve(claim=claim, by=everything)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(approved_by=everything)
    second = make_staff("claims.view_claim", "claims.approve_claim", "claims.pay_claim")
    actions.approve(claim=claim, by=second)
    for person in (everything, second):
        with pytest.raises(SecondPersonNeeded):
            actions.order(claim=claim, by=person)
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(ordered_by=person)


def test_no_more_is_approved_than_the_fund_line_holds():
    policy = make_claimable(ceiling=100_000)
    budget = Budget.objects.get(policy=policy)
    make_approved(policy=policy, amount=80_000)
    second = make_verified(policy=policy, amount=40_000)

    with pytest.raises(GuardFailed, match="Only CN¥20,000 is left"):
        actions.approve(claim=second, by=make_approver())

    assert (second.state, books(budget)) == ("verifying", (80_000, 0))
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.filter(pk=budget.pk).update(reserved=100_001)
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.filter(pk=budget.pk).update(reserved=1)
        check_the_books()


def test_what_is_withdrawn_lets_go_of_the_money_and_what_comes_back_can_be_spent_again():
    policy = make_claimable()
    budget = Budget.objects.get(policy=policy)
    withdrawn, paid = make_approved(policy=policy, amount=10_000), make_paid(policy=policy, amount=50_000)

    actions.withdraw(claim=withdrawn, by=withdrawn.begun_by)
    assert books(budget) == (0, 50_000)
    actions.claw_back(claim=paid, by=make_approver(), note="It was paid by the city already.")
    actions.recover(claim=paid, by=make_payer(), amount=Decimal(30_000))

    assert (paid.state, books(budget)) == ("recovered", (0, 20_000))
    check_the_books()


def test_a_refusal_can_be_looked_at_again_once_in_time_by_somebody_else():
    claim, approver = make_verified(), make_approver()
    actions.reject(claim=claim, by=approver, note="It was claimed elsewhere.")

    actions.ask_again(claim=claim, by=claim.begun_by, note="It was another invoice.")
    with pytest.raises(SecondPersonNeeded):
        actions.uphold(claim=claim, by=approver, note="It stands.")
    actions.uphold(claim=claim, by=make_approver(), note="It stands.")

    with pytest.raises(GuardFailed, match="asked for before"):
        actions.ask_again(claim=claim, by=claim.begun_by, note="Please.")


def test_a_refusal_is_final_after_fifteen_working_days():
    claim = make_verified()
    actions.reject(claim=claim, by=make_approver(), note="No.")

    with time_machine.travel(timezone.now() + dt.timedelta(days=40)), pytest.raises(GuardFailed, match="are over"):
        actions.ask_again(claim=claim, by=claim.begun_by, note="Please.")


def test_a_lower_ceiling_than_what_is_held_is_refused():
    claim = make_approved(amount=80_000)

    with pytest.raises(GuardFailed, match="the ceiling cannot be lower"):
        actions.set_ceiling(budget=claim.budget, ceiling=Decimal(79_999), by=make_staff("claims.change_budget"))


def test_terms_hold_when_a_second_officer_approved_them():
    policy = make_claimable()
    both = make_staff("claims.change_terms", "claims.approve_terms")

    terms = actions.write_terms(policy=policy, by=both, no_application=True, standard_amount=Decimal(5_000))
    with pytest.raises(SecondPersonNeeded):
        actions.approve_terms(terms=terms, by=both)
    assert terms.approved_by is None

    with pytest.raises(GuardFailed, match="at the most"):
        actions.write_terms(policy=policy, by=both, no_application=True, standard_amount=Decimal(500_000))


# --- Whose it is ------------------------------------------------------------------------------------------------------
def test_only_who_speaks_for_the_tenant_claims_and_staff_never_their_own():
    claim = make_draft()
    member = make_membership(organisation=claim.tenant.organisation, role="member").user
    officer = make_checker()
    make_membership(organisation=claim.tenant.organisation, user=officer, role="member")

    for person in (member, make_user(), make_checker(), make_fitting()[1]):
        with pytest.raises(NotYours):
            actions.send(claim=claim, by=person, **DECLARED)
    actions.send(claim=claim, by=claim.begun_by, **DECLARED)
    with pytest.raises(NotYours):
        actions.take(claim=claim, by=officer)


def test_rows_are_seen_by_the_tenant_and_by_officers_once_they_are_sent():
    draft, other = make_draft(), make_sent()
    officer = make_checker()

    assert list(Claim.objects.visible_to(draft.begun_by)) == [draft]
    assert list(Claim.objects.visible_to(officer)) == [other]
    assert not Claim.objects.visible_to(make_user()).exists()
    assert not Claim.objects.visible_to(make_staff()).exists()


def test_a_paper_is_ones_own_and_read_by_who_checks():
    claim, officer = make_draft(), make_checker()

    with pytest.raises(NotYours):
        actions.give_paper(claim=claim, by=claim.begun_by, place=0, document=make_document())
    paper = claim.papers.get()
    assert not readable_by(officer).filter(pk=paper.document_id).exists()
    actions.send(claim=claim, by=claim.begun_by, **DECLARED)

    assert readable_by(officer).filter(pk=paper.document_id).exists()
    assert not readable_by(make_fitting()[1]).filter(pk=paper.document_id).exists()


def test_staff_read_no_papers_of_a_claim_of_their_own_company():
    claim, officer = make_sent(), make_checker()
    paper = claim.papers.get()
    assert readable_by(officer).filter(pk=paper.document_id).exists()

    make_membership(organisation=claim.tenant.organisation, user=officer, role="member")
    assert not readable_by(officer).filter(pk=paper.document_id).exists()


def test_papers_of_a_person_are_offered_and_never_put_with_a_claim_unasked():
    tenant, owner = make_fitting()
    asked = ["Passport", "Degree certificate", "Bank account details", "Business licence"]
    kinds = ["passport", "degree_certificate", "bank_details", "business_licence"]
    policy = make_claimable(papers=[{"en": words, "zh": ""} for words in asked])
    on_file = [make_document(owner=owner, kind=kind) for kind in kinds]

    claim = actions.begin_claim(tenant=tenant, policy=policy, benefit=0, by=owner)

    assert [paper.place for paper in claim.papers.all()] == [3]
    assert papers.choices(owner, {"en": "Passport"})[0].document == on_file[0]


def test_reasons_of_a_refusal_are_read_on_the_page_and_not_mailed():
    refused, paid = make_verified(), make_paid()
    actions.reject(claim=refused, by=make_approver(), note="Claimed elsewhere.")
    actions.ask_again(claim=refused, by=refused.begun_by, note="Look again.")
    actions.uphold(claim=refused, by=make_approver(), note="Claimed elsewhere.")
    actions.claw_back(claim=paid, by=make_approver(), note="Claimed elsewhere.")

    kinds = ["claim-rejected", "claim-second-look", "claim-clawback"]
    mailed = Notice.objects.filter(kind__in=kinds).values_list("letter", "context")
    assert len(mailed) == 3 and "Claimed elsewhere." not in str(list(mailed))


def test_what_a_person_reads_when_it_is_refused_is_a_sentence():
    claim = make_sent()

    with pytest.raises(MoveRefused) as refusal:
        actions.approve(claim=claim, by=make_approver())

    assert str(refusal.value) == "“Approve” is not possible now: it stands at “Sent”."
