"""Who applied beside the applicant acts for the tenant that the application became."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from incubation.intake import actions
from incubation.intake.models import CoApplicant
from incubation.journey import access
from park.notices.models import Notice
from park.organisations.models import Organisation
from tests.factories.accounts import make_user
from tests.factories.intake import make_application, make_officer

pytestmark = pytest.mark.django_db


def test_co_applicants_act_for_the_tenant_as_their_part_says_and_nobody_else_does(client):
    application = make_application("in_review")
    lead, editor, reader, *_others = people = [make_user() for _each in range(5)]
    now = timezone.now()
    parts = [("lead", {}), ("editor", {}), ("reader", {}), ("editor", {"until": now + dt.timedelta(days=9)}),
             ("lead", {"ended_at": now})]  # fmt: skip
    for user, (role, more) in zip(people, parts, strict=True):
        CoApplicant.objects.create(application=application, user=user, role=role, since=now, **more)

    tenant = actions.accept(application=application, by=make_officer())

    roles = dict(tenant.organisation.memberships.values_list("user", "role"))
    assert roles == {application.talent.user_id: "owner", lead.pk: "manager", editor.pk: "member", reader.pk: "member"}
    assert [access.runs(user, tenant) for user in people] == [True, False, False, False, False]
    assert [access.is_one_of_theirs(user, tenant) for user in people] == [True, True, True, False, False]
    for user in people:
        client.force_login(user)
        opened = client.get(reverse("desk:tenant", args=[tenant.organisation.slug])).status_code
        assert (opened == 200) == Organisation.objects.acting_for(user).exists()
    told = Notice.objects.filter(kind="workspace-joined")
    assert set(told.values_list("recipient", flat=True)) == {lead.pk, editor.pk, reader.pk}
