"""The numbers of sent applications: LJ-2026-0391, by year, without a gap and without a double."""

import datetime as dt

from park.workflow.calendar import beijing_day

from .models import ReceiptNumber


def next_receipt(at: dt.datetime) -> str:
    """Take the next number of the year. Its row stays locked until the act ends: none is lost, none given twice."""
    year = beijing_day(at).year
    ReceiptNumber.objects.bulk_create([ReceiptNumber(year=year)], ignore_conflicts=True)
    row = ReceiptNumber.objects.select_for_update().get(year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return str(row)
