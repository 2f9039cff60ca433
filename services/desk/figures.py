"""The few numbers that the home page shows, each one a question to the records of today."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from enterprises.registry.models import Enterprise
from incubation.intake import pace as applications
from incubation.journey.models import Tenant
from park.workflow import pace
from services.intermediaries.models import ServiceRequest
from talents.profiles.models import Talent

FEW = pace.FEW


@dataclass(frozen=True)
class Pace:
    """How long a promised step really took, in working days, beside the promise."""

    label: str
    promised: int
    middle: float
    nine_in_ten: float
    cases: int

    @property
    def share(self) -> int:
        """The middle value on a scale where the promise stands at 80 per cent."""
        return min(100, round(self.middle / self.promised * 80))


def paces() -> list[Pace]:
    """Return each promise with its real times; a promise with too few finished cases is left out."""
    steps = applications.by_call()
    known = [
        (_("Check that an application is complete"), steps.get(("screening", None))),
        (_("Expert review of an application"), steps.get(("review", None))),
        (_("First reply from an institution"), requests().get(("reply", None))),
    ]
    found = [(label, each) for label, each in known if each is not None]
    return [Pace(label, each.promised, each.middle, each.nine_in_ten, each.cases) for label, each in found]


def requests() -> dict:
    return pace.paces(ServiceRequest.objects.exclude(state__in=("cancelled",)), ("reply",))


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
