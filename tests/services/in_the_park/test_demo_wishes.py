"""The demo park has policies that were not wanted, tenants that came to be fitted, facts that ran out, money back."""

import pytest

from incubation.facts import wide_row
from incubation.journey.models import Tenant
from park.notices.models import Notice
from services.claims.models import Claim
from services.policies import judging, new_fits
from services.policies.models import NewFit, SetAside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("park")]


def test_policies_were_set_aside_for_several_reasons_and_one_was_taken_up_again():
    assert SetAside.objects.standing().values("reason").distinct().count() >= 3
    assert SetAside.objects.exclude(taken_back_at=None).exists()


def test_some_tenants_came_to_be_fitted_and_were_told_why():
    found = list(NewFit.objects.select_related("version__policy"))

    assert len(found) >= 3 and all(new_fits.reasons(each) for each in found)
    assert Notice.objects.filter(kind=new_fits.NEW_FIT).exists()


def test_a_fact_of_a_sign_in_ran_out_and_others_run_out():
    tenant = Tenant.objects.get(organisation__memberships__user__email="tenant3@company.example")

    assert any(known.ended for known in wide_row.known(tenant).values())
    assert any(match.stale for match in judging.for_tenant(tenant))


def test_a_payment_came_back_and_waits_for_the_account():
    assert Claim.objects.filter(Claim.WITHOUT_ACCOUNT).exists()
