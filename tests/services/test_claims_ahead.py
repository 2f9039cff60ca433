"""Benefits that need no application: approved ahead where every fact is verified and fresh, else the normal way."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from incubation.facts import actions as facts
from incubation.facts.models import Source
from park.notices.models import Notice
from park.workflow import tasks as workflow
from park.workflow.actions import Conflict, GuardFailed, SecondPersonNeeded
from services.claims import actions, trust, upkeep
from services.claims.models import Budget, Claim, Fallback
from services.policies.models import Policy
from tests.factories.accounts import make_staff
from tests.factories.claims import CASH, DECLARED, account_of, make_ahead, make_approver, make_fitting, make_payer
from tests.factories.facts import know
from tests.factories.files import make_document
from tests.factories.policies import make_policy, make_version

pytestmark = pytest.mark.django_db
policies = Policy.objects.select_related("current", "terms")


def today():
    return timezone.localdate()


def reasons(tenant):
    return [(reason["fact"], reason["why"]) for reason in Fallback.objects.get(tenant=tenant).reasons]


def known(tenant, **fields):
    """Let the head-count of a tenant be known in this way and no other."""
    facts.record(tenant=tenant, key="enterprise.headcount", **{"value": 12} | fields)


def test_who_meets_everything_by_verified_facts_is_approved_ahead_confirms_and_is_paid():
    policy, _terms = make_ahead()
    tenant, owner = make_fitting()

    assert upkeep.approve_ahead() == 1
    claim, budget = Claim.objects.get(), Budget.objects.get()
    assert (claim.state, claim.amount_allowed, budget.reserved) == ("pre_approved", 30_000, 30_000)
    assert claim.verdicts.get().trace[0]["source"] == "staff"
    assert Notice.objects.about("benefit-ready", claim.pk).get().recipient == owner
    actions.confirm(claim=claim, by=owner, **account_of(tenant), **DECLARED)
    payer = make_payer()
    actions.order(claim=claim, by=payer)
    with pytest.raises(SecondPersonNeeded):  # nobody else has looked at it
        actions.pay(claim=claim, by=payer, payment_ref="ICBC 9")
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.update(paid_by=payer)
    actions.pay(claim=claim, by=make_payer(), payment_ref="ICBC 9")

    budget.refresh_from_db()
    assert (claim.state, budget.reserved, budget.spent) == ("paid", 0, 30_000)
    assert upkeep.approve_ahead() == 0
    with pytest.raises(Conflict):
        actions.begin_claim(tenant=tenant, policy=policy, benefit=0, by=owner)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"source": Source.SELF}, "self_declared"),
        ({"source": Source.STAFF, "as_of": -400}, "stale"),
        ({"source": Source.STAFF, "as_of": -20, "valid_until": -1}, "expired"),
    ],
)
def test_one_fact_in_doubt_and_the_normal_way_is_said_with_the_reason(client, fields, why):
    make_ahead()
    tenant, owner = make_fitting(source=Source.SELF)
    day = {name: today() + dt.timedelta(days=days) for name, days in fields.items() if name != "source"}
    facts.Fact.objects.filter(tenant=tenant).update(superseded_at=timezone.now())
    facts.TenantFact.objects.filter(tenant=tenant).update(enterprise_headcount=None, origins={})
    known(tenant, source=fields["source"], **day)

    assert upkeep.approve_ahead() == 0

    assert (Claim.objects.exists(), reasons(tenant)) == (False, [("enterprise.headcount", why)])
    assert Notice.objects.filter(kind="benefit-fallback", recipient=owner).count() == 1
    client.force_login(owner)
    shown = client.get(f"/c/{tenant.organisation.slug}/claims/").content.decode()
    assert str(trust.Why(why).label) in shown
    upkeep.approve_ahead()
    assert Notice.objects.filter(kind="benefit-fallback").count() == 1


def test_that_a_claim_is_needed_is_kept_and_told_together_or_not_at_all():
    make_ahead()
    make_fitting(source=Source.SELF)

    def worker_dies(execute, sql, params, many, context):
        if "INSERT INTO" in sql and "notice" in sql:
            raise SystemExit
        return execute(sql, params, many, context)

    with pytest.raises(SystemExit), connection.execute_wrapper(worker_dies):
        upkeep.approve_ahead()
    upkeep.approve_ahead()

    assert Notice.objects.filter(kind="benefit-fallback").count() == Fallback.objects.count() == 1


def test_a_paper_on_file_proves_what_was_only_said_until_it_runs_out():
    make_ahead()
    tenant, owner = make_fitting(source=Source.SELF)
    until = today() + dt.timedelta(days=30)
    known(tenant, source=Source.SELF, proof=make_document(owner=owner, valid_until=until))

    with time_machine.travel(timezone.now() + dt.timedelta(days=40)):
        upkeep.refresh_day()
        assert upkeep.approve_ahead() == 0
    assert upkeep.approve_ahead() == 1


def test_what_staff_checked_against_a_paper_counts_as_long_as_the_paper_is_valid():
    make_ahead()
    tenant, owner = make_fitting(source=Source.SELF)
    known(tenant, source=Source.STAFF, proof=make_document(owner=owner, valid_until=today()))

    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        upkeep.refresh_day()
        assert upkeep.approve_ahead() == 0
        assert reasons(tenant) == [("enterprise.headcount", "expired")]


def test_where_the_money_is_gone_the_normal_way_says_so():
    make_ahead()
    Budget.objects.update(ceiling=Decimal(40_000))
    first, second = make_fitting()[0], make_fitting()[0]

    assert upkeep.approve_ahead() == 1

    assert Claim.objects.get().tenant == first
    assert Fallback.objects.get().tenant == second
    assert Fallback.objects.get().reasons == [{"why": "no_budget"}]


def test_what_changed_before_it_was_confirmed_is_not_paid_and_lapses():
    make_ahead()
    tenant, owner = make_fitting()
    upkeep.approve_ahead()
    claim = Claim.objects.get()
    know(tenant, {"enterprise.headcount": 2})

    with pytest.raises(GuardFailed, match="has changed since"):
        actions.confirm(claim=claim, by=owner, **account_of(tenant), **DECLARED)
    upkeep.approve_ahead()

    claim.refresh_from_db()
    assert (claim.state, Budget.objects.get().reserved) == ("lapsed", 0)


def test_what_nobody_confirms_lapses_and_is_not_offered_again():
    make_ahead()
    tenant, _owner = make_fitting()
    upkeep.approve_ahead()

    with time_machine.travel(timezone.now() + dt.timedelta(days=45)):
        workflow.watch_clocks()
        upkeep.refresh_day()
        assert upkeep.approve_ahead() == 0

    assert Claim.objects.get().state == "lapsed"
    assert Fallback.objects.get(tenant=tenant).reasons == [{"why": "ended"}]


def test_an_amended_policy_pays_ahead_only_the_benefit_that_the_terms_mean():
    policy, terms = make_ahead()
    make_fitting()
    first = make_fitting()[0]
    make_version(slug=policy.slug, documents=[], benefits=[CASH[1], CASH[0]])
    with pytest.raises(GuardFailed, match="Choose one of the benefits"):
        actions.pre_approve(tenant=first, policy=policies.get(pk=policy.pk), terms=terms)
    make_version(slug=policy.slug, documents=[], benefits=[CASH[0] | {"amount_max": 20_000}])
    with pytest.raises(GuardFailed, match="CN¥20,000 at the most"):
        actions.pre_approve(tenant=first, policy=policies.get(pk=policy.pk), terms=terms)
    assert upkeep.approve_ahead() == 0

    said = {name: getattr(terms, name) for name in actions.SAID} | {"standard_amount": Decimal(20_000)}
    anew = actions.write_terms(policy=policies.get(pk=policy.pk), by=make_staff("claims.change_terms"), **said)
    actions.approve_terms(terms=anew, by=make_approver())
    assert upkeep.approve_ahead() == 2


def test_whoever_wrote_the_terms_does_not_approve_them_under_another_name():
    policy = make_policy(benefits=CASH)
    rights = ("claims.change_terms", "claims.approve_terms")
    writer, again = make_staff(*rights, email="wen@park.example"), make_staff(*rights, email="wen+2@park.example")
    terms = actions.write_terms(policy=policy, by=writer)
    with pytest.raises(SecondPersonNeeded):
        actions.approve_terms(terms=terms, by=again)


def test_terms_that_no_second_officer_approved_pay_nobody():
    _policy, terms = make_ahead()
    make_fitting()
    type(terms).objects.update(approved_by=None, approved_at=None)

    assert upkeep.approve_ahead() == 0
    assert not Fallback.objects.exists()


def test_looking_costs_the_same_for_one_tenant_and_for_three(django_assert_max_num_queries):
    make_ahead()
    make_fitting(source=Source.SELF)
    upkeep.approve_ahead()

    with django_assert_max_num_queries(30) as before:
        upkeep.approve_ahead()
    for _ in range(2):
        make_fitting(source=Source.SELF)
    upkeep.approve_ahead()
    with django_assert_max_num_queries(len(before)):
        upkeep.approve_ahead()


def test_the_tenant_confirms_on_the_page(client):
    make_ahead()
    tenant, owner = make_fitting()
    upkeep.approve_ahead()
    claim = Claim.objects.get()
    client.force_login(owner)

    assert "ready for you" in client.get(claim.get_absolute_url()).content.decode()
    wrong = client.post(claim.get_absolute_url(), {"act": "confirm", **account_of(tenant)})
    client.post(claim.get_absolute_url(), {"act": "confirm", "declared": "on", **account_of(tenant)})

    claim.refresh_from_db()
    assert (wrong.status_code, claim.state) == (422, "confirmed")
