"""Fill the working-day calendar with China's public holidays and make-up days, as the State Council announced them.

From 2024 to the last year that the package knows. Later years are added by staff in the calendar of the staff area.
"""

import chinese_calendar
from django.db import migrations

FIRST_YEAR = 2024


def rows():
    for table, works in ((chinese_calendar.constants.holidays, False), (chinese_calendar.constants.workdays, True)):
        for day, english in table.items():
            if day.year >= FIRST_YEAR:
                chinese = chinese_calendar.Holiday(english).chinese
                if works:
                    yield day, works, f"Make-up working day, {english}", f"{chinese}调休上班"
                else:
                    yield day, works, english, chinese


def fill(apps, schema_editor):
    CalendarDay = apps.get_model("workflow", "CalendarDay")
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=day, works=works, name=english, name_en=english, name_zh_hans=chinese)
            for day, works, english, chinese in rows()
        ],
        ignore_conflicts=True,  # what staff wrote stays
    )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
