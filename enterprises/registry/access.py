"""Who may keep the register."""

from .models import Enterprise


def may_register(user) -> bool:
    return user.has_perm("registry.add_enterprise")


def may_edit(user, enterprise: Enterprise) -> bool:
    return user.has_perm("registry.change_enterprise")


def may_show(user, enterprise: Enterprise) -> bool:
    """Only the company says what strangers may see of it: its owners and managers."""
    return (
        enterprise.organisation.memberships.current().filter(user=user, role__in=["owner", "manager"]).exists()
    )
