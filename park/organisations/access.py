"""Who may act for whom."""

from collections.abc import Collection

from .models import Kind, Membership, Organisation, Role

MAY_MANAGE_PEOPLE = (Role.OWNER, Role.MANAGER)


def may_act_for(user, organisation: Organisation, roles: Collection[str] | None = None) -> bool:
    """Tell whether this person may act for the organisation now, in one of these roles if any are named."""
    held = Membership.objects.current().filter(user_id=user.pk, organisation=organisation)
    return held.filter(role__in=roles).exists() if roles else held.exists()


def may_manage_people(user, organisation: Organisation) -> bool:
    return user.has_perm("organisations.change_membership") or may_act_for(user, organisation, MAY_MANAGE_PEOPLE)


def needs_second_factor(user) -> bool:
    """A second factor is asked of the members of institutions, and of partners who manage keys."""
    held = Membership.objects.current().filter(user_id=user.pk)
    return (
        held.filter(organisation__kind=Kind.INSTITUTION).exists()
        or held.filter(organisation__kind=Kind.PARTNER, role__in=MAY_MANAGE_PEOPLE).exists()
    )
