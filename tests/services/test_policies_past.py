"""Any verdict can be shown as it was: made again from the rule and the facts of then, it is what was written then."""

import datetime as dt
import random
import re

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from incubation.facts.models import TenantFact
from services.policies import actions, matching, past
from services.policies.models import KnownUntil, VerdictChange
from tests.factories.accounts import make_user
from tests.factories.facts import know, make_company, make_owner
from tests.factories.policies import criterion, make_manager, make_version, rule, staff_at_least

pytestmark = pytest.mark.django_db
HEADCOUNT, TITLE, CAPITAL = "enterprise.headcount", "enterprise.is_high_tech", "enterprise.paid_in_capital_cny"
INSTANTS = 1000


def words_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def lived(rng: random.Random, tenants, versions, steps: int = 25) -> None:
    """Let facts change, one tenant at a time, and have every verdict written anew after each change."""
    for step in range(steps):
        tenant = rng.choice(tenants)
        key = rng.choice((HEADCOUNT, TITLE, CAPITAL))
        value = {HEADCOUNT: rng.randint(0, 9), TITLE: rng.random() < 0.5, CAPITAL: rng.choice((1, 5, 7.25))}[key]
        know(tenant, {key: None if step % 7 == 6 else value})
        for version in versions:
            matching.write_verdicts(version)


def test_at_a_thousand_past_instants_the_verdict_made_again_is_the_one_that_was_written():
    rng = random.Random(4)
    tenants = [make_company() for _ in range(3)]
    versions = [
        make_version(rule=rule(staff_at_least(4))),
        make_version(
            rule=rule(staff_at_least(2), {"any": [criterion(TITLE, "is_true"), criterion(CAPITAL, "gte", 6)]})
        ),
        make_version(rule=rule(criterion(CAPITAL, "gte", 5, when=[criterion(TITLE, "is_true")]), staff_at_least(1))),
    ]
    began = timezone.now()
    lived(rng, tenants, versions)
    ended = timezone.now()
    rows = {row.pk: row for row in TenantFact.objects.all()}
    changes = {tenant.pk: list(KnownUntil.objects.filter(tenant=tenant).order_by("until", "pk")) for tenant in tenants}
    written = list(VerdictChange.objects.order_by("at", "pk"))

    compared = 0
    for _ in range(INSTANTS):
        moment = began + (ended - began) * rng.random()
        tenant, version = rng.choice(tenants), rng.choice(versions)
        mine = [each for each in written if (each.tenant_id, each.version_id) == (tenant.pk, version.pk)]
        then = next((each for each in reversed(mine) if each.at <= moment), None)
        if then is None:
            continue
        later = [change for change in changes[tenant.pk] if change.until > then.at]
        known = past.undone(rows[tenant.pk], later)
        again = past.judge(version.parsed, known.values)
        assert (again.verdict, again.near, again.met, again.unknown) == (then.word, then.near, then.met, then.unknown)
        compared += 1

    assert compared > INSTANTS / 2
    assert len({(each.tenant_id, each.version_id, each.word) for each in written}) > 9


def test_the_facts_of_then_are_those_of_then_with_their_source():
    tenant = make_company()
    know(tenant, {HEADCOUNT: 3})
    first = timezone.now()
    know(tenant, {HEADCOUNT: 8, CAPITAL: 5})

    then, now = past.known_then(tenant, first), past.known_then(tenant, timezone.now())

    assert (then.values["enterprise_headcount"], then.values["enterprise_paid_in_capital_cny"]) == (3, None)
    assert (now.values["enterprise_headcount"], now.values["enterprise_paid_in_capital_cny"]) == (8, 5)
    assert (HEADCOUNT in then.origins, CAPITAL in then.origins, CAPITAL in now.origins) == (True, False, True)
    assert past.known_then(tenant, first - dt.timedelta(days=1)) is None


def test_the_rule_of_then_is_the_version_that_was_listed_then():
    tenant = make_company()
    know(tenant, {HEADCOUNT: 3})
    version = make_version(rule=rule(staff_at_least(5)))
    before = timezone.now()
    second = make_version(slug=version.policy.slug, rule=rule(staff_at_least(2)))
    listed = timezone.now()
    actions.withdraw(version=second, by=make_manager(), note="Wrong.")

    words = [past.verdict_then(version.policy, tenant, at).match for at in (before, listed, timezone.now())]

    assert [(match.version.number, match.verdict) for match in words] == [(1, "may_fit"), (2, "fits"), (1, "may_fit")]


def test_what_was_known_and_said_is_never_rewritten():
    know(make_company(), {HEADCOUNT: 3})
    matching.write_verdicts(make_version())
    for model in (KnownUntil, VerdictChange):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(tenant=make_company())


def test_the_tenant_and_staff_see_the_verdict_of_a_day_and_strangers_nothing(client):
    tenant = make_company()
    know(tenant, {HEADCOUNT: 3})
    version = make_version(title_en="Growth grant", rule=rule(staff_at_least(5)))
    matching.write_verdicts(version)
    address = reverse("policies:then", args=[tenant.organisation.slug, version.policy.slug])
    day = timezone.localdate()
    asked = {"day_day": day.day, "day_month": day.month, "day_year": day.year}
    client.force_login(make_owner(tenant))

    page = words_of(client.get(address, asked))

    assert "Version 1 of the policy" in page
    assert "Written down on" in page
    assert "As it was on a past day" in words_of(client.get(version.policy.get_absolute_url()))
    assert "This day is still to come." in words_of(client.get(address, asked | {"day_year": day.year + 1}))
    assert "Nothing is kept of that moment" in words_of(client.get(address, asked | {"day_year": day.year - 1}))
    client.force_login(make_user())
    assert client.get(address, asked).status_code == 404
