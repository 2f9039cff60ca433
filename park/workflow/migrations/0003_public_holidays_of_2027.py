"""Add the public holidays of 2027 that the law itself names, so that no promise of that year counts them as work.

The regulation on national holidays (State Council decree 795, in force since 2025) gives thirteen days a year, and a
working day off for each of them that falls on a weekend. Which weekends become make-up days to make the holidays longer
is announced each autumn: staff then add those days in the calendar, and running promises are counted again.
"""

import datetime as dt

from django.db import migrations

# first day of the holiday, its days, working days off for those on a weekend
BY_LAW = (
    ((1, 1), 1, (), "New Year's Day", "元旦"),
    ((2, 5), 4, ((2, 9), (2, 10)), "Spring Festival", "春节"),
    ((4, 5), 1, (), "Tomb-sweeping Day", "清明"),
    ((5, 1), 2, ((5, 3), (5, 4)), "Labour Day", "劳动节"),
    ((6, 9), 1, (), "Dragon Boat Festival", "端午"),
    ((9, 15), 1, (), "Mid-autumn Festival", "中秋"),
    ((10, 1), 3, ((10, 4), (10, 5)), "National Day", "国庆节"),
)


def rows():
    for first, count, instead, english, chinese in BY_LAW:
        begins = dt.date(2027, *first)
        days = [begins + dt.timedelta(n) for n in range(count)] + [dt.date(2027, *each) for each in instead]
        yield from ((day, english, chinese) for day in days)


def fill(apps, schema_editor):
    CalendarDay = apps.get_model("workflow", "CalendarDay")
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=day, works=False, name=english, name_en=english, name_zh_hans=chinese)
            for day, english, chinese in rows()
        ],
        ignore_conflicts=True,  # what staff wrote, and what a later list of the package knows, stays
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_public_holidays")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
