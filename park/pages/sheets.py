"""Tables for spreadsheets: UTF-8 with a mark, and no cell that a spreadsheet would take for a formula."""

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value) -> str:
    """Return a value as text. What begins like a formula gets a mark before it that makes it plain text."""
    text = "" if value is None else str(value)
    is_number = not isinstance(value, str) and value is not None
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text


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
