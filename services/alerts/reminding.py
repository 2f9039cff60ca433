"""Who is reminded that a policy closes: whom it fits and who has not acted, fourteen, seven and two days before."""

import datetime as dt

from django.utils import timezone

from incubation.journey.models import TenantState
from park.notices.actions import tell_set
from services.policies.acted import waiting
from services.policies.matching import people, released_and_running
from services.policies.models import PolicyVersion, Verdict
from services.policies.status import closes_at

KIND = "policy-closes"
DAYS = (2, 7, 14)


def closing(version: PolicyVersion) -> dt.datetime | None:
    """Return the moment at which a policy closes; None if it has no end."""
    if version.deadline:
        return version.deadline
    return closes_at(version.valid_until) if version.valid_until else None


def days_of(version: PolicyVersion, now: dt.datetime) -> int | None:
    """Return which of the three reminders is due now: of those whose day has come, the last."""
    moment = closing(version)
    if moment is None or moment <= now:
        return None
    return next((days for days in DAYS if moment - now <= dt.timedelta(days)), None)


def to_remind(version: PolicyVersion):
    """Return the verdicts of the tenants that a policy fits and that have not acted on it."""
    return waiting(Verdict.objects.filter(version=version, word=Verdict.Word.FITS, tenant__state=TenantState.ACTIVE))


def remind() -> int:
    """Remind whoever is due and was not reminded in this period. Returns how many were.

    A few statements a closing policy, whatever the number of people; the days stand in the notices' unique key, so a
    second run tells nobody twice.
    """
    now = timezone.now()
    told = 0
    for version in released_and_running():
        days = days_of(version, now)
        if days is not None:
            tenants = to_remind(version).values("tenant")
            told += tell_set(KIND, recipients=people(tenants), subject_id=version.pk, version=days)
    return told
