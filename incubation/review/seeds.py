"""The park's first rubric. Staff go on from there: what is there is never overwritten. Sown after every ``migrate``."""

import datetime as dt
import json
from pathlib import Path

from django.apps import apps as current_apps

DATA = Path(__file__).parent / "data" / "rubric-1.json"
BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def both(name: str, words: list[str]) -> dict[str, str]:
    return {name: words[0], f"{name}_en": words[0], f"{name}_zh_hans": words[1]}


def sow(apps=current_apps, using: str = "default", **_signal) -> None:
    """Store and publish the rubric for admission where there is none."""
    try:
        rubrics, criteria = apps.get_model("review", "Rubric"), apps.get_model("review", "Criterion")
    except LookupError:  # a migration of long ago, asked for by hand
        return
    if rubrics.objects.using(using).exists():
        return
    data = json.loads(DATA.read_text(encoding="utf-8"))
    rubric = rubrics.objects.using(using).create(slug=data["slug"], number=1, **both("name", data["name"]))
    for position, entry in enumerate(data["criteria"], start=1):
        lines = [list(each) for each in zip(*entry["meanings"], strict=True)]
        words = both("label", entry["label"]) | both("hint", entry["hint"])
        words |= both("meanings", ["\n".join(each) for each in lines])
        criteria.objects.using(using).create(
            rubric=rubric, position=position, key=entry["key"], weight=entry["weight"],
            veto_up_to=entry["veto_up_to"], **words,
        )  # fmt: skip
    rubrics.objects.using(using).filter(pk=rubric.pk).update(published_at=BEGINNING)
