"""One fact, one home: changed once, every page has it; past its last day it goes on counting, and pages say so."""

import datetime as dt
import re
from importlib import import_module

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from incubation.facts import actions, reminding, wide_row
from incubation.facts.models import Source, TenantFact
from incubation.facts.vocabulary import TENANT_FACTS
from incubation.journey import way
from incubation.journey.judging import Standing
from incubation.journey.stages import Stage
from park.notices.models import Notice
from park.organisations.models import Role
from park.rules.explain import Known
from park.rules.judge import judge
from park.rules.tree import parse
from services.claims.models import Claim
from services.policies import judging, matching, past
from services.policies.models import Verdict
from tests.factories.accounts import make_staff
from tests.factories.claims import make_claimable, make_draft, make_sent
from tests.factories.facts import know, make_company, make_owner
from tests.factories.files import make_document
from tests.factories.journey import make_gate, make_manager, make_tenant
from tests.factories.organisations import make_membership
from tests.factories.policies import criterion, make_policy, rule, staff_at_least

pytestmark = pytest.mark.django_db
HEADCOUNT, PRODUCT = "enterprise.headcount", "enterprise.first_product"
DAY = dt.timedelta(days=1)
STALE = "It was valid until"


def words_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def addresses(claim, sent) -> dict[str, str]:
    """Return six pages that a head-count stands behind."""
    slug, policy = claim.tenant.organisation.slug, claim.policy.slug
    return {
        "what we know": reverse("facts:profile", args=[slug]),
        "policy": f"{reverse('policies:policy', args=[policy])}?for={slug}",
        "policies for us": reverse("policies:fit", args=[slug]),
        "what if": reverse("policies:what_if", args=[slug]),
        "claim begun": claim.get_absolute_url(),
        "claim checked": reverse("admin:claims_claim_change", args=[sent.pk]),
    }


@pytest.fixture
def case():
    """A company with 12 people, one claim begun and one sent, its owner, and an officer."""
    tenant = make_company()
    owner = make_owner(tenant)
    know(tenant, {HEADCOUNT: 12})
    policy = make_claimable(papers=[])
    draft = make_draft(policy=policy, tenant=tenant, owner=owner)
    sent = make_sent(policy=policy, tenant=tenant, owner=owner, benefit=1, amount=40_000)
    return tenant, owner, Claim.objects.get(pk=draft.pk), sent


def read_all(client, case) -> dict[str, str]:
    _tenant, owner, draft, sent = case
    officer = make_staff("policy-officer")
    pages = {}
    for name, address in addresses(draft, sent).items():
        client.force_login(officer if name == "claim checked" else owner)
        pages[name] = client.get(address)
        assert pages[name].status_code == 200, name
    return pages


def test_a_head_count_is_changed_once_and_six_pages_have_it(client, case):
    tenant, *_ = case
    before = read_all(client, case)

    actions.record(tenant=tenant, key=HEADCOUNT, value=2, source=Source.STAFF)

    after = read_all(client, case)
    said = {name: words_of(page) for name, page in after.items()}
    assert "12" in words_of(before["what we know"]) and "12" not in said["what we know"]
    assert "Met." in words_of(before["policy"]) and "Not met." in said["policy"]
    assert (fitting(before), fitting(after)) == (1, 0)
    assert typed(before) == "12" and typed(after) == "2"
    assert [page["claim begun"].context["known"][0]["state"] for page in (before, after)] == ["met", "not_met"]
    assert "met · 12" in said["claim checked"] and "not met · 2" in said["claim checked"]  # then, and today


def fitting(pages) -> int:
    return next(tab["count"] for tab in pages["policies for us"].context["tabs"] if tab["label"] == "Fits")


def typed(pages) -> str:
    return str(pages["what if"].context["form"][HEADCOUNT].value())


def test_a_proof_that_runs_out_leaves_the_verdict_and_is_shown_as_stale_from_the_next_day_on(client, case):
    tenant, owner, draft, _sent = case
    last = wide_row.today() + DAY
    actions.record(
        tenant=tenant, key=HEADCOUNT, value=12, source=Source.STAFF, proof=make_document(owner=owner, valid_until=last)
    )
    client.force_login(owner)
    assert "Met." in words_of(client.get(addresses(draft, draft)["policy"]))
    client.logout()

    with time_machine.travel(timezone.now() + 2 * DAY):
        pages = {name: words_of(page) for name, page in read_all(client, case).items() if name != "what if"}
        match = judging.of_tenant([draft.policy], tenant)[0]
        client.force_login(owner)
        answer = client.get(reverse("facts:answer", args=[tenant.organisation.slug, HEADCOUNT]))
        actions.record(tenant=tenant, key=HEADCOUNT, value=13, source=Source.SELF, by=owner)
        renewed = {name: words_of(page) for name, page in read_all(client, case).items()}

    assert match.verdict == "fits" and match.stale == {HEADCOUNT: last}
    assert "Met (stale)." in pages["policy"] and STALE in pages["policy"] and "Bring it up to date" in pages["policy"]
    assert "Stale: it was valid until" in pages["what we know"]
    assert "Rests on stale facts" in pages["policies for us"] and "Past its last day" in pages["policies for us"]
    assert "stale: it was valid until" in pages["claim begun"]
    assert "met (stale) · 12" in pages["claim checked"]
    assert answer.status_code == 200 and STALE in words_of(answer)
    assert not any("stale" in page.lower() for page in renewed.values())  # also the tenant's own word


