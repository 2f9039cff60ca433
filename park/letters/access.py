"""Who may read which letters: whoever it is to, staff with the right, and whom the room behind it names.

A room whose letters speak of more than one person's matter rules over their readers alone (``rule_over``).
"""

from collections.abc import Callable

from django.db.models import Q

from .models import Letter

VIEW, WITHDRAW = "letters.view_letter", "letters.withdraw_letter"
ADD_TEXTS, CHANGE_TEXTS, PUBLISH_TEXTS = (
    "letters.add_lettertext", "letters.change_lettertext", "letters.publish_lettertext",
)  # fmt: skip
_readers: list[Callable] = []
_rulers: dict[str, Callable] = {}  # by kind of letter


def register_reader(rule: Callable) -> None:
    """Add a reason to read: ``rule(user)`` is a Q over Letter. For the AppConfig.ready of the rooms above."""
    if rule not in _readers:
        _readers.append(rule)


def rule_over(kind: str, rule: Callable) -> None:
    """Leave it to a room who reads a kind of letters: those of ``rule(user)``, a Q over Letter, and nobody else."""
    _rulers[kind] = rule


def readable_by(user):
    """Return the letters that this person may read now."""
    if not user.is_authenticated:
        return Letter.objects.none()
    reasons = Q(to=user)
    for rule in _readers:
        reasons |= rule(user)
    reasons = ~Q(kind__in=_rulers) if user.has_perm(VIEW) else reasons & ~Q(kind__in=_rulers)
    for kind, rule in _rulers.items():
        reasons |= Q(kind=kind) & rule(user)
    return Letter.objects.filter(reasons)


def may_withdraw(user, letter: Letter) -> bool:
    """Tell whether this person may withdraw a letter; one that a room rules over, only if they read it."""
    ruled = letter.kind in _rulers
    return user.has_perm(WITHDRAW) and (not ruled or readable_by(user).filter(pk=letter.pk).exists())
