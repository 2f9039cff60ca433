"""How long a policy takes: from its issue to the release in the park, and to the first who read of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db.models import Count, Min
from django.utils import timezone

from park.notices.models import Notice
from park.pages.wording import BEIJING
from park.workflow.calendar import WorkingDays, beijing_day, closing

from .matching import KIND
from .models import PolicyVersion

HANDBOOK = 7  # working days in which a policy is put into plain words
REACH = dt.timedelta(days=60)  # in which so many working days surely lie


@dataclass(frozen=True)
class Pace:
    """The moments of one version, and what lies between."""

    version: PolicyVersion
    first_read: dt.datetime | None
    told: int
    read: int
    handbook_due: dt.datetime | None
    now: dt.datetime

    @property
    def issued(self) -> dt.datetime | None:
        day = self.version.policy.issued_on
        return dt.datetime.combine(day, dt.time(9), BEIJING) if day else None

    @property
    def to_release(self) -> int | None:
        """Days from issue to release."""
        released = self.version.released_at
        return (released - self.issued).days if released and self.issued else None

    @property
    def to_first_read(self) -> int | None:
        """Hours from release to the first who read of it."""
        released = self.version.released_at
        return int((self.first_read - released).total_seconds() // 3600) if released and self.first_read else None

    @property
    def handbook_late(self) -> bool:
        """The handbook stands once the version is approved; later than promised, or still not there, it is late."""
        return self.handbook_due is not None and (self.version.approved_at or self.now) > self.handbook_due


def of(versions: Iterable[PolicyVersion]) -> list[Pace]:
    """Return the pace of these versions, in their order: two statements more, whatever their number.

    The handbook is due so many working days after the issue; where the park came to know the policy later than that,
    after the day it was captured.
    """
    versions = list(versions)
    counted = (
        Notice.objects.filter(kind=KIND, subject_id__in=[version.pk for version in versions])
        .order_by()
        .values("subject_id")
        .annotate(first=Min("read_at"), told=Count("pk"), read=Count("read_at"))
    )
    found = {entry["subject_id"]: entry for entry in counted}
    nothing = {"first": None, "told": 0, "read": 0}
    now = timezone.now()
    days = [day for version in versions for day in (version.policy.issued_on, beijing_day(version.created_at)) if day]
    calendar = WorkingDays(min(days), max(days) + REACH) if days else None

    def due(version: PolicyVersion) -> dt.datetime | None:
        issued = version.policy.issued_on
        if issued is None:
            return None
        captured, by = beijing_day(version.created_at), calendar.after(issued, HANDBOOK)
        return closing(by if captured <= by else calendar.after(captured, HANDBOOK))

    return [
        Pace(version, entry["first"], entry["told"], entry["read"], due(version), now)
        for version in versions
        for entry in [found.get(version.pk, nothing)]
    ]


def middle(numbers: Iterable[int | None]) -> int | None:
    """Return the median of what is known; None where nothing is."""
    known = [number for number in numbers if number is not None]
    return round(median(known)) if known else None
