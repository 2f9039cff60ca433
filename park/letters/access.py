"""Who may read which letters: whoever it is to, staff with the right, and whom the room behind it names."""

from collections.abc import Callable

from django.db.models import Q

from .models import Letter

VIEW, WITHDRAW = "letters.view_letter", "letters.withdraw_letter"
_readers: list[Callable] = []


def register_reader(rule: Callable) -> None:
    """Add a reason to read: ``rule(user)`` is a Q over Letter. For the AppConfig.ready of the rooms above."""
    if rule not in _readers:
        _readers.append(rule)


def readable_by(user):
    """Return the letters that this person may read now."""
    if not user.is_authenticated:
        return Letter.objects.none()
    if user.has_perm(VIEW):
        return Letter.objects.all()
    reasons = Q(to=user)
    for rule in _readers:
        reasons |= rule(user)
    return Letter.objects.filter(reasons)
