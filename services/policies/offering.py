"""What other rooms offer beside a policy to a tenant it may fit: a claim, say. They register it; this room asks."""

from collections.abc import Callable

_offers: list[Callable] = []


def register_offer(offer: Callable) -> None:
    """Add an offer: ``offer(policy, tenant, match, user)`` returns ``{"label", "url", "primary", "text"}`` or None."""
    if offer not in _offers:
        _offers.append(offer)


def offers_of(policy, tenant, match: dict, user) -> list[dict]:
    """Return what can be done about a policy on behalf of a tenant, as links with words."""
    return [made for offer in _offers if (made := offer(policy, tenant, match, user))]
