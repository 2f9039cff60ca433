"""A process as a table: states, moves, whose move, which clocks. Data only; ``actions.py`` applies it.

A room writes its table in ``states.py``::

    MACHINE = Machine("application", State, MOVES, finals=(State.CLOSED, State.WITHDRAWN))

A table that cannot be right (unknown states, dead ends, clocks that nothing starts) is refused on import.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class ClockRule:
    """A promise: due after so many working days, at 17:00 Beijing time."""

    name: str
    working_days: int


@dataclass(frozen=True)
class Move:
    """One line of a table: by this act, from these states to that one, by these people.

    ``by`` names whose move it is, in the room's own words; the room's ``may(user, move, record)`` reads it.
    ``origins`` left empty: the record is born by this move (see ``actions.begin``).
    ``target`` None: the state stays (a hand-over, say), but the move is logged like any other.
    ``other_than``: four eyes. Whoever made one of these earlier moves last on the record may not make this one.
    """

    name: str
    origins: tuple[str, ...]
    target: str | None
    by: str
    label: str
    reason_required: bool = field(default=False, kw_only=True)
    note_required: bool = field(default=False, kw_only=True)
    other_than: tuple[str, ...] = field(default=(), kw_only=True)
    starts: tuple[ClockRule, ...] = field(default=(), kw_only=True)
    pauses: tuple[str, ...] = field(default=(), kw_only=True)
    resumes: tuple[str, ...] = field(default=(), kw_only=True)
    stops: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self):
        for name in ("origins", "other_than", "pauses", "resumes", "stops"):
            object.__setattr__(self, name, _several(getattr(self, name), str))
        object.__setattr__(self, "starts", _several(self.starts, ClockRule))

    def leads_to(self, origin: str) -> str:
        """Return the state after this move from ``origin``."""
        return origin if self.target is None else self.target


def _several(value, kind: type) -> tuple:
    """Return one or many as a tuple of plain values, so that a table may name a single one without brackets."""
    values = () if value is None else (value,) if isinstance(value, kind) else tuple(value)
    return tuple(str(each) for each in values) if kind is str else values


class Machine:
    """A whole table, checked. ``states`` is the room's TextChoices; the first state is where a record begins."""

    def __init__(
        self,
        name: str,
        states,
        moves: Iterable[Move],
        *,
        finals: Iterable[str] = (),
        initial: str | Iterable[str] | None = None,
        state_field: str = "state",
        version_field: str | None = "version",
    ):
        self.name, self.states = name, states
        self.moves = tuple(moves)
        self.finals = _several(finals, str)
        self.initials = _several(initial, str) if initial else (str(states.values[0]),)
        self.state_field, self.version_field = state_field, version_field
        self._by_name = {move.name: move for move in self.moves}
        if faults := list(self._faults()):
            raise ImproperlyConfigured(f"The table of '{name}' is wrong: {'; '.join(faults)}.")

    def __repr__(self) -> str:
        return f"<Machine {self.name}>"

    def find(self, name: str) -> Move | None:
        return self._by_name.get(name)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """Return the moves that the table lists for a state, whoever may make them."""
        return tuple(move for move in self.moves if str(state) in move.origins)

    def state_of(self, record) -> str:
        return str(getattr(record, self.state_field))

    def label_of(self, state: str) -> str:
        return str(self.states(state).label) if state in self.states.values else str(state)

    def next_moves(self, record, user, may: Callable) -> list[Move]:
        """Return the moves that this person may make now: what a page offers. Four eyes are asked at the act."""
        return [move for move in self.moves_from(self.state_of(record)) if may(user, move, record)]

    def _faults(self):
        known = {str(value) for value in self.states.values}
        if len(self._by_name) != len(self.moves):
            yield "two moves share a name"
        yield from (f"'{state}' is no state" for state in {*self.finals, *self.initials} - known)
        started = {rule.name for move in self.moves for rule in move.starts}
        for move in self.moves:
            strange = {*move.origins, *([] if move.target is None else [str(move.target)])} - known
            yield from (f"'{move.name}' names '{state}', which is no state" for state in sorted(strange))
            yield from (
                f"'{move.name}' compares with '{other}', which is no move"
                for other in move.other_than
                if other not in self._by_name
            )
            yield from (
                f"'{move.name}' touches the clock '{clock}', which nothing starts"
                for clock in sorted({*move.pauses, *move.resumes, *move.stops} - started)
            )
            if not move.origins and move.target is None:
                yield f"'{move.name}' leads from nowhere to nowhere"
        leaving = {state for move in self.moves if move.target is not None for state in move.origins}
        yield from (f"'{state}' is a dead end" for state in sorted(known - leaving - set(self.finals)))
        yield from (f"'{state}' is final, yet a move leaves it" for state in sorted(leaving & set(self.finals)))
        reached, fresh = set(), {*self.initials, *(str(move.target) for move in self.moves if not move.origins)}
        while fresh:
            reached |= fresh
            fresh = {str(move.target) for move in self.moves if move.target and reached & set(move.origins)} - reached
        yield from (f"'{state}' is never reached" for state in sorted(known - reached))
