"""The desk's questions of the morning, asked of rows and counted: the same for the list and the tests."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, DateTimeField, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from park.workflow.models import Clock

from . import access
from .models import Claim
from .states import IN_WORK, UNPAID, State

LABELS = {
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "decide": _("To be decided"),
    "second_look": _("Second look"),
    "late": _("Late"),
    # xgettext:no-python-format
    "warning": _("70 % of the time is used"),
    "tenant": _("Waiting for the tenant"),
    "unpaid": _("Unpaid"),
    "owed": _("To be paid back"),
}


def clocks():
    return Clock.objects.filter(content_type=ContentType.objects.get_for_model(Claim))


def question(name: str, user) -> Q:
    """Return which claims a question of the queue names for this person."""
    match name:
        case "mine":
            return Q(officer=user, state__in=IN_WORK)
        case "unassigned":
            return Q(officer=None, state=State.SUBMITTED)
        case "decide":
            return Q(state=State.VERIFYING) & ~Q(finding="") & ~Q(verified_by=user)
        case "second_look":
            return Q(state=State.RECONSIDERATION)
        case "late":
            return Q(state__in=IN_WORK, pk__in=clocks().late().values("object_id"))
        case "warning":
            return Q(state__in=IN_WORK, pk__in=clocks().at_risk().values("object_id"))
        case "tenant":
            return Q(state__in=[State.RETURNED, State.PRE_APPROVED]) | Claim.WITHOUT_ACCOUNT
        case "unpaid":
            return Q(state__in=UNPAID)
        case "owed":
            return Q(state=State.CLAWBACK)
    return Q()


def counts(user) -> dict[str, int]:
    """Return how many claims each question names: one statement, whatever their number."""
    seen = access.on_the_desk_of(user)
    return seen.aggregate(**{name: Count("pk", filter=question(name, user)) for name in LABELS})


def in_order(claims):
    """Return claims with the promise that runs now, the earliest due first."""
    running = clocks().running().filter(object_id=OuterRef("pk")).order_by("due_at")
    due = Subquery(running.values("due_at")[:1], output_field=DateTimeField())
    return claims.annotate(due_at=due).order_by(F("due_at").asc(nulls_last=True), "-sent_at", "pk")
