"""Two people at the same moment: one effect, and the other learns what is true. And random ways through the verbs."""

import random
from decimal import Decimal

import pytest
from django.db import connection

from park.workflow.actions import MoveRefused
from services.claims import actions, upkeep
from services.claims.models import Budget, Claim
from services.claims.states import FINAL, MACHINE
from tests.factories.claims import (
    DECLARED,
    account_of,
    make_ahead,
    make_approver,
    make_checker,
    make_claimable,
    make_fitting,
    make_payer,
    make_verified,
)
from tests.factories.workflow import fill_calendar
from tests.incubation.test_intake_races import at_once


@pytest.fixture(autouse=True)
def calendar(db):
    fill_calendar()


def fresh(claim) -> Claim:
    return Claim.objects.select_related("tenant__organisation", "wording").get(pk=claim.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_over_the_last_money_one_is_made():
    policy = make_claimable(ceiling=100_000)
    claims = [make_verified(policy=policy, amount=60_000) for _ in range(2)]
    approvers = [make_approver(), make_approver()]

    ends = at_once(*[
        lambda claim=claim, by=by: actions.approve(claim=fresh(claim), by=by)
        for claim, by in zip(claims, approvers, strict=True)
    ])  # fmt: skip

    budget = Budget.objects.get()
    assert sorted(ends) == ["", "no-budget"]
    assert (budget.reserved, sorted(fresh(claim).state for claim in claims)) == (60_000, ["approved", "verifying"])


@pytest.mark.django_db(transaction=True)
def test_confirmed_and_withdrawn_at_once_ends_in_one_truth():
    make_ahead()
    tenant, owner = make_fitting()
    upkeep.approve_ahead()
    claim = Claim.objects.get()

    ends = at_once(
        lambda: actions.confirm(claim=fresh(claim), by=owner, **account_of(tenant), **DECLARED, lock=1),
        lambda: actions.withdraw(claim=fresh(claim), by=owner, lock=1),
    )

    assert sorted(map(bool, ends)) == [False, True]
    assert (fresh(claim).state, Budget.objects.get().reserved) in {("confirmed", 30_000), ("withdrawn", 0)}


# --- Random ways ------------------------------------------------------------------------------------------------------
class Desk:
    """Some tenants and everybody who acts on claims; each try works, or is refused with a sentence."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.policy = make_claimable(papers=[], ceiling=250_000)
        self.tenants = [make_fitting() for _ in range(3)]
        self.both = make_checker(), make_checker()
        self.approvers, self.payers = (make_approver(), make_approver()), (make_payer(), make_payer())
        self.budget = Budget.objects.get(policy=self.policy)

    def step(self) -> str:
        tenant, owner = self.rng.choice(self.tenants)
        claims = list(Claim.objects.filter(tenant=tenant).order_by("pk"))
        claims = [claim for claim in claims if claim.state not in FINAL or self.rng.random() < 0.1] or claims
        claim = self.rng.choice(claims) if claims else None
        name = self.rng.choice(self.thinkable(claim)) if claim else "begin"
        try:
            if name == "begin":
                made = actions.begin_claim(tenant=tenant, policy=self.policy, benefit=self.rng.choice([0, 1]), by=owner)
                actions.fill(claim=made, by=owner, amount=Decimal(self.rng.choice([20_000, 50_000])))
                actions.give_account(claim=made, by=owner, **account_of(tenant))
            else:
                getattr(self, name)(fresh(claim), owner)
        except MoveRefused as refusal:
            assert str(refusal)
            return "refused"
        return name

    def thinkable(self, claim) -> list[str]:
        """Mostly what the table lists for the claim; now and then anything."""
        names = ["begin", *(name for name in dir(self) if name.startswith("may_"))]
        away = {"withdraw", "return"} if self.rng.random() < 0.9 else set()
        listed = {f"may_{move.name}" for move in MACHINE.moves_from(claim.state) if move.name not in away}
        return names if self.rng.random() < 0.2 else sorted(listed.intersection(names)) or ["begin"]

    def may_send(self, claim, owner):
        actions.send(claim=claim, by=owner, **DECLARED)

    def may_take(self, claim, owner):
        actions.take(claim=claim, by=self.rng.choice(self.both))

    def may_verify(self, claim, owner):
        by, finding = self.rng.choice(self.both), self.rng.choice(["supports", "supports", "opposes"])
        amount = (claim.amount_asked or 1) - self.rng.choice([0, 1_000])
        actions.verify(claim=claim, by=by, finding=finding, amount=amount, budget=self.budget)

    def may_return(self, claim, owner):
        actions.return_claim(claim=claim, by=self.rng.choice(self.both), note="More.")

    def may_answer(self, claim, owner):
        actions.answer(claim=claim, by=owner, **DECLARED)

    def may_approve(self, claim, owner):
        actions.approve(claim=claim, by=self.rng.choice(self.approvers))

    def may_reject(self, claim, owner):
        actions.reject(claim=claim, by=self.rng.choice(self.approvers), note="No.")

    def may_ask_again(self, claim, owner):
        actions.ask_again(claim=claim, by=owner, note="Why?")

    def may_reopen(self, claim, owner):
        actions.reopen(claim=claim, by=self.rng.choice(self.approvers))

    def may_uphold(self, claim, owner):
        actions.uphold(claim=claim, by=self.rng.choice(self.approvers), note="It stands.")

    def may_order(self, claim, owner):
        if claim.needs_account:
            actions.give_account(claim=claim, by=owner, **account_of(claim.tenant))
        actions.order(claim=fresh(claim), by=self.rng.choice(self.payers))

    def may_bounce(self, claim, owner):
        actions.bounce(claim=claim, by=self.rng.choice(self.payers), note="The account is closed.")

    def may_bounce_paid(self, claim, owner):
        actions.bounce_paid(claim=claim, by=self.rng.choice(self.payers), note="The name does not match.")

    def may_pay(self, claim, owner):
        actions.pay(claim=claim, by=self.rng.choice(self.payers), payment_ref=f"P{self.rng.random()}")

    def may_close(self, claim, owner):
        actions.close(claim=claim, by=self.rng.choice(self.payers))

    def may_claw_back(self, claim, owner):
        actions.claw_back(claim=claim, by=self.rng.choice(self.approvers), note="Twice.")

    def may_recover(self, claim, owner):
        actions.recover(claim=claim, by=self.rng.choice(self.payers), amount=(claim.amount_paid or 2) - 1)

    def may_withdraw(self, claim, owner):
        actions.withdraw(claim=claim, by=owner)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [2, 3])
def test_random_ways_never_break_the_books(seed):
    desk, done = Desk(random.Random(seed)), set()

    for _ in range(120):
        done.add(desk.step())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the books agree, and all else the database holds
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    assert {"begin", "may_send", "may_take", "may_verify", "may_approve", "may_order", "refused"} <= done
    desk.budget.refresh_from_db()
    assert desk.budget.reserved + desk.budget.spent <= desk.budget.ceiling
