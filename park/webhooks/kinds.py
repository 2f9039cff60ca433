"""What endpoints can be told of. Rooms register their kinds in ``AppConfig.ready``:

register(EventKind("policy.released", _("A policy is released")))
register(EventKind("verdict.new", _("A verdict on our company"), private=True))
"""

from dataclasses import dataclass

TEST = "ping"


@dataclass(frozen=True)
class EventKind:
    """``private``: goes to the organisation it is about and to nobody else. ``offered``: can be subscribed to."""

    name: str
    label: str
    private: bool = False
    offered: bool = True


_kinds: dict[str, EventKind] = {}


def register(kind: EventKind) -> EventKind:
    return _kinds.setdefault(kind.name, kind)


def get(name: str) -> EventKind:
    return _kinds[name]


def label_of(name: str) -> str:
    return str(_kinds[name].label) if name in _kinds else name


def offered() -> list[tuple[str, str]]:
    return [(kind.name, kind.label) for kind in _kinds.values() if kind.offered]
