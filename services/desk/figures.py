"""The few numbers that the home page shows, each one a question to the records of today."""

import statistics
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.registry.models import Enterprise
from incubation.journey.models import Tenant
from park.workflow.calendar import WorkingDays, beijing_day
from park.workflow.models import Clock
from talents.profiles.models import Talent

FEW = 5  # fewer finished cases than this say nothing and would point at people
SAMPLE = 200  # the newest finished cases that count


@dataclass(frozen=True)
class Pace:
    """How long a promised step really took: the middle value in working days beside the promise."""

    label: str
    promised: int
    middle: float
    cases: int

    @property
    def share(self) -> int:
        """The middle value on a scale where the promise stands at 80 per cent."""
        return min(100, round(self.middle / self.promised * 80))


PROMISES = [
    ("intake.application", "screening", gettext_lazy("Check that an application is complete")),
    ("intake.application", "review", gettext_lazy("Expert review of an application")),
    ("intermediaries.servicerequest", "reply", gettext_lazy("First reply from an institution")),
]


def paces() -> list[Pace]:
    """Return each promise with its real middle value; a promise with too few finished cases is left out."""
    samples = [(label, finished(model, name)) for model, name, label in PROMISES]
    samples = [(str(label), clocks) for label, clocks in samples if len(clocks) >= FEW]
    spans = [(beijing_day(start), beijing_day(end)) for _label, clocks in samples for start, end, _promise in clocks]
    if not spans:
        return []
    calendar = WorkingDays(min(first for first, _last in spans), max(last for _first, last in spans))
    found = []
    for label, clocks in samples:
        days = [calendar.between(beijing_day(start), beijing_day(end)) for start, end, _promise in clocks]
        promised = max(promise for _start, _end, promise in clocks)
        found.append(Pace(label, promised, round(statistics.median(days), 1), len(clocks)))
    return found


def finished(model: str, name: str) -> list[tuple]:
    """Return (start, end, working days promised) of the newest clocks that were stopped, time paused taken off."""
    kind = ContentType.objects.get_by_natural_key(*model.split("."))
    clocks = Clock.objects.filter(content_type=kind, name=name, stopped_at__isnull=False).order_by("-stopped_at")
    return [(clock.started_at, clock.stopped_at - clock.paused_for, clock.working_days) for clock in clocks[:SAMPLE]]


def park_in_numbers() -> list[tuple[int, str]]:
    """Return (number, what it counts) for the four figures of the home page."""
    talents = Talent.objects.aggregate(
        people=Count("pk", distinct=True),
        countries=Count("origin", distinct=True, filter=~Q(origin="")),
        honoured=Count("pk", distinct=True, filter=Q(honours__isnull=False)),
    )
    companies = Enterprise.objects.count()
    here = Tenant.objects.in_the_park().count()
    return [
        (companies, _("companies founded here, %(here)s in the park today") % {"here": here}),
        (talents["people"], _("people back from abroad")),
        (talents["countries"], _("countries and regions they came back from")),
        (talents["honoured"], _("people with national or provincial honours")),
    ]
