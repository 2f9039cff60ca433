"""Facts that nobody has to be asked for: computed for all tenants at once from registry, growth record and profiles.

Each is an expression over ``Tenant``; a NULL says that its home is silent, and then what was recorded holds. ``as_of``
names the day for which the value is known.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf, TruncDate

from enterprises.growth.models import FinancingRound, IPRight, Recognition, Rung
from enterprises.registry.models import Founder
from incubation.journey.models import Problem, Tenant
from park.pages.wording import BEIJING
from talents.profiles.models import Degree, Stay

from .models import Source

TODAY, REGISTRY, PROFILE, STAGE, ADMITTED = "today", "registry", "profile", "stage", "admitted"
LADDER = (Rung.CHAMPION, Rung.LITTLE_GIANT, Rung.SRDI_SME, Rung.HNTE, Rung.INNOVATIVE_SME, Rung.TECH_SME)
IN_CHANGCHUN = {"province": "CN-JL", "city": "CN-JL-CC"}


@dataclass(frozen=True)
class Derived:
    """One fact with the expression that computes it, the kind of its home, and which day it is known for."""

    key: str
    expression: object
    source: Source
    as_of: str


class _Days(Func):
    """How many days lie between two dates."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


class _Months(Func):
    """How many whole months lie between two dates."""

    template = "(extract(year from age(%(expressions)s)) * 12 + extract(month from age(%(expressions)s)))::integer"
    output_field = IntegerField()

    def as_sql(self, compiler, connection, **context):
        sql, params = super().as_sql(compiler, connection, **context)
        return sql, [*params, *params]


class _Years(Func):
    """How many whole years lie between two dates."""

    template = "extract(year from age(%(expressions)s))::integer"
    output_field = IntegerField()


def years_before(day: date, years: int) -> date:
    """Return the same day some years ago; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _when(condition: Q, value) -> Case:
    return Case(When(condition, then=value), default=None)


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _of_enterprise(model):
    """Return the records of a tenant's enterprise."""
    return model.objects.filter(enterprise=OuterRef("enterprise")).order_by()


def _total(queryset, expression) -> Subquery:
    return Subquery(queryset.values("enterprise").annotate(total=expression).values("total"))


def _stays(today: date, *kinds: str) -> Subquery:
    """Return how many months a talent spent abroad in such stays, up to today."""
    months = _Months(Coalesce(F("ended_on"), Value(today)), F("began_on"))
    stays = Stay.objects.filter(talent=OuterRef("talent"), kind__in=kinds, began_on__lte=today).order_by()
    return Subquery(stays.values("talent").annotate(total=Sum(months)).values("total"), output_field=IntegerField())


def _titles(today: date):
    return _of_enterprise(Recognition).filter(Q(valid_until=None) | Q(valid_until__gte=today), valid_from__lte=today)


def _enterprise(today: date) -> list[Derived]:
    there, registered = Q(enterprise__isnull=False), Q(enterprise__credit_code__isnull=False)
    born = F("enterprise__registered_on")
    rights = _of_enterprise(IPRight).filter(Q(expires_on=None) | Q(expires_on__gte=today))
    rounds = _of_enterprise(FinancingRound).exclude(kind=FinancingRound.Kind.LOAN)
    has_rights, has_rounds = Exists(rights), Exists(rounds)

    def raised(years: int):
        total = _total(rounds.filter(closed_on__gte=years_before(today, years), closed_on__lte=today), Sum("amount"))
        return _when(Q(has_rounds), Coalesce(total, Value(0, output_field=FinancingRound._meta.get_field("amount"))))

    def owned(*kinds: str):
        chosen = rights.filter(kind__in=kinds) if kinds else rights
        return _when(Q(has_rights), Coalesce(_total(chosen, Count("pk")), 0))

    held = _titles(today)
    ladder = Case(
        *(When(there & Q(Exists(held.filter(rung=rung))), then=_text(rung)) for rung in LADDER),
        When(there, then=_text("none")),
        default=None,
        output_field=CharField(),
    )

    returnees = Founder.objects.filter(enterprise=OuterRef("enterprise")).order_by()
    registry = [
        ("registered_country", _when(registered, _text("CN"))),
        ("legal_person", _when(registered, Value(True))),
        ("province", _when(there, _text(IN_CHANGCHUN["province"]))),
        ("city", _when(there, _text(IN_CHANGCHUN["city"]))),
        ("zone", F("enterprise__zone")),
        ("sector", F("enterprise__sector")),
        ("ladder", ladder),
        ("is_high_tech", _when(there, Q(Exists(held.filter(rung=Rung.HNTE))))),
        ("is_tech_sme", _when(there, Q(Exists(held.filter(rung=Rung.TECH_SME))))),
        ("ip_total", owned()),
        ("ip_class1", owned(*IPRight.CLASS_ONE)),
        ("invention_patents", owned(IPRight.Kind.INVENTION)),
        ("founders_overseas_share", _total(returnees, Sum("share"))),
    ]
    dated = [
        ("age_days", _Days(Value(today), born)),
        ("age_months", _Months(Value(today), born)),
        ("equity_financing_2y_cny", raised(2)),
        ("equity_financing_3y_cny", raised(3)),
        ("equity_total_cny", _when(Q(has_rounds), _total(rounds.filter(closed_on__lte=today), Sum("amount")))),
    ]
    return [
        *(Derived(f"enterprise.{key}", expression, Source.REGISTER, REGISTRY) for key, expression in registry),
        *(Derived(f"enterprise.{key}", expression, Source.REGISTER, TODAY) for key, expression in dated),
        Derived("enterprise.stage", _when(there, F("stage")), Source.PARK, STAGE),
    ]


