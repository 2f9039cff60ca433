"""Try every pair of state and move that a table leaves out. For the tests of any room with a process::

@pytest.mark.parametrize(("origin", "name"), refused_pairs(MACHINE))
def test_a_move_that_the_table_does_not_list_is_refused(origin, name):
    try_refused_pair(MACHINE, make_application(state=origin), name, by=make_officer())
"""

import pytest

from park.workflow.actions import NotInTable, apply_move
from park.workflow.machine import Machine
from park.workflow.models import Clock, TransitionLog


def listed_pairs(machine: Machine) -> list[tuple[str, str]]:
    """Every (state, move) that the table allows, for somebody."""
    return [(origin, move.name) for move in machine.moves for origin in move.origins]


def refused_pairs(machine: Machine) -> list[tuple[str, str]]:
    """Every (state, move) that the table does not list: the closed world."""
    listed = set(listed_pairs(machine))
    names = [*(move.name for move in machine.moves), "no-such-move"]
    return [(str(state), name) for state in machine.states.values for name in names if (str(state), name) not in listed]


def try_refused_pair(machine: Machine, record, name: str, *, by) -> None:
    """Make the move with every right in the world, and see that nothing changes but for the refusal."""
    origin = machine.state_of(record)
    moves, clocks = TransitionLog.objects.of(record).count(), Clock.objects.of(record).open().count()

    with pytest.raises(NotInTable):
        apply_move(machine, record, name, by=by, may=lambda user, move, record: True)

    record.refresh_from_db()
    assert machine.state_of(record) == origin
    assert TransitionLog.objects.of(record).count() == moves
    assert Clock.objects.of(record).open().count() == clocks
