"""One condition away, what would turn a verdict, and what if: advice that was tried, a sandbox without a trace."""

import datetime as dt
import hashlib
import json
import re
from decimal import Decimal

import pytest
from django.core import serializers
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from incubation.facts.models import Fact, TenantFact
from incubation.facts.vocabulary import TENANT_FACTS
from services.policies import coaching, judging, whatif
from services.policies.models import Judged, Verdict
from tests.factories.facts import know, make_company, make_owner
from tests.factories.policies import criterion, make_policy, rule, staff_at_least

pytestmark = pytest.mark.django_db
HEADCOUNT, FINANCED = "enterprise.headcount", "enterprise.equity_financing_2y_cny"
CASH = {"en": "Cash", "zh": "现金", "type": "cash", "currency": "CNY"}


def words_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page_of(tenant, name="policies:fit") -> str:
    return reverse(name, args=[tenant.organisation.slug])


@pytest.fixture
def tenant():
    tenant = make_company()
    know(tenant, {HEADCOUNT: 3})
    return tenant


@pytest.fixture
def reader(client, tenant):
    client.force_login(make_owner(tenant))
    return client


def test_a_near_miss_is_told_what_to_change_until_when_and_what_it_brings(tenant):
    closes = timezone.now() + dt.timedelta(days=40)
    make_policy(rule=rule(staff_at_least(5)), benefits=[CASH | {"amount_max": 200_000}], deadline=closes)
    make_policy(rule=rule(staff_at_least(4)), benefits=[CASH | {"amount_max": 300_000}])

    with override("en"):
        first, second = coaching.suggestions(judging.for_tenant(tenant))

        assert (first.brings, second.brings) == ("2 policies, up to CN¥500,000", "1 policy, up to CN¥300,000")
        assert re.fullmatch(r".+: 2 people more, from 3 people to at least 5 people, before .+", first.steps[0])
        assert re.fullmatch(r".+: 1 person more, from 3 people to at least 4 people", second.steps[0])


def test_answers_are_ranked_by_how_many_verdicts_they_would_settle(tenant):
    for _ in range(2):
        make_policy(rule=rule(staff_at_least(2), criterion(FINANCED, "gte", 5)))
    for key in ("enterprise.rd_expense_cny", "enterprise.assets_cny", "enterprise.is_high_tech"):
        op = ("is_true",) if key == "enterprise.is_high_tech" else ("gte", 1)
        make_policy(rule=rule(criterion(key, *op), criterion("enterprise.bad_credit", "is_false")))

    found = coaching.questions(judging.for_tenant(tenant))

    assert [(each.fact.key, each.settles, each.waiting) for each in found[:2]] == [
        (FINANCED, 2, 2),
        ("enterprise.bad_credit", 0, 3),
    ]


def test_the_tenants_page_shows_advice_questions_and_the_way_to_the_sandbox(reader, tenant):
    make_policy(title_en="Growth grant", rule=rule(staff_at_least(5)))

    page = words_of(reader.get(page_of(tenant)))

    assert "One condition away" in page
    assert "2 people more, from 3 people to at least 5 people" in page
    assert "Would bring: 1 policy." in page
    assert "Nothing is kept" in page


def test_the_page_of_a_policy_says_what_would_turn_the_verdict(reader, tenant):
    policy = make_policy(rule=rule(staff_at_least(5)))
    fits = make_policy(rule=rule(staff_at_least(2)))

    assert "It would fit if one of these held besides:" in words_of(reader.get(policy.get_absolute_url()))
    assert "It would no longer fit if one of these no longer held:" in words_of(reader.get(fits.get_absolute_url()))


# --- What if ----------------------------------------------------------------------------------------------------------
def fingerprint() -> str:
    """Return what stands in the tables of facts and verdicts, as one digest."""
    rows = [
        serializers.serialize("json", model.objects.order_by("pk")) for model in (Fact, TenantFact, Verdict, Judged)
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def test_what_if_judges_every_policy_again_and_leaves_no_trace(reader, tenant):
    make_policy(title_en="Growth grant", rule=rule(staff_at_least(5)))
    make_policy(title_en="Small firms", rule=rule(criterion(HEADCOUNT, "lte", 4)))
    reader.get(page_of(tenant, "policies:what_if"))
    before = fingerprint()

    page = words_of(reader.post(page_of(tenant, "policies:what_if"), {HEADCOUNT: "6"}))

    assert "Fits: 1 now, 1 then." in page
    assert "Growth grant" in page
    assert "Small firms" in page
    assert fingerprint() == before
    assert TenantFact.objects.get(pk=tenant.pk).enterprise_headcount == 3


def test_what_if_speaks_alone_to_htmx_and_starts_from_what_is_to_be_tried(reader, tenant):
    make_policy(title_en="Growth grant", rule=rule(staff_at_least(5)))
    address = page_of(tenant, "policies:what_if")

    part = reader.post(address, {HEADCOUNT: "6"}, headers={"HX-Request": "true"}).content.decode()
    tried = reader.get(address, {HEADCOUNT: "5"})

    assert part.lstrip().startswith("<section")
    assert "Fits: 0 now, 1 then." in words_of(tried)
    assert 'value="5"' in tried.content.decode()


def test_what_if_says_which_value_cannot_be_right(reader, tenant):
    make_policy(rule=rule(staff_at_least(5)))

    page = reader.post(page_of(tenant, "policies:what_if"), {HEADCOUNT: "many"})

    assert page.status_code == 422
    assert "Some of these values cannot be right" in words_of(page)


def test_what_if_is_closed_to_strangers(client, tenant):
    client.force_login(make_owner(make_company()))

    assert client.get(page_of(tenant, "policies:what_if")).status_code == 404


def test_the_pages_cost_the_same_for_one_and_for_many_policies(reader, tenant, django_assert_max_num_queries):
    for number in range(4, 12):
        make_policy(rule=rule(staff_at_least(number)))
    reader.get(page_of(tenant))

    with django_assert_max_num_queries(14):
        reader.get(page_of(tenant))
    with django_assert_max_num_queries(14):
        reader.post(page_of(tenant, "policies:what_if"), {HEADCOUNT: "6"})


def test_following_every_suggestion_makes_its_policies_fit(tenant):
    for number in (4, 7):
        make_policy(rule=rule(staff_at_least(number), criterion("enterprise.assets_cny", "lte", number)))
    know(tenant, {"enterprise.assets_cny": Decimal(6)})
    matches = judging.for_tenant(tenant)

    found = coaching.suggestions(matches)

    assert found
    for each in found:
        then = whatif.outcome(matches, each.advice.changes)
        fit = {turned.after.policy for turned in then.changes if turned.after.verdict == "fits"}
        assert fit == {match.policy for match in each.gained}
        assert all(key in TENANT_FACTS for key in each.query)
