"""The table of demo sign-ins that ``manage.py up`` ends with, from what ``manage.py demo --json`` told."""

import json
import unicodedata
from pathlib import Path


def sign_ins(told: Path) -> str:
    """Return accounts and API keys as a table; nothing where the demo park was not loaded."""
    try:
        demo = json.loads(told.read_text())
    except (FileNotFoundError, ValueError):
        return ""
    parts = []
    if accounts := demo.get("accounts"):
        rows = [(account["email"], _who(account)) for account in accounts]
        parts.append(table(("Sign in as", "Who"), rows))
        if password := demo.get("password") or accounts[0].get("password"):
            parts.append(f"Password of all: {password}")
    if keys := demo.get("api_keys"):
        rows = [(key["name"], key["key"], ", ".join(key.get("scopes", []))) for key in keys]
        parts.append(table(("API key", "Authorization: Bearer …", "Scopes"), rows))
    return "\n\n".join(parts) + "\n" if parts else ""


def _who(account: dict) -> str:
    who = account.get("who") or account.get("role") or account.get("roles") or ""
    return ", ".join(who) if isinstance(who, list) else who


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return rows as columns of even width; a Chinese character is two columns wide."""
    widths = [max(_width(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [head, tuple("─" * width for width in widths), *rows]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
