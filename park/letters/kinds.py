"""The kinds of letters, named by the rooms that write them.

In an ``AppConfig.ready``::

    kinds.register(LetterKind("decision", "DL", _("Decision"), {"title": Place.TEXT, "conditions": Place.LIST}, SEED))

``SEED`` is a JSON file with the first text: ``{"en": {"title": …, "body": …}, "zh-hans": {…}}``.
"""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


class Place(Enum):
    """What stands in a blank of a letter's text."""

    TEXT = "text"
    LIST = "list"  # each of its lines becomes an entry of the list, or a paragraph if the blank stands alone
    TABLE = "table"  # {"head": [...], "rows": [[...], ...]}, on a line of its own


ALWAYS = {"name": Place.TEXT, "number": Place.TEXT, "about": Place.TEXT, "day": Place.TEXT}
SAMPLES = {
    Place.TEXT: {"en": "some words", "zh-hans": "示例文字"},
    Place.LIST: {"en": ["One thing", "Another thing"], "zh-hans": ["第一项", "第二项"]},
    Place.TABLE: {
        "en": {"head": ["Criterion", "Of 5", "Reason"], "rows": [["Novelty", "4.3", "First of its kind."]]},
        "zh-hans": {"head": ["标准", "满分5", "理由"], "rows": [["新颖性", "4.3", "同类首创。"]]},
    },
}


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter: what its numbers begin with, its name, its blanks, and its first text.

    Kinds with the same ``prefix`` share one series of numbers. ``told`` is the name that a stranger reads who checks
    the letter; ``required`` are blanks that every text of the kind has to use.
    """

    name: str
    prefix: str
    label: str
    places: dict[str, Place]
    seed: Path
    required: tuple[str, ...] = ()
    told: str = ""
    samples: dict[str, dict] = field(default_factory=dict)  # {"en": {blank: value}, "zh-hans": …} for the preview

    @property
    def blanks(self) -> dict[str, Place]:
        return {**ALWAYS, **self.places}

    @property
    def public_label(self) -> str:
        return str(self.told or self.label)

    def sample(self, language: str) -> dict:
        """Return made-up words for every blank."""
        made = {name: SAMPLES[place][language] for name, place in self.places.items()}
        return made | self.samples.get(language, {})


_kinds: dict[str, LetterKind] = {}


def register(kind: LetterKind) -> LetterKind:
    """Make a kind known; two never share a name."""
    if _kinds.get(kind.name, kind) != kind:
        raise ImproperlyConfigured(f"Two kinds of letters are called '{kind.name}'.")
    _kinds[kind.name] = kind
    return kind


def find(name: str) -> LetterKind:
    if name not in _kinds:
        raise ImproperlyConfigured(f"No room has named the letter '{name}'.")
    return _kinds[name]


def registered() -> list[LetterKind]:
    return list(_kinds.values())


def choices() -> list[tuple[str, str]]:
    return [(kind.name, kind.label) for kind in _kinds.values()]
