"""Who learns of each tenant that was admitted or moved."""

from collections.abc import Callable

from ..models import Tenant

watchers: list[Callable[[Tenant], None]] = []


def watch(callback: Callable[[Tenant], None]) -> None:
    """Have a function called with each tenant that was admitted or moved, in the same transaction.

    For rooms above this one, in their ``AppConfig.ready``. It must only write rows, never send.
    """
    watchers.append(callback)


def changed(tenant: Tenant) -> None:
    for callback in watchers:
        callback(tenant)
