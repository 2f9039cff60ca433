"""How long promised steps really took, in working days: the middle value and the one that nine of ten kept.

Time in which the other side had to act does not count. Which records count at all is the caller's question: files that
were withdrawn or went stale say nothing about the park.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

FEW = 5  # fewer finished cases than this say nothing and would point at people
LOOKS_BACK = dt.timedelta(365)

# A clock that was paused in time has its due day moved by the working days it stood still; one that was late already
# has not, so there the pause is taken off as it was measured. A clock that ended while it stood ended when it stopped.
STATEMENT = """
WITH counted(pk, place) AS ({records}),
finished AS (
    SELECT clock.name, counted.place, clock.working_days,
        (clock.started_at AT TIME ZONE 'Asia/Shanghai')::date AS began,
        (clock.due_at AT TIME ZONE 'Asia/Shanghai')::date AS due,
        (least(clock.stopped_at, clock.paused_at) AT TIME ZONE 'Asia/Shanghai')::date AS ended,
        (least(clock.stopped_at, clock.paused_at) - clock.paused_for) AT TIME ZONE 'Asia/Shanghai' AS ended_without
    FROM workflow_clock clock JOIN counted ON counted.pk = clock.object_id
    WHERE clock.content_type_id = %s AND clock.name = ANY(%s) AND clock.stopped_at >= %s
),
calendar AS (
    SELECT day, sum(CASE WHEN works THEN 1 ELSE 0 END) OVER (ORDER BY day) AS n FROM (
        SELECT span.day::date AS day, coalesce(known.works, extract(isodow FROM span.day) < 6) AS works
        FROM (SELECT min(began) - 1 AS first, max(greatest(due, ended)) AS last FROM finished) edge,
            generate_series(edge.first::timestamp, edge.last::timestamp, interval '1 day') AS span(day)
        LEFT JOIN workflow_calendarday known ON known.day = span.day::date
    ) days
),
spent AS (
    SELECT finished.name, finished.place, finished.working_days, greatest(0, CASE
        WHEN due.n - began.n > finished.working_days THEN ended.n - due.n + finished.working_days
        ELSE ended_without.n - began.n END) AS days
    FROM finished
    JOIN calendar began ON began.day = finished.began JOIN calendar due ON due.day = finished.due
    JOIN calendar ended ON ended.day = finished.ended
    JOIN calendar ended_without ON ended_without.day = greatest(finished.ended_without::date, finished.began)
)
SELECT name, place, grouping(place) = 1 AS overall, max(working_days), count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY days), percentile_cont(0.9) WITHIN GROUP (ORDER BY days)
FROM spent GROUP BY GROUPING SETS ((name), (name, place)) HAVING count(*) >= %s
"""


@dataclass(frozen=True)
class Pace:
    """How long one promised step took: half of the cases within ``middle`` working days, nine of ten in the other."""

    name: str
    promised: int
    middle: float
    nine_in_ten: float
    cases: int


def paces(records: QuerySet, names: Iterable[str], place: str = "pk") -> dict[tuple[str, object], Pace]:
    """Return the pace of each clock of these records: over all under (name, None), and by ``place`` under its value.

    ``place`` is a column of the records (their call, say). What has too few finished cases is left out. One statement.
    """
    kind = ContentType.objects.get_for_model(records.model)
    chosen = records.order_by().values_list("pk", place)
    inner, given = chosen.query.sql_with_params()
    statement = STATEMENT.format(records=inner)
    since = timezone.now() - LOOKS_BACK
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, kind.pk, list(names), since, FEW])
        return {
            (name, None if overall else group): Pace(name, promised, round(middle, 1), round(most, 1), cases)
            for name, group, overall, promised, cases, middle, most in cursor.fetchall()
        }
