"""The staff area's first page: what waits for me, what is late, and the park's figures of today."""

import datetime as dt
import json

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from incubation.intake.models import Application
from incubation.intake.states import WITH_THE_PARK, State
from incubation.journey.models import Tenant
from incubation.journey.stages import Stage
from park.notices.models import Delivery
from park.workflow.models import Clock
from services.intermediaries.models import ServiceRequest
from services.intermediaries.states import State as RequestState

WITH_US = [state for state in WITH_THE_PARK if state != State.MORE_INFO]
DAYS = 14
ROWS = 8


def dashboard(request: HttpRequest, context: dict) -> dict:
    """Add the queue, the tiles and the charts that this person's duty lets them see."""
    user = request.user
    context["title"] = _("Today in the park")
    context["tiles"] = tiles(user)
    if user.has_perm("intake.view_application"):
        context["queue"] = queue(user)
        context["arrivals"] = json.dumps(arrivals())
    if user.has_perm("journey.view_tenant"):
        context["stages"] = json.dumps(stages())
    return context


def running_clock():
    """Return the running clocks of the application of the outer query, the earliest due first."""
    kind = ContentType.objects.get_for_model(Application)
    return Clock.objects.filter(content_type=kind, object_id=OuterRef("pk"), stopped_at=None, paused_at=None).order_by(
        "due_at"
    )


def tiles(user) -> list[dict]:
    """Return the counts of the morning, each with the list behind it."""
    found = []
    if user.has_perm("intake.view_application"):
        page = reverse("admin:intake_application_changelist")
        now = timezone.now()
        counts = Application.objects.annotate(due=Subquery(running_clock().values("due_at")[:1])).aggregate(
            mine=Count("pk", filter=Q(officer=user, state__in=WITH_US)),
            unassigned=Count("pk", filter=Q(officer=None, state=State.SUBMITTED)),
            late=Count("pk", filter=Q(state__in=WITH_US, due__lt=now)),
            waiting=Count("pk", filter=Q(state=State.MORE_INFO)),
        )
        found += [
            {"label": _("Mine"), "count": counts["mine"], "url": f"{page}?queue=mine", "icon": "person"},
            {
                "label": _("Unassigned"),
                "count": counts["unassigned"],
                "url": f"{page}?queue=unassigned",
                "icon": "inbox",
            },
            {"label": _("Late"), "count": counts["late"], "url": f"{page}?queue=late", "icon": "alarm"},
            {
                "label": _("Waiting for the applicant"),
                "count": counts["waiting"],
                "url": f"{page}?queue=waiting",
                "icon": "hourglass_empty",
            },
        ]
    if user.has_perm("intermediaries.view_servicerequest"):
        page = reverse("admin:intermediaries_servicerequest_changelist")
        counts = ServiceRequest.objects.aggregate(
            open=Count("pk", filter=Q(state=RequestState.OPEN)),
            unanswered=Count("pk", filter=Q(state=RequestState.MATCHED)),
        )
        found += [
            {
                "label": _("Requests to match"),
                "count": counts["open"],
                "url": f"{page}?state__exact=open",
                "icon": "hub",
            },
            {
                "label": _("Requests without a taker"),
                "count": counts["unanswered"],
                "url": f"{page}?state__exact=matched",
                "icon": "handshake",
            },
        ]
    if user.has_perm("notices.view_delivery"):
        page = reverse("admin:notices_delivery_changelist")
        counts = Delivery.objects.filter(state__in=["pending", "sending", "failed", "dead"]).aggregate(
            waiting=Count("pk", filter=Q(state__in=["pending", "sending"])),
            stuck=Count("pk", filter=Q(state__in=["failed", "dead"])),
        )
        found += [
            {
                "label": _("Messages waiting"),
                "count": counts["waiting"],
                "url": f"{page}?state__exact=pending",
                "icon": "outbox",
            },
            {
                "label": _("Messages given up"),
                "count": counts["stuck"],
                "url": f"{page}?state__exact=dead",
                "icon": "sms_failed",
            },
        ]
    return found


def queue(user) -> dict:
    """Return my applications, the most urgent first, as the theme's table takes them."""
    rows = (
        Application.objects.filter(officer=user, state__in=WITH_US)
        .annotate(due=Subquery(running_clock().values("due_at")[:1]))
        .select_related("talent")
        .order_by("due", "submitted_at")[:ROWS]
    )
    now = timezone.now()
    return {
        "headers": [_("Reference"), _("Who"), _("State"), _("Due")],
        "rows": [
            {
                "url": reverse("admin:intake_application_change", args=[row.pk]),
                "ref": row.ref,
                "who": str(row.talent),
                "state": row.get_state_display(),
                "due": formats.date_format(timezone.localtime(row.due), "DATE_FORMAT") if row.due else "–",
                "late": bool(row.due and row.due < now),
            }
            for row in rows
        ],
    }


def arrivals() -> dict:
    """Return how many applications were sent on each of the last fourteen days, as Chart.js takes them."""
    today = timezone.localdate()
    days = [today - dt.timedelta(days=n) for n in reversed(range(DAYS))]
    counts = dict(
        Application.objects.filter(submitted_at__date__gte=days[0])
        .values(day=TruncDate("submitted_at"))
        .annotate(n=Count("pk"))
        .values_list("day", "n")
    )
    return {
        "labels": [formats.date_format(day, "MONTH_DAY_FORMAT") for day in days],
        "datasets": [
            {
                "label": _("Applications sent"),
                "data": [counts.get(day, 0) for day in days],
                "backgroundColor": "#1D7076",
            }
        ],
    }


def stages() -> dict:
    """Return how many tenants stand in each stage today, as Chart.js takes them."""
    counts = dict(Tenant.objects.in_the_park().values_list("stage").annotate(n=Count("pk")).values_list("stage", "n"))
    return {
        "labels": [str(stage.label) for stage in Stage],
        "datasets": [
            {
                "label": _("Tenants"),
                "data": [counts.get(stage, 0) for stage in Stage],
                "backgroundColor": ["#B3DFE3", "#83C8CE", "#53ABB3", "#2E8A92", "#13565B"],
            }
        ],
    }