def _park() -> list[Derived]:
    unsolved = Problem.objects.unsolved().filter(tenant=OuterRef("pk")).order_by().values("tenant")
    count = Subquery(unsolved.annotate(total=Count("pk")).values("total"), output_field=IntegerField())
    return [
        Derived("tenant.open_problems", Coalesce(count, 0), Source.PARK, TODAY),
        Derived("tenant.stage", F("stage"), Source.PARK, STAGE),
        Derived("tenant.sector", F("sector"), Source.PARK, ADMITTED),
        Derived("tenant.zone", F("enterprise__zone"), Source.REGISTER, REGISTRY),
        Derived("project.sector", F("sector"), Source.PARK, ADMITTED),
        Derived("project.province", _text(IN_CHANGCHUN["province"]), Source.PARK, ADMITTED),
        Derived("project.city", _text(IN_CHANGCHUN["city"]), Source.PARK, ADMITTED),
        Derived("talent.has_startup_project", Value(True), Source.PARK, ADMITTED),
    ]


def _talent(today: date) -> list[Derived]:
    returned = F("talent__returned_on")
    known_degrees = [Degree.DOCTOR, Degree.MASTER, Degree.BACHELOR]
    founder = Founder.objects.filter(enterprise=OuterRef("enterprise"), talent=OuterRef("talent"))
    open_stay = Stay.objects.filter(talent=OuterRef("talent"), began_on__lte=today).filter(
        Q(ended_on=None) | Q(ended_on__gt=today)
    )
    profile = [
        ("nationality", NullIf(F("talent__nationality"), _text(""), output_field=CharField())),
        ("degree", _when(Q(talent__degree__in=known_degrees), F("talent__degree"))),
        ("degree_abroad", F("talent__degree_abroad")),
        ("is_foreign_chinese", F("talent__foreign_chinese")),
        ("is_returnee", _when(Q(talent__returned_on__isnull=False, talent__returned_on__lte=today), Value(True))),
        (
            "months_abroad",
            Coalesce(_stays(today, Stay.Kind.STUDY), F("talent__months_abroad"), output_field=IntegerField()),
        ),
        ("visiting_scholar_months", _stays(today, Stay.Kind.VISIT)),
        ("talent_class", NullIf(F("talent__talent_class"), _text(""), output_field=CharField())),
        (
            "studying_or_working_abroad",
            Case(
                When(talent__returned_on__lte=today, then=Value(False)),
                When(Q(Exists(open_stay)), then=Value(True)),
                default=None,
            ),
        ),
    ]
    dated = [
        ("age", _Years(Value(today), F("talent__born_on"))),
        (
            "months_since_first_entry_after_study",
            _when(Q(talent__returned_on__lte=today), _Months(Value(today), returned)),
        ),
    ]
    role = Case(
        When(Q(Exists(founder.filter(legal_representative=True))), then=_text("legal_representative")),
        When(Q(enterprise=None) | Q(Exists(founder)), then=_text("founder")),
        default=None,
        output_field=CharField(),
    )
    return [
        *(Derived(f"talent.{key}", expression, Source.PROFILE, PROFILE) for key, expression in profile),
        *(Derived(f"talent.{key}", expression, Source.PROFILE, TODAY) for key, expression in dated),
        Derived("talent.role", role, Source.REGISTER, REGISTRY),
    ]


def derived(today: date) -> list[Derived]:
    """Return every fact that can be computed, for this day."""
    return [*_park(), *_enterprise(today), *_talent(today)]


def days(today: date) -> dict[str, object]:
    """Return for each word of ``as_of`` the expression of the day it stands for."""
    return {
        TODAY: Value(today),
        REGISTRY: Coalesce(
            TruncDate("enterprise__updated_at", tzinfo=BEIJING), TruncDate("talent__updated_at", tzinfo=BEIJING)
        ),
        PROFILE: TruncDate("talent__updated_at", tzinfo=BEIJING),
        STAGE: F("stage_since"),
        ADMITTED: F("admitted_on"),
    }


def computed(today: date, tenants=None):
    """Return a queryset of dicts: a tenant's id, its computed facts as ``d0 …``, and the days as ``on_…``."""
    tenants = Tenant.objects.order_by() if tenants is None else tenants.order_by()
    facts = {f"d{place}": each.expression for place, each in enumerate(derived(today))}
    moments = {f"on_{word}": expression for word, expression in days(today).items()}
    return tenants.values("id", **facts, **moments)


KEYS = frozenset(each.key for each in derived(date(2026, 1, 1)))
