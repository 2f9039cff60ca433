"""What waits for a tenant about its claims: a benefit to confirm, one to put right, a draft before the last day."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from park.pages.wording import money
from park.workflow import clocks
from park.workflow.calendar import beijing_day

from .models import Claim
from .states import State


def of(tenant) -> list[dict]:
    """Return these as the component ``due_row`` takes them: two statements."""
    waiting = list(
        Claim.objects.filter(tenant=tenant)
        .filter(Q(state__in=[State.PRE_APPROVED, State.RETURNED, State.DRAFT]) | Claim.WITHOUT_ACCOUNT)
        .exclude(state=State.DRAFT, wording__deadline=None)
        .select_related("wording", "tenant__organisation")
        .order_by("pk")
    )
    running = clocks.of_records(Claim, [claim.pk for claim in waiting]) if waiting else {}
    return [_row(claim, running.get(claim.pk, [])) for claim in waiting]


def _row(claim: Claim, its_clocks) -> dict:
    today = beijing_day(timezone.now())
    due = next((beijing_day(clock.due_at) for clock in its_clocks if clock.name == "confirm"), None)
    if claim.state == State.PRE_APPROVED:
        title, action = _("Confirm %(amount)s") % {"amount": money(claim.amount_allowed)}, _("Look and confirm")
    elif claim.needs_account:
        title, action = _("Say where the money of claim %(ref)s goes") % {"ref": claim.ref}, _("Name the account")
    elif claim.state == State.RETURNED:
        title, action = _("Something is missing in claim %(ref)s") % {"ref": claim.ref}, _("Open the claim")
    else:
        due = beijing_day(claim.wording.deadline)
        title, action = _("Send claim %(ref)s") % {"ref": claim.ref}, _("Open the claim")
    day = due or today
    return {
        "day": day, "title": title, "text": claim.wording.title, "url": claim.get_absolute_url(), "action": action,
        "soon": (day - today).days < 14,
    }  # fmt: skip
