"""What webhooks are told of policies: each release and each new verdict once, and only what came after they asked."""

import pytest

from park.organisations.models import Role
from park.webhooks.models import Event
from services.alerts import feeding
from services.policies import matching
from services.policies.models import SetAside
from tests.factories.accounts import make_user
from tests.factories.facts import know, make_company
from tests.factories.organisations import make_membership
from tests.factories.policies import make_version, release, rule, staff_at_least
from tests.factories.webhooks import make_endpoint

pytestmark = pytest.mark.django_db


def test_a_release_and_the_verdict_on_a_company_are_told_once(django_assert_num_queries):
    tenants = [make_company(), make_company()]
    for tenant in tenants:
        know(tenant, {"enterprise.headcount": 12})
    matching.run_release(release(make_version(rule=rule(staff_at_least(10)))).pk)  # before anybody asked
    with django_assert_num_queries(2):
        assert feeding.feed() == 0  # nobody asks
    mine = make_endpoint(membership=make_membership(organisation=tenants[0].organisation, role=Role.OWNER))
    assert feeding.feed() == 0

    made = release(make_version(rule=rule(staff_at_least(10)), title_en="Equipment grant"))
    matching.run_release(made.pk)

    assert (feeding.feed(), feeding.feed()) == (2, 0)
    assert set(mine.sendings.values_list("event__kind", flat=True)) == {feeding.RELEASED, feeding.VERDICT}
    verdict = Event.objects.get(kind=feeding.VERDICT)
    assert verdict.organisation == tenants[0].organisation
    assert (verdict.data["verdict"], verdict.data["title"]["en"]) == ("fits", "Equipment grant")


def test_what_is_told_costs_as_much_for_many_as_for_few_and_leaves_out_what_was_set_aside(django_assert_num_queries):
    companies = [make_company() for _ in range(3)]
    for company in companies:
        know(company, {"enterprise.headcount": 12})
        make_endpoint(membership=make_membership(organisation=company.organisation, role=Role.OWNER))
    for number in range(3):
        version = make_version(rule=rule(staff_at_least(10)))
        matching.run_release(release(version).pk)
        if number == 0:
            SetAside.objects.create(tenant=companies[0], policy=version.policy, reason="field", by=make_user())

    with django_assert_num_queries(6):  # who asks, what is new, one insert: for each of the two kinds
        assert feeding.feed() == 3 * 3 + 8
    with django_assert_num_queries(4):
        assert feeding.feed() == 0
    assert Event.objects.filter(kind=feeding.VERDICT, organisation=companies[0].organisation_id).count() == 2
