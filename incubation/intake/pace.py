"""How long the steps of an application really take, by call: said where the park promises something."""

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from park.pages.wording import plain_number
from park.workflow.pace import Pace, paces

from .models import Application
from .states import CLOSED, IN_REVIEW, SCREENING, SUBMITTED, WITHDRAWN

KEPT = 600  # seconds; what the middle of hundreds of cases is does not change from one look to the next
STEPS = ("screening", "review")
STEP_OF = {SUBMITTED: "screening", SCREENING: "screening", IN_REVIEW: "review"}


def counted():
    """Return the applications that say something about the park: sent, not withdrawn, not gone silent."""
    silent = Application.objects.filter(requests__closed_at__isnull=False, requests__revision=None)
    sent = Application.objects.filter(submitted_at__isnull=False).exclude(state__in=(WITHDRAWN, CLOSED))
    return sent.exclude(pk__in=silent.values("pk"))


def by_call() -> dict[tuple[str, int | None], Pace]:
    """Return the pace of each step, over all calls under (step, None) and by call under (step, id of the call)."""
    return paces(counted(), STEPS, place="call_id")


def usual(call_id: int | None, step: str, known: dict | None = None) -> str:
    """Say how long a step usually takes in this call, or in all of them while it has had too few cases; else ''."""
    known = cache.get_or_set("intake.pace", by_call, KEPT) if known is None else known
    pace = known.get((step, call_id)) or known.get((step, None))
    if pace is None:
        return ""
    middle = ngettext(
        "Usually %(days)s working day", "Usually %(days)s working days", round(pace.middle)
    ) % {"days": plain_number(pace.middle)}  # fmt: skip
    return _("%(usually)s; nine of ten within %(days)s.") % {"usually": middle, "days": plain_number(pace.nine_in_ten)}


def usual_now(application: Application) -> str:
    """Say how long the step that runs now usually takes."""
    step = STEP_OF.get(application.state)
    return usual(application.call_id, step) if step else ""
