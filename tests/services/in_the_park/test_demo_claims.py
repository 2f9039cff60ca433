"""The demo park's claims: every state of the table, money that adds up, benefits that need no application."""

import pytest

from services.claims.models import Budget, Claim, Fallback
from services.claims.states import MACHINE

pytestmark = pytest.mark.django_db


def test_every_state_of_a_claim_is_there_and_each_sign_in_of_a_company_has_one(park):
    assert set(Claim.objects.values_list("state", flat=True)) == set(MACHINE.states.values)
    theirs = r"^tenant[345]@company\.example$"
    owners = Claim.objects.filter(tenant__organisation__memberships__user__email__regex=theirs)
    assert owners.values("tenant").distinct().count() == 3


def test_the_fund_lines_hold_and_a_benefit_without_application_stands_ready_or_says_why_not(park):
    assert all(budget.spent and budget.reserved + budget.spent <= budget.ceiling for budget in Budget.objects.all())
    whys = {reason["why"] for fallback in Fallback.objects.all() for reason in fallback.reasons}
    assert {"no_budget", "stale"} <= whys
    assert Claim.objects.filter(lane=Claim.Lane.AHEAD, papers__isnull=False).count() == 0
    assert Claim.objects.filter(papers__reused=True).exists()