def test_a_gate_shows_what_is_stale_to_the_tenant_and_to_who_decides(client):
    tenant = make_tenant(stage=Stage.STARTUP)
    gate = make_gate(tenant)
    actions.record(tenant=tenant, key=PRODUCT, value=True, source=Source.STAFF, valid_until=wide_row.today())

    with time_machine.travel(timezone.now() + DAY):
        client.force_login(tenant.talent.user)
        path = words_of(client.get(reverse("journey:path", args=[tenant.organisation.slug])))
        client.force_login(make_manager())
        decided = words_of(client.get(reverse("admin:journey_gate_change", args=[gate.pk])))

    assert "Met (stale)." in path and "Bring it up to date" in path
    assert "Met (stale)" in decided and "it was valid until" in decided


def test_what_is_stale_and_does_not_count_for_a_verdict_is_not_said_of_it():
    tenant, last = make_company(), wide_row.today()
    know(tenant, {HEADCOUNT: 12})
    actions.record(tenant=tenant, key=PRODUCT, value=True, source=Source.STAFF, valid_until=last)
    either = rule({"any": [staff_at_least(10), criterion(PRODUCT, "is_true")]})
    policy = make_policy(rule=either)

    with time_machine.travel(timezone.now() + DAY):
        met = judging.of_tenant([policy], tenant)[0]
        actions.record(tenant=tenant, key=HEADCOUNT, value=2, source=Source.STAFF)
        by_the_stale = judging.of_tenant([policy], tenant)[0]

    assert (met.verdict, met.stale) == ("fits", {})
    assert (by_the_stale.verdict, by_the_stale.stale) == ("fits", {PRODUCT: last})


def test_what_nobody_knows_is_asked_before_what_is_stale(client):
    tenant = make_company()
    owner, last = make_owner(tenant), wide_row.today()
    actions.record(tenant=tenant, key=PRODUCT, value=False, source=Source.STAFF, valid_until=last)
    either = rule({"any": [staff_at_least(10), criterion(PRODUCT, "is_true")]})
    policy = make_policy(rule=either)
    client.force_login(owner)

    with time_machine.travel(timezone.now() + DAY):
        said = words_of(client.get(f"{reverse('policies:policy', args=[policy.slug])}?for={tenant.organisation.slug}"))

    assert "Answer now" in said and "Bring it up to date" not in said


def test_at_a_gate_too_what_nobody_knows_is_asked_before_what_is_stale():
    tenant, last = make_company(), wide_row.today() - DAY
    either = parse(rule({"any": [staff_at_least(10), criterion(PRODUCT, "is_true")]}), TENANT_FACTS)
    found = judge(either, {"enterprise_first_product": False})
    standing = Standing(None, found, {PRODUCT: Known(Source.STAFF, last, last)})

    [shown] = way.criteria(tenant, standing, answers=True)

    assert shown["stale_key"] == PRODUCT and HEADCOUNT in shown["fix"]["url"]


def test_a_value_whose_paper_is_past_its_last_day_gives_way_to_the_tenants_word():
    tenant = make_company()
    paper = make_document(owner=make_owner(tenant), valid_until=wide_row.today() - DAY)
    actions.record(tenant=tenant, key=HEADCOUNT, value=12, source=Source.STAFF, proof=paper)

    said = actions.record(tenant=tenant, key=HEADCOUNT, value=15, source=Source.SELF)

    assert not said.held_back and wide_row.row_of(tenant).enterprise_headcount == 15


def test_who_does_not_speak_for_the_tenant_sees_what_ran_out_without_a_way_that_is_closed_to_them(client, case):
    tenant, owner, *_ = case
    actions.record(tenant=tenant, key=HEADCOUNT, value=12, source=Source.STAFF, valid_until=wide_row.today())
    member = make_membership(organisation=tenant.organisation, role=Role.MEMBER).user
    slug, seen = tenant.organisation.slug, {}

    with time_machine.travel(timezone.now() + DAY):
        for person in (owner, member):
            client.force_login(person)
            seen[person] = client.get(reverse("policies:fit", args=[slug])).content.decode()

    answer = reverse("facts:answer", args=[slug, HEADCOUNT])
    assert "Past its last day" in seen[owner] and answer in seen[owner]
    assert "Past its last day" in seen[member] and answer not in seen[member]


