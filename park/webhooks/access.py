"""Who may manage endpoints: owners and managers of enterprises and partner organisations; staff by their right."""

from park.organisations.access import MAY_MANAGE_PEOPLE
from park.organisations.models import Kind, Membership, Organisation

from .models import Endpoint

KINDS = (Kind.ENTERPRISE, Kind.PARTNER)


def managed_by(user):
    """Return the organisations whose endpoints this person manages now."""
    held = Membership.objects.current().filter(user=user, role__in=MAY_MANAGE_PEOPLE)
    return Organisation.objects.filter(pk__in=held.values("organisation"), kind__in=KINDS).order_by("pk")


def endpoints_of(user):
    """Return the endpoints of these organisations, stopped ones too."""
    return Endpoint.objects.filter(organisation__in=managed_by(user)).select_related("organisation")


def may_manage(user, organisation: Organisation) -> bool:
    return user is not None and managed_by(user).filter(pk=organisation.pk).exists()


def may_resend(user, endpoint: Endpoint) -> bool:
    """Tell whether this person may send again or cancel: whoever manages the endpoint, and staff with the right."""
    return user.has_perm("webhooks.change_sending") or may_manage(user, endpoint.organisation)
