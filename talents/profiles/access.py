"""Who may see and change which profile."""

from .models import Talent


def may_edit(user, talent: Talent) -> bool:
    """A person keeps their own profile; staff with the duty may correct it."""
    return talent.user_id == user.pk or user.has_perm("profiles.change_talent")
