"""The rolling call, the park's general form and its first version. Staff go on from there.

What is there is never overwritten. Sown after every ``migrate``, so a database is never without a way to apply.
"""

import datetime as dt
import json
from pathlib import Path

from django.apps import apps as current_apps

from .form_states import PUBLISHED

DATA = Path(__file__).parent / "data" / "form-1.json"
GENERAL = "place"
NAMES = {
    "name": "Application for a place", "name_en": "Application for a place", "name_zh_hans": "入园申请表",
}  # fmt: skip
BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def sow(apps=current_apps, using: str = "default", **_signal) -> None:
    """Store the form's first version and the rolling call where there is none."""
    try:
        forms, versions, calls = (
            apps.get_model("intake", name) for name in ("ApplicationForm", "FormVersion", "Call")
        )
    except LookupError:  # a migration of long ago, asked for by hand
        return
    if not versions.objects.using(using).exists():
        definition = json.loads(DATA.read_text(encoding="utf-8"))
        form, _made = forms.objects.using(using).get_or_create(slug=GENERAL, defaults=NAMES)
        versions.objects.using(using).create(
            form=form, number=1, definition=definition, state=PUBLISHED, published_at=BEGINNING
        )
    if not calls.objects.using(using).exists():
        calls.objects.using(using).create(
            slug="rolling", name="Rolling admission", name_en="Rolling admission", name_zh_hans="常年受理",
            opens_at=BEGINNING,
        )  # fmt: skip
