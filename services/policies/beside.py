"""What other rooms keep beside a version: it goes along, and can hold a version up.

For the AppConfig.ready of such a room::

    beside.register(Beside(missing=completeness.missing, hindrances=coordination.open_words, …))
"""

from collections.abc import Callable
from dataclasses import dataclass


def _nothing(*_args) -> list:
    return []


@dataclass(frozen=True)
class Beside:
    """What one room says of versions.

    ``carry(old, new)`` takes along what a next version begins with; ``missing(version)`` names what it still needs
    before it is sent; ``sent(version, by)`` happens with the sending; ``hindrances(version)`` are sentences that keep
    it from being approved.
    """

    carry: Callable = _nothing
    missing: Callable = _nothing
    sent: Callable = _nothing
    hindrances: Callable = _nothing


_all: list[Beside] = []


def register(each: Beside) -> None:
    if each not in _all:
        _all.append(each)


def carry(old, new) -> None:
    for each in _all:
        each.carry(old, new)


def missing(version) -> list[str]:
    return [words for each in _all for words in each.missing(version)]


def sent(version, by) -> None:
    for each in _all:
        each.sent(version, by)


def hindrances(version) -> list[str]:
    return [words for each in _all for words in each.hindrances(version)]
