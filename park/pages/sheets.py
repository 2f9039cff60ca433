"""Tables for spreadsheets: UTF-8 with a mark, and no cell that a spreadsheet would take for a formula."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpResponse

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CONTROL = ("\t", "\r", "\n")
UNSEEN = "\ufeff\u200b\u200c\u200d\u2060"  # of no width: they hide what comes behind them


def cell(value) -> str:
    """Return a value as text. What begins like a formula, blanks aside, gets a mark that makes it plain text."""
    text = "" if value is None else str(value)
    seen = "".join(character for character in text[:200] if character not in UNSEEN).lstrip()
    is_formula = seen.startswith(FORMULA) or text.startswith(CONTROL)
    return f"'{text}" if is_formula and not isinstance(value, int | float | Decimal) else text


def answer(name: str, head: Iterable, rows: Iterable[Iterable]) -> HttpResponse:
    """Return a file of comma-separated values under this name."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell(label) for label in map(str, head)])
    writer.writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse(written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store, private"
    return response
