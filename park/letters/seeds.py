"""The first text of each kind of letter. Staff go on from there: what is there is never overwritten."""

import datetime as dt
import json

from django.apps import apps as current_apps

from . import kinds

BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def sow(apps=current_apps, using: str = "default", **_signal) -> None:
    """Store the first text of each kind that has none, after every ``migrate``."""
    try:
        texts = apps.get_model("letters", "LetterText").objects.using(using)
    except LookupError:  # a migration of long ago, asked for by hand
        return
    there = set(texts.values_list("kind", flat=True))
    for kind in kinds.registered():
        if kind.name in there:
            continue
        words = json.loads(kind.seed.read_text(encoding="utf-8"))
        texts.create(
            kind=kind.name, number=1, published_at=BEGINNING,
            title_en=words["en"]["title"], body_en="\n".join(words["en"]["body"]),
            title_zh=words["zh-hans"]["title"], body_zh="\n".join(words["zh-hans"]["body"]),
        )  # fmt: skip
