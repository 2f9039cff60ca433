"""What the park says of its stages on the first day. Staff keep it from then on: what is there is never overwritten.

Sown after every ``migrate``, so a database is never without it.
"""

import datetime as dt
import json
from pathlib import Path

from django.apps import apps as current_apps
from django.utils import timezone

DATA = Path(__file__).parent / "data" / "stages.json"
GATES = Path(__file__).parent / "data" / "gates.json"
IN_TWO_LANGUAGES = ("gate", "summary", "who", "entry", "gets", "asks", "evidence")


def both(name: str, words: list[str]) -> dict[str, str]:
    return {name: words[0], f"{name}_en": words[0], f"{name}_zh_hans": words[1]}


def sow(apps=current_apps, using: str = "default", **_signal) -> None:
    """Store the guides and usual milestones of the stages that have none."""
    try:
        guides, plans = apps.get_model("journey", "StageGuide"), apps.get_model("journey", "MilestonePlan")
    except LookupError:  # a migration of long ago, asked for by hand
        return
    sow_gates(apps, using)
    if guides.objects.using(using).exists():
        return
    for entry in json.loads(DATA.read_text(encoding="utf-8")):
        texts = {key: value for name in IN_TWO_LANGUAGES for key, value in both(name, entry[name]).items()}
        guides.objects.using(using).create(
            stage=entry["stage"], months_from=entry["months_from"], months_to=entry["months_to"], **texts
        )
        for position, words in enumerate(entry["milestones"], start=1):
            plans.objects.using(using).create(stage=entry["stage"], position=position, **both("name", words))


def sow_gates(apps, using: str) -> None:
    """Store the first terms of the gates and the limits of a stay, where there are none.

    Rules of the state are marked ★ in the notes of the terms, with their document (国科发区〔2018〕300号): the test of
    an incubated company, the test of a graduate, 48 months in all and 60 in biomedicine, modern agriculture and
    integrated circuits. All else is the park's to change.
    """
    try:
        terms, limits = apps.get_model("journey", "GateTerms"), apps.get_model("journey", "StageLimit")
    except LookupError:  # a migration of long ago, asked for by hand
        return
    if terms.objects.using(using).exists():
        return
    data = json.loads(GATES.read_text(encoding="utf-8"))
    for entry in data["terms"]:
        what = {name: entry[name] for name in ("stage", "criteria", "evidence", "scorecard")}
        terms.objects.using(using).create(
            number=1, state="published", published_at=timezone.now(), **what, **both("notes", entry["notes"])
        )
    for entry in data["limits"]:
        limits.objects.using(using).create(**entry | {"since": dt.date.fromisoformat(entry["since"])})
