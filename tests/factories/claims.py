"""Claims as far as one wants them, with terms and a fund line, valid as they come."""

from decimal import Decimal
from itertools import count

from incubation.facts.models import Source
from services.claims import actions
from services.claims.models import Budget, Claim, Terms
from services.policies.models import Policy

from .accounts import make_staff
from .facts import know, make_company, make_owner
from .files import make_document
from .policies import make_policy

number = count(1)
CASH = [
    {"type": "cash", "currency": "CNY", "amount_max": 100_000, "en": "A single payment", "zh": "一次性资助"},
    {"type": "cash", "currency": "CNY", "amount_max": 50_000, "en": "A second payment", "zh": "追加资助"},
]
PAPERS = [{"en": "Business licence", "zh": "营业执照"}]
DECLARED = {"declared": True}


def make_checker(**fields):
    return make_staff("claims.view_claim", "claims.verify_claim", **fields)


def make_approver(**fields):
    return make_staff("claims.view_claim", "claims.approve_claim", "claims.approve_terms", **fields)


def make_payer(**fields):
    return make_staff("claims.view_claim", "claims.pay_claim", "claims.view_budget", **fields)


def make_claimable(*, papers=None, ceiling=1_000_000, **said) -> Policy:
    """A policy whose claims the park takes, with money for it."""
    policy = make_policy(benefits=CASH, documents=PAPERS if papers is None else papers)
    make_terms(policy, **said)
    make_budget(policy, ceiling)
    return policy


def make_terms(policy: Policy, **said) -> Terms:
    terms = actions.write_terms(policy=policy, by=make_staff("claims.change_terms"), **said)
    return actions.approve_terms(terms=terms, by=make_approver())


def make_budget(policy: Policy, ceiling=1_000_000, period: str = "") -> Budget:
    nth = next(number)
    return actions.open_budget(
        policy=policy, fund_line=f"LINE-{nth}", name_en=f"Line {nth}", name_zh_hans=f"科目{nth}",
        ceiling=Decimal(ceiling), period=period, by=make_staff("claims.add_budget"),
    )  # fmt: skip


def make_fitting(source=Source.STAFF, **fields):
    """A company that the standard policy fits, with its owner."""
    tenant = make_company(**fields)
    know(tenant, {"enterprise.headcount": 12}, source=source)
    return tenant, make_owner(tenant)


def account_of(tenant, number: str = "2200 1234 5678 9012") -> dict:
    return {"holder": tenant.organisation.name, "bank_name": "Bank of Changchun, Nanhu", "number": number}


def make_draft(policy=None, tenant=None, owner=None, **fields) -> Claim:
    """A claim with all that is asked for, not sent yet."""
    if tenant is None:
        tenant, owner = make_fitting()
    policy = policy or make_claimable()
    claim = actions.begin_claim(tenant=tenant, policy=policy, benefit=fields.pop("benefit", 0), by=owner)
    actions.fill(claim=claim, by=owner, amount=Decimal(fields.pop("amount", 80_000)))
    actions.give_account(claim=claim, by=owner, **account_of(tenant))
    for place in range(len(claim.wording.documents)):
        actions.give_paper(claim=claim, by=owner, place=place, document=make_document(owner=owner))
    claim.refresh_from_db()
    return claim


def make_sent(**fields) -> Claim:
    claim = make_draft(**fields)
    actions.send(claim=claim, by=claim.begun_by, **DECLARED)
    return claim


def make_taken(by=None, **fields) -> Claim:
    claim = make_sent(**fields)
    actions.take(claim=claim, by=by or make_checker())
    return claim


def make_verified(by=None, amount=None, **fields) -> Claim:
    claim = make_taken(by=by, **fields)
    budget = Budget.objects.filter(policy=claim.policy_id).first()
    actions.verify(
        claim=claim, by=claim.officer, finding="supports", amount=Decimal(amount or claim.amount_asked), budget=budget
    )
    return claim


def make_approved(by=None, **fields) -> Claim:
    claim = make_verified(**fields)
    actions.approve(claim=claim, by=by or make_approver())
    return claim


def make_paid(by=None, **fields) -> Claim:
    claim, by = make_approved(**fields), by or make_payer()
    actions.order(claim=claim, by=by)
    actions.pay(claim=claim, by=by, payment_ref=f"BANK-{next(number)}")
    return claim


def make_ahead() -> tuple[Policy, Terms]:
    """A policy with a benefit that needs no application."""
    policy = make_claimable(papers=[], no_application=True, standard_amount=Decimal(30_000))
    return policy, policy.terms
