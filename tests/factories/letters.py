"""Letters of a kind that only the tests know, about any record."""

import json
import tempfile
from pathlib import Path

from park.letters import actions, kinds, seeds
from park.letters.kinds import LetterKind, Place
from park.letters.models import Letter
from tests.factories.accounts import make_user

WORDS = {
    "en": {
        "title": "Decision: {outcome}",
        "body": [
            "Dear {name},", "", "Your application “{title}” was **{outcome}**.", "", "## Conditions", "- {conditions}",
            "", "## Why", "{scores}", "", "## If you disagree", "Write to us until {until}.",
        ],
    },
    "zh-hans": {
        "title": "决定：{outcome}",
        "body": [
            "{name}您好：", "", "您的申请“{title}”：{outcome}。", "", "- {conditions}", "", "{scores}", "", "{until}",
        ],
    },
}  # fmt: skip
SEED = Path(tempfile.gettempdir()) / "letter-of-the-tests.json"
PLACES = {
    "title": Place.TEXT, "outcome": Place.TEXT, "until": Place.TEXT, "conditions": Place.LIST, "scores": Place.TABLE,
}  # fmt: skip
KIND = LetterKind("test-letter", "TL", "Letter of the tests", PLACES, SEED, required=("outcome",), told="Letter")


def make_kind() -> LetterKind:
    SEED.write_text(json.dumps(WORDS), encoding="utf-8")
    kinds.register(KIND)
    seeds.sow()
    return KIND


def make_letter(to=None, language: str = "en", about: str = "LJ-2026-0391", **context) -> Letter:
    make_kind()
    to = to or make_user(name="Zhao Ming", name_zh="赵铭")
    words = {"title": "Flat lenses", "outcome": "accepted"} | context
    return actions.issue(kind="test-letter", subject=to, to=to, language=language, context=words, about=about)
