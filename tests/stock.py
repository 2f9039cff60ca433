"""Scenes that many tests of a file begin with: built once for the file, found untouched by each of its tests.

A file lists what it begins with again and again::

    STOCK = [(make_meeting, "open")]
    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]

and its tests call ``make_meeting("open")`` as ever. The first such call in a test is answered from the stock, with
records of the test's own; every further call builds anew. The stock lies in a transaction around those of the tests,
so what a test does to it is taken back when the test ends. Not for files whose tests commit.
"""

import copy
import functools
import inspect
from collections.abc import Callable

_laid_in: dict[tuple, object] = {}
_left: dict[tuple, object] = {}


def from_stock(make: Callable) -> Callable:
    """Let a factory answer from the stock."""

    @functools.wraps(make)
    def made(*args, **fields):
        key = _key(make, args, fields)
        if key in _left:
            return copy.deepcopy(_left.pop(key))
        return make(*args, **fields)

    return made


def lay_in(scenes: list[tuple]) -> None:
    """Build scenes, each a factory and what it takes. Must run in the transaction that outlives the tests."""
    for make, *given in scenes:
        fields = given.pop() if given and isinstance(given[-1], dict) else {}
        made = inspect.unwrap(make)(*given, **fields)
        _laid_in[_key(inspect.unwrap(make), tuple(given), fields)] = made


def fill_up() -> None:
    """Give the next test the whole stock."""
    _left.clear()
    _left.update(_laid_in)


def clear() -> None:
    _laid_in.clear()
    _left.clear()


def _key(make: Callable, args: tuple, fields: dict) -> tuple | None:
    bound = inspect.signature(make).bind(*args, **fields)
    bound.apply_defaults()
    return make.__qualname__, repr(bound.arguments)
