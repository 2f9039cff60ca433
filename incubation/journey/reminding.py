"""What the portal reminds of by itself, night by night: gates that come near, time that runs out, conditions due.

Each is a question, "who is due and was not told?", asked of all tenants at once; so a night that was missed is made
good by the next, and asking twice tells nobody twice.
"""

import datetime as dt

from django.db.models import BigIntegerField, Case, Exists, F, Func, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Cast

from incubation.facts import wide_row
from incubation.facts.models import TenantFact
from park.notices.models import Notice
from park.pages.wording import local_date
from park.rules import sql as rules_sql
from park.rules.tree import parse

from . import telling
from .ageing import OVER, WARN, stays_of, whose
from .models import GateCondition, GateTerms, StageEnrolment, Tenant
from .stages import Stage
from .states import ACTIVE, UNDER_WAY, GateState

GATE_DAYS = (30, 90)  # before a gate is due, the nearest first
NEAR = 0.8  # share of the conditions of a gate
AT_ONCE = 2000


def nightly(day: dt.date | None = None) -> dict[str, int]:
    """Remind whoever is due, and return how many were reminded of what."""
    day = day or wide_row.today()
    return {
        "due": remind_of_gates(day),
        "ready": tell_who_is_near(),
        "ageing": warn_of_time(day),
        "conditions": remind_of_conditions(day),
    }


def _told(kind: str, subject, version):
    return Exists(Notice.objects.filter(kind=kind, subject_id=subject, version=version))


def _not_at_a_gate(tenants):
    return tenants.exclude(gates__state__in=[*UNDER_WAY])


def _of_day(day: F, threshold: int):
    """Return a number that stands for this day and threshold, so that a day that moved is reminded of anew."""
    number = Cast(Func(day, Value("YYMMDD"), function="to_char"), BigIntegerField())
    return number * 100 + threshold


def remind_of_gates(day: dt.date) -> int:
    """Remind tenants 90 and 30 days before their gate is due, if they have not asked for it."""
    reminded, nearer = 0, day
    for days in GATE_DAYS:
        until = day + dt.timedelta(days=days)
        due = Tenant.objects.filter(state=ACTIVE, stage_due__gte=nearer, stage_due__lte=until)
        due = _not_at_a_gate(due).annotate(number=_of_day(F("stage_due"), days))
        due = due.exclude(_told("stage-due", OuterRef("pk"), OuterRef("number"))).select_related("organisation")
        for tenant in due.order_by("pk")[:AT_ONCE]:
            people = telling.people_of(tenant)
            officer = [tenant.officer] if tenant.officer_id else []
            telling.tell(
                "stage-due", [*people, *officer], tenant, tenant.pk, tenant.number,
                day=lambda tenant=tenant: local_date(tenant.stage_due, "long"),
            )  # fmt: skip
            reminded += 1
        nearer = until + dt.timedelta(days=1)
    return reminded


def parts(terms: GateTerms) -> list:
    """Return the conditions of a gate as rules of their own: alternatives count as one."""
    criteria = terms.criteria
    nodes = criteria["all"] if "all" in criteria else [{key: criteria[key] for key in criteria if key != "version"}]
    return [parse({"version": 1, "all": [node]}, terms.vocabulary) for node in nodes]


def closeness(terms: GateTerms):
    """Return the fact rows of the tenants before a gate, each with how many of its conditions are met."""
    rules = parts(terms)
    met = Value(0, output_field=IntegerField())
    for rule in rules:
        met = met + Case(When(rules_sql.compile_q(rule), then=1), default=0, output_field=IntegerField())
    rows = TenantFact.objects.filter(tenant__state=ACTIVE, tenant__stage=terms.stage)
    return rows.annotate(met=met), len(rules)


def tell_who_is_near() -> int:
    """Tell tenants that meet four in five of the conditions of their gate, once for each version of its terms."""
    told = 0
    for terms in GateTerms.objects.in_use():
        rows, asked = closeness(terms)
        number = terms.number * 10 + Stage(terms.stage).number
        near = rows.filter(met__gte=-(-asked * int(NEAR * 100) // 100))
        near = near.exclude(tenant__gates__state__in=[*UNDER_WAY, GateState.HELD])
        near = near.exclude(_told("stage-ready", OuterRef("tenant_id"), number)).order_by("pk")
        for row in near.select_related("tenant__organisation")[:AT_ONCE]:
            people = telling.people_of(row.tenant)
            telling.tell(
                "stage-ready", people, row.tenant, row.tenant_id, number, met=row.met, asked=asked
            )
            told += bool(people)
    return told


def warn_of_time(day: dt.date) -> int:
    """Warn of tenants that used 75 or 100 per cent of their time in a stage (its officer), or in all (them as well)."""
    warned = 0
    rows = Tenant.objects.filter(state=ACTIVE).select_related("organisation", "officer")
    enrolment = StageEnrolment.objects.filter(tenant=OuterRef("pk"), ended_on=None).values("pk")[:1]
    for percent, upper in ((OVER, 10**6), (WARN, OVER)):
        in_stage = rows.annotate(time=enrolment).filter(
            whose(day, "stage_share >= %s AND stage_share < %s", percent, upper)
        )
        untold = in_stage.exclude(_told("stage-alert", OuterRef("time"), percent)).order_by("pk")[:AT_ONCE]
        stays = stays_of([tenant.pk for tenant in untold], day)
        for tenant in untold:
            people = [tenant.officer] if tenant.officer_id else telling.holders("check_gate")
            telling.tell(
                "stage-alert", people, tenant, tenant.time, percent, percent=stays[tenant.pk].stage_share
            )
            warned += 1
        in_all = rows.filter(whose(day, "stay_share >= %s AND stay_share < %s", percent, upper))
        untold = in_all.exclude(_told("stay-ends", OuterRef("pk"), percent)).order_by("pk")[:AT_ONCE]
        stays = stays_of([tenant.pk for tenant in untold], day)
        for tenant in untold:
            people = [*telling.people_of(tenant), *([tenant.officer] if tenant.officer_id else [])]
            context = {"percent": stays[tenant.pk].stay_share, "months": stays[tenant.pk].stay_months}
            telling.tell("stay-ends", people, tenant, tenant.pk, percent, **context)
            warned += 1
    return warned


def remind_of_conditions(day: dt.date) -> int:
    """Remind tenants of conditions 14 and 3 days before their day, and once more when it is over."""
    reminded, windows = 0, (
        (1, Q(due_on__lt=day)),
        (3, Q(due_on__gte=day, due_on__lte=day + dt.timedelta(days=3))),
        (14, Q(due_on__gt=day + dt.timedelta(days=3), due_on__lte=day + dt.timedelta(days=14))),
    )
    for number, window in windows:
        due = GateCondition.objects.open().filter(window).exclude(_told("gate-condition", OuterRef("pk"), number))
        for condition in due.select_related("gate__tenant__organisation", "gate__tenant__officer").order_by("pk"):
            tenant = condition.gate.tenant
            people = [*telling.people_of(tenant), *([tenant.officer] if tenant.officer_id else [])]
            telling.tell(
                "gate-condition", people, tenant, condition.pk, number, condition=condition.text,
                day=lambda condition=condition: local_date(condition.due_on, "long"),
            )  # fmt: skip
            reminded += 1
    return reminded
