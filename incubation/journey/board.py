"""The board of the five stages for staff: who stands where, whose time runs out, what waits at the gates, how fast the
park brings its tenants on. Every number is computed for all at once and leads to the rows behind it.
"""

import datetime as dt

from django.db import connection
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.models import Clock

from .ageing import IS_OVER, RUNS_OUT, ages, stays_of, whose
from .models import Gate, GateCondition, Mentorship, Problem, Tenant
from .stages import Stage
from .states import ACTIVE, LIVE, SUSPENDED, GateState

PER_MENTOR = 10  # tenants for one mentor at the most: ★ 科技企业孵化器管理办法 国科发区〔2018〕300号
ROWS = 8
STANDING = """
    SELECT stage, count(*) FILTER (WHERE state = %s) AS active, count(*) FILTER (WHERE state = %s) AS suspended,
        count(*) FILTER (WHERE {runs_out}) AS ageing, count(*) FILTER (WHERE {is_over}) AS over
    FROM ({ages}) ages WHERE state = ANY(%s) GROUP BY stage
"""
LONGEST = f"state = ANY(%s) AND {IS_OVER} ORDER BY stage_share DESC NULLS LAST, id LIMIT %s"
PASSAGES = """
    SELECT e.stage, count(*) FILTER (WHERE e.ended_on IS NOT NULL) AS ended,
        count(*) FILTER (WHERE e.ended_on IS NOT NULL AND (later.id IS NOT NULL OR (
            t.state = 'graduated' AND t.stage = e.stage))) AS passed,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY (e.ended_on - e.since) / 30.4375)
            FILTER (WHERE e.ended_on IS NOT NULL) AS months
    FROM journey_stageenrolment e JOIN journey_tenant t ON t.id = e.tenant_id
    LEFT JOIN LATERAL (
        SELECT n.id FROM journey_stageenrolment n
        WHERE e.ended_on IS NOT NULL AND n.tenant_id = e.tenant_id AND n.voided_at IS NULL AND n.stage <> e.stage
            AND n.since >= e.ended_on LIMIT 1
    ) later ON true
    WHERE e.voided_at IS NULL GROUP BY e.stage
"""


def tenants_url(**filters) -> str:
    return _list("tenant", **filters)


def _list(model: str, **filters) -> str:
    asked = "&".join(f"{name}={value}" for name, value in filters.items())
    return reverse(f"admin:journey_{model}_changelist") + (f"?{asked}" if asked else "")


def passages() -> dict[str, dict]:
    """Return by stage how many times in it have ended, how many of them by the gate, and the median of months."""
    return _by_first(PASSAGES, [])


def standing(day: dt.date) -> dict[str, dict]:
    """Return by stage how many tenants stand in it, how many of them aside, and how many whose time runs out."""
    sql, params = ages(day)
    return _by_first(
        STANDING.format(ages=sql, runs_out=RUNS_OUT, is_over=IS_OVER), [ACTIVE, SUSPENDED, *params, list(LIVE)]
    )


