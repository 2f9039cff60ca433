"""How long tenants have been where they are: shares of their time, who stays too long, and who is reminded of what.

Time in which a tenant stood aside does not count. All is computed for every tenant in one statement.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from .models import StageEnrolment, StageLimit, Suspension, Tenant
from .stages import Stage
from .states import LIVE

COMPANY = [stage for stage in Stage if stage.needs_enterprise]
WARN, OVER = 75, 100  # per cent of a limit


class Days(Func):
    """How many days lie between two dates."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


class Share(Func):
    """How many per cent one number is of another; none where there is nothing to share."""

    template = "(100 * (%(expressions)s, 0))"
    output_field = IntegerField()

    def as_sql(self, compiler, connection, **context):
        part, whole = (compiler.compile(each) for each in self.source_expressions)
        return f"(100 * ({part[0]}) / NULLIF(({whole[0]}), 0))", [*part[1], *whole[1]]


class MonthsLater(Func):
    """The day so many months after another."""

    output_field = DateField()

    def as_sql(self, compiler, connection, **context):
        day, months = (compiler.compile(each) for each in self.source_expressions)
        return f"(({day[0]}) + make_interval(months => ({months[0]})))::date", [*day[1], *months[1]]


@dataclass(frozen=True)
class Stay:
    """How a tenant's time is used: in its stage and, as a company, in all; per cent, with the days they end on."""

    stage_share: int | None
    stay_since: dt.date | None
    stay_until: dt.date | None
    stay_months: int | None
    stay_share: int | None
    aside: bool

    @property
    def over(self) -> bool:
        return any(share is not None and share >= OVER for share in (self.stage_share, self.stay_share))


def _aside_days(day: dt.date, since):
    """Return how many days a tenant stood aside from ``since`` on, an expression of the outer row, up to ``day``."""
    begins = Case(When(since__lt=since, then=since), default=F("since"), output_field=DateField())
    ends = Least(Coalesce(F("ended_on"), Value(day)), Value(day), output_field=DateField())
    times = Suspension.objects.filter(tenant=OuterRef("pk"), since__lte=day).exclude(ended_on__lte=since).order_by()
    total = times.values("tenant").annotate(total=Sum(Days(ends, begins))).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def with_age(tenants, day: dt.date):
    """Annotate tenants with the shares of their time: ``stage_share``, ``stay_share`` and what they come from.

    ``stage_due`` of a tenant that stands aside moves when it resumes; here it counts as if it did today.
    """
    company = StageEnrolment.objects.true().filter(tenant=OuterRef("pk"), stage__in=COMPANY).order_by()
    first = Subquery(company.values("tenant").annotate(first=Min("since")).values("first"), output_field=DateField())
    limits = StageLimit.objects.on(day).filter(stage="", sector__in=[OuterRef("sector"), ""])
    months = Subquery(limits.order_by("-sector", "-since").values("months")[:1], output_field=IntegerField())
    open_ = Suspension.objects.filter(tenant=OuterRef("pk"), ended_on=None)
    aside_since = Subquery(open_.values("since")[:1], output_field=DateField())
    today = Value(day, output_field=DateField())
    tenants = tenants.annotate(
        aside=Exists(open_),
        stay_since=first,
        stay_months=months,
        now_for_stage=Coalesce(aside_since, today, output_field=DateField()),
        aside_in_stage=_aside_days(day, OuterRef("stage_since")),
    )
    tenants = tenants.annotate(aside_open=Days(today, F("now_for_stage")))
    tenants = tenants.annotate(
        aside_in_all=Case(
            When(stay_since__isnull=False, then=_aside_days(day, OuterRef("stay_since"))), default=Value(0),
            output_field=IntegerField(),
        ),
        stay_full=MonthsLater(F("stay_since"), F("stay_months")),
    )  # fmt: skip
    closed = F("aside_in_stage") - F("aside_open")  # what the due day was moved by already
    return tenants.annotate(
        stage_share=Share(
            Days(F("now_for_stage"), F("stage_since")) - closed, Days(F("stage_due"), F("stage_since")) - closed
        ),
        stay_share=Share(
            Days(today, F("stay_since")) - F("aside_in_all"), Days(F("stay_full"), F("stay_since"))
        ),
        stay_until=Func(
            F("stay_full"), F("aside_in_all"), template="(%(expressions)s::integer)", arg_joiner=" + ",
            output_field=DateField(),
        ),
    )


def stay_of(tenant: Tenant, day: dt.date) -> Stay:
    row = with_age(Tenant.objects.filter(pk=tenant.pk), day).get()
    return Stay(row.stage_share, row.stay_since, row.stay_until, row.stay_months, row.stay_share, row.aside)


def overstaying(day: dt.date):
    """Return the tenants that are past the day of their gate, or past the limit of their stay in all."""
    rows = with_age(Tenant.objects.filter(state__in=LIVE), day)
    return rows.filter(Q(stage_share__gt=OVER) | Q(stay_share__gte=OVER))
