"""What is asked of an account before it may go on."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator

_reasons: list[Callable] = []


def ask_second_factor_of(rule: Callable) -> Callable:
    """Register a rule ``user -> bool``: in their AppConfig.ready, the rooms above say of whom a factor is asked."""
    if rule not in _reasons:
        _reasons.append(rule)
    return rule


@ask_second_factor_of
def is_park_staff(user) -> bool:
    return user.is_staff or user.is_superuser


@ask_second_factor_of
def is_expert(user) -> bool:
    return user.groups.filter(name="expert").exists()


def has_second_factor(user) -> bool:
    return Authenticator.objects.filter(
        user_id=user.pk, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).exists()


def must_set_up_second_factor(user) -> bool:
    """Tell whether this person has to set up a second factor before anything else."""
    return not has_second_factor(user) and any(rule(user) for rule in _reasons)