def _by_first(sql: str, params: list) -> dict[object, dict]:
    """Return the rows of a statement by their first column."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def columns(day: dt.date) -> list[dict]:
    """Return the five stages, each with its counts and the lists behind them."""
    counts = standing(day)
    queue = Gate.objects.under_way().values_list("origin").annotate(n=Count("pk")).order_by()
    waiting, passed = dict(queue), passages()
    problems = dict(Problem.objects.unsolved().values_list("tenant__stage").annotate(n=Count("pk")).order_by())
    return [_column(stage, counts.get(stage, {}), waiting, passed.get(stage, {}), problems) for stage in Stage]


def _column(stage: Stage, counts: dict, waiting: dict, passed: dict, problems: dict) -> dict:
    here = {"stage__exact": stage}
    ended, through = passed.get("ended", 0), passed.get("passed", 0)
    months = passed.get("months")
    cells = [
        (_("In the park"), counts.get("active", 0), tenants_url(state__exact=ACTIVE, **here)),
        (_("Suspended"), counts.get("suspended", 0), tenants_url(state__exact=SUSPENDED, **here)),
        (_("Three quarters of the time used"), counts.get("ageing", 0), tenants_url(time="ageing", **here)),
        (_("Over their time"), counts.get("over", 0), tenants_url(time="over", **here)),
        (_("At the gate"), waiting.get(stage, 0), _list("gate", queue="under_way", origin__exact=stage)),
        (_("Problems open"), problems.get(stage, 0), _list("problem", open="yes", tenant__stage__exact=stage)),
        (
            _("Went on by the gate"), f"{100 * through // ended}%" if ended else "–",
            _list("stageenrolment", ended="yes", **here),
        ),
        (_("Middle of months in it"), f"{months:.0f}" if months is not None else "–",
         _list("stageenrolment", ended="yes", **here)),
    ]  # fmt: skip
    return {"number": stage.number, "name": stage.label, "cells": cells}


def mentors() -> dict:
    """Return how many mentors there are for the tenants of the park, against the one for ten that is asked."""
    active = Tenant.objects.in_the_park()
    found = active.aggregate(
        tenants=Count("pk", distinct=True),
        mentored=Count("pk", filter=Q(mentorships__isnull=False, mentorships__ended_on=None), distinct=True),
    )
    count = Mentorship.objects.filter(ended_on=None, tenant__state=ACTIVE).aggregate(n=Count("mentor", distinct=True))
    needed = -(-found["tenants"] // PER_MENTOR)
    return {
        **found,
        "mentors": count["n"],
        "needed": needed,
        "enough": count["n"] >= needed,
        "url": _list("mentorship", running="yes"),
        "without_url": tenants_url(mentor="none", state__exact=ACTIVE),
        "without": found["tenants"] - found["mentored"],
    }


def queue() -> list[dict]:
    """Return the gates that wait for somebody of the park, the most urgent first."""
    gates = {gate.pk: gate for gate in Gate.objects.under_way().select_related("tenant__organisation")[:200]}
    dues = {clock.object_id: clock for clock in Clock.objects.of_all(Gate, list(gates)).running().order_by("-due_at")}
    now = timezone.now()
    rows = sorted(gates.values(), key=lambda gate: dues[gate.pk].due_at if gate.pk in dues else now)
    return [
        {
            "name": str(gate.tenant),
            "stage": gate.get_origin_display(),
            "state": gate.get_state_display(),
            "due": dues[gate.pk].due_at if gate.pk in dues else None,
            "late": gate.pk in dues and dues[gate.pk].due_at <= now,
            "url": reverse("admin:journey_gate_change", args=[gate.pk]),
        }
        for gate in rows[:ROWS]
    ]


def overstays(day: dt.date) -> list[dict]:
    """Return the tenants that are longest over their time."""
    longest = Tenant.objects.filter(whose(day, LONGEST, list(LIVE), ROWS)).select_related("organisation")
    rows = {tenant.pk: tenant for tenant in longest}
    stays = stays_of(rows, day)
    return [
        {
            "name": str(tenant),
            "stage": tenant.get_stage_display(),
            "due": tenant.stage_due,
            "share": stays[tenant.pk].stage_share,
            "stay": stays[tenant.pk].stay_share,
            "url": reverse("admin:journey_tenant_change", args=[tenant.pk]),
        }
        for tenant in sorted(rows.values(), key=lambda row: (-(stays[row.pk].stage_share or 0), row.pk))
    ]


def board(day: dt.date) -> dict:
    conditions = GateCondition.objects.open().aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=day))
    )
    held = Gate.objects.filter(state=GateState.HELD).count()
    return {
        "columns": columns(day),
        "queue": queue(),
        "queue_url": _list("gate", queue="under_way"),
        "overstays": overstays(day),
        "overstays_url": tenants_url(time="over"),
        "mentors": mentors(),
        "conditions": conditions | {"url": _list("gate", queue="conditions")},
        "held": {"count": held, "url": _list("gate", state__exact=GateState.HELD)},
    }
