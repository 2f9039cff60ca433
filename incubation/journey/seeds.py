"""What the park says of its stages on the first day. Staff keep it from then on: what is there is never overwritten.

Sown after every ``migrate``, so a database is never without it.
"""

import json
from pathlib import Path

from django.apps import apps as current_apps

DATA = Path(__file__).parent / "data" / "stages.json"
IN_TWO_LANGUAGES = ("gate", "summary", "who", "entry", "gets", "asks", "evidence")


def both(name: str, words: list[str]) -> dict[str, str]:
    return {name: words[0], f"{name}_en": words[0], f"{name}_zh_hans": words[1]}


def sow(apps=current_apps, using: str = "default", **_signal) -> None:
    """Store the guides and usual milestones of the stages that have none."""
    try:
        guides, plans = apps.get_model("journey", "StageGuide"), apps.get_model("journey", "MilestonePlan")
    except LookupError:  # a migration of long ago, asked for by hand
        return
    if guides.objects.using(using).exists():
        return
    for entry in json.loads(DATA.read_text(encoding="utf-8")):
        texts = {key: value for name in IN_TWO_LANGUAGES for key, value in both(name, entry[name]).items()}
        guides.objects.using(using).create(
            stage=entry["stage"], months_from=entry["months_from"], months_to=entry["months_to"], **texts
        )
        for position, words in enumerate(entry["milestones"], start=1):
            plans.objects.using(using).create(stage=entry["stage"], position=position, **both("name", words))
