"""Who may say what about a tenant's facts. Which rows a person sees is asked of ``visible_to``."""

from park.organisations.models import Membership, Role

SPEAKERS = (Role.OWNER, Role.MANAGER, Role.FINANCE)


def may_answer(user, tenant) -> bool:
    """Return whether this person speaks for the tenant: its owner, a manager, or who keeps its books."""
    return (
        Membership.objects.current().filter(user=user, organisation=tenant.organisation_id, role__in=SPEAKERS).exists()
    )


def may_enter(user) -> bool:
    """Return whether this person may enter facts for the park."""
    return user.has_perm("facts.add_fact")
