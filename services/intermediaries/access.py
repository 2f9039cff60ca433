"""Who may do which act on a request, and who hears of it."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q

from park.organisations.access import may_act_for
from park.organisations.models import Role
from park.workflow.machine import Move

from .models import Institution, Match, ServiceRequest
from .states import Mover

TRIAGE = "intermediaries.triage_servicerequest"


def may_ask(user, tenant) -> bool:
    """Return whether a person may ask for a service in the name of a tenant."""
    return may_act_for(user, tenant.organisation)


def may_make(user, move: Move, request: ServiceRequest) -> bool:
    """Return whether a person may make a move; the portal itself (no person) may make those that follow from a rule."""
    if user is None:
        return True
    match move.by:
        case Mover.TENANT:
            return may_act_for(user, request.tenant.organisation) or (move.name == "cancel" and user.has_perm(TRIAGE))
        case Mover.INSTITUTION:
            asked = request.matches.told().exclude(reply=Match.Reply.PASSED)
            return Institution.objects.acted_for_by(user).filter(matches__in=asked).exists()
        case Mover.OFFICER:
            return user.has_perm(TRIAGE)
    return False


# --- Who hears of it --------------------------------------------------------------------------------------------------
def officers():
    """Return the people whose duty it is to match requests."""
    right = Permission.objects.filter(codename="triage_servicerequest", content_type__app_label="intermediaries")
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    return people.filter(Q(groups__permissions__in=right) | Q(user_permissions__in=right)).distinct()


def people_of(organisation_id: int):
    """Return everybody who may act for an organisation now."""
    return get_user_model().objects.filter(
        is_active=True, memberships__organisation=organisation_id, memberships__ended_at=None
    )


def askers(request: ServiceRequest):
    """Return those on the tenant's side who hear of a request: who asked, and the owners and managers."""
    leading = Q(memberships__role__in=[Role.OWNER, Role.MANAGER]) | Q(pk=request.asked_by_id)
    return get_user_model().objects.filter(
        leading, is_active=True, memberships__organisation=request.tenant.organisation_id, memberships__ended_at=None
    )