def test_a_stored_verdict_says_what_is_stale_by_now(case):
    tenant, _owner, draft, _sent = case
    last = wide_row.today()
    actions.record(tenant=tenant, key=HEADCOUNT, value=12, source=Source.STAFF, valid_until=last)
    matching.write_verdicts(draft.wording)
    kept = Verdict.objects.get(tenant=tenant, version=draft.wording)

    assert judging.of_verdict(kept).stale == {}
    with time_machine.travel(timezone.now() + DAY):
        assert judging.of_verdict(kept).stale == {HEADCOUNT: last}


def test_a_past_moment_knows_what_was_stale_then():
    tenant = make_company()
    last = wide_row.today() + DAY
    actions.record(tenant=tenant, key=HEADCOUNT, value=12, source=Source.STAFF, valid_until=last)
    with time_machine.travel(timezone.now() + 5 * DAY) as clock:
        actions.record(tenant=tenant, key=HEADCOUNT, value=13, source=Source.STAFF)
        now = timezone.now()
        clock.shift(DAY)

        fresh = past.known_then(tenant, now - 5 * DAY + dt.timedelta(hours=1))
        stale = past.known_then(tenant, now - DAY)

        assert fresh.origins[HEADCOUNT].ended is None
        assert stale.origins[HEADCOUNT].ended == last
        assert past.known_then(tenant, timezone.now()).origins[HEADCOUNT].ended is None


def test_who_speaks_for_a_tenant_is_told_before_a_fact_runs_out_and_when_it_has_each_once(client):
    tenant = make_company()
    owner = make_owner(tenant)
    make_membership(organisation=tenant.organisation, role=Role.MEMBER)
    until = wide_row.today() + 30 * DAY
    fact = actions.record(tenant=tenant, key=HEADCOUNT, value=12, source=Source.STAFF, valid_until=until)
    actions.record(tenant=tenant, key="enterprise.revenue_cny", value=1, valid_until=until + DAY)

    told = reminding.remind(), reminding.remind()
    with time_machine.travel(timezone.now() + 30 * DAY):
        on_the_day = reminding.remind()  # the other one comes near
    with time_machine.travel(timezone.now() + 32 * DAY):
        over = reminding.remind(), reminding.remind()
        client.force_login(owner)
        inbox = words_of(client.get(reverse("notices:inbox")))

    assert (told, on_the_day, over) == ((1, 0), 1, (2, 0))
    assert set(Notice.objects.values_list("recipient", flat=True)) == {owner.pk}
    assert sorted(Notice.objects.filter(subject_id=fact.pk).values_list("version", flat=True)) == [1, 2]
    assert "Out of date:" in inbox
    actions.record(tenant=tenant, key=HEADCOUNT, value=14, source=Source.STAFF)
    keys = [reminding.Key(owner.pk, fact.pk, version) for version in (1, 2)]
    assert reminding.still_stale(keys) == set()


def test_a_night_tells_in_few_statements_and_what_nobody_can_be_told_of_stands_in_nobodys_way(
    monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(reminding, "AT_ONCE", 3)
    day = wide_row.today()
    alone, tenants = make_company(), [make_company() for _ in range(3)]
    owners = {make_owner(tenant).pk for tenant in tenants}
    for nth, tenant in enumerate([alone, *tenants]):
        actions.record(tenant=tenant, key=HEADCOUNT, value=12, source=Source.STAFF, valid_until=day + nth * DAY)
        actions.record(tenant=alone, key=("enterprise.revenue_cny", PRODUCT)[nth % 2], value=nth % 2 == 1 or 1,
                       valid_until=day)  # fmt: skip

    with django_assert_max_num_queries(8):
        told = reminding.remind(day)

    assert told == 3 and set(Notice.objects.values_list("recipient", flat=True)) == owners


def test_rows_that_an_older_portal_wrote_learn_the_last_day_once():
    tenant, last = make_company(), wide_row.today()
    actions.record(tenant=tenant, key=HEADCOUNT, value=12, source=Source.STAFF, valid_until=last)
    actions.record(tenant=tenant, key=PRODUCT, value=True, source=Source.STAFF)
    origins = wide_row.row_of(tenant).origins
    as_before = {key: entry[:3] for key, entry in origins.items()}
    TenantFact.objects.filter(pk=tenant.pk).update(origins=as_before)

    with connection.cursor() as cursor:
        cursor.execute(import_module("incubation.facts.migrations.0003_origins_name_the_last_day").TELL_THE_LAST_DAY)

    found = TenantFact.objects.get(pk=tenant.pk).origins
    assert found == as_before | {key: origins[key] for key in (HEADCOUNT, PRODUCT)} == origins
    assert wide_row.explained(found, last + DAY)[HEADCOUNT].ended == last
