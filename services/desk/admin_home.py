"""The staff area's first page: what waits for me, what is late, and the park's figures of today."""

import datetime as dt
import json

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from incubation.intake import queue as work
from incubation.intake.models import Application
from incubation.intake.states import MORE_INFO
from incubation.journey.models import Tenant
from incubation.journey.stages import Stage
from park.notices.models import Delivery
from services.intermediaries.models import ServiceRequest
from services.intermediaries.states import State as RequestState

TILES = {
    "mine": "person", "stand_in": "supervisor_account", "unassigned": "inbox", "late": "alarm", "warning": "timelapse",
    "applicant": "hourglass_empty", "written": "chat", "decide": "gavel",
}  # fmt: skip
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


def tiles(user) -> list[dict]:
    """Return the counts of the morning, each with the list behind it."""
    found = []
    if user.has_perm("intake.view_application"):
        page = reverse("admin:intake_application_changelist")
        counts = work.counts(user)
        found += [
            {"label": str(work.LABELS[name]), "count": counts[name], "url": f"{page}?queue={name}", "icon": icon}
            for name, icon in TILES.items()
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
    mine = work.question("mine", user) | work.question("stand_in", user)
    rows = work.in_order(Application.objects.filter(mine).exclude(state=MORE_INFO)).select_related("talent")[:ROWS]
    now = timezone.now()
    return {
        "headers": [_("Reference"), _("Who"), _("State"), _("Due")],
        "rows": [
            {
                "url": reverse("admin:intake_application_change", args=[row.pk]),
                "ref": row.ref,
                "who": str(row.talent),
                "state": row.get_state_display(),
                "due": formats.date_format(timezone.localtime(row.due_at), "DATE_FORMAT") if row.due_at else "–",
                "late": bool(row.due_at and row.due_at < now),
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
