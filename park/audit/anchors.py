"""The end of the chain, kept outside the database once a day: it shows a tail that was cut off, which no chain can."""

import json
from pathlib import Path

import structlog
from django.conf import settings

from .verify import head

log = structlog.get_logger("audit")


def path() -> Path:
    return Path(settings.VAR_DIR) / "audit-anchors.jsonl"


def drop() -> dict:
    """Add today's end of the chain to the file of anchors and to the log, where a copy leaves this machine."""
    anchor = head()
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("a") as file:
        file.write(json.dumps(anchor) + "\n")
    log.info("audit_anchor", **anchor)
    return anchor


def known() -> list[dict]:
    """Return the anchors of the file, oldest first."""
    return [json.loads(line) for line in path().read_text().splitlines() if line] if path().exists() else []
