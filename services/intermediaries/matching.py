"""Which institutions fit a need, in which order, and why; and why the others do not.

One statement weighs every institution that could be thought of: what must hold (``MUST``) decides whether it fits, the
score decides the order among those that fit. Both are expressions of the row, so they hold for one need as for all.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    JSONField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Extract, Greatest, JSONObject, Least, Round
from django.utils import timezone

from park.workflow.calendar import BEIJING, beijing_day

from . import licences
from .kinds import JUDGES, RELIANT
from .models import Institution, Licence, Match, Offer, ServiceRequest
from .needs import Need

ASKED_AT_ONCE = 3
NUMBER = DecimalField(max_digits=12, decimal_places=6)

# What the score is made of, in points. Together they make 100.
BASE, SPECIALIST, LANGUAGE, KEY_PARTNER, REPLY, ROOM, ROTATION = 50, 15, 10, 5, 15, 4, 1
SLOW = 48  # hours after which a reply earns nothing
RESTED = 30  # days without being asked after which the turn is fully an institution's own

MUST = ("offered", "licensed", "takes_stage", "takes_field", "speaks", "has_room", "free")


@dataclass(frozen=True)
class Wish:
    """What is looked for, and for whom. Its parts are discrete, so that equal wishes have equal answers."""

    need: Need
    tenant_id: int
    stage: str
    sector: str
    language: str = ""  # asked for; an institution that does not work in it does not fit
    reader: str = "zh"  # the language of the one who asks, where none is asked for


@dataclass
class Candidate:
    """An institution as weighed for a wish."""

    institution: Institution
    offer: Offer | None
    fits: bool
    score: Decimal
    reasons: list[dict]


@dataclass
class Ranking:
    """Those that fit, best first, and those left out."""

    fitting: list[Candidate]
    left_out: list[Candidate]


def wish_of(request: ServiceRequest, need: Need) -> Wish:
    """Return what a request asks for."""
    tenant = request.tenant
    return Wish(need, tenant.pk, tenant.stage, tenant.sector, request.language, reader_of(request.asked_by.language))


def reader_of(interface_language: str) -> str:
    return "zh" if interface_language.startswith("zh") else "en"


def rank(wish: Wish, now: dt.datetime | None = None) -> Ranking:
    """Weigh every institution of the need's kinds, or with one of its services, once."""
    now = now or timezone.now()
    rows = list(weighed(wish, now).select_related("organisation"))
    offers = Offer.objects.in_bulk({row.offer_id for row in rows if row.offer_id})
    best: dict[int, Institution] = {}
    for row in rows:  # those that fit come first, the best of them first
        seen = best.setdefault(row.pk, row)
        if not seen.fits and len(_failing(row)) < len(_failing(seen)):
            best[row.pk] = row
    candidates = [
        Candidate(row, offers.get(row.offer_id), row.fits, row.score, reasons(row, offers.get(row.offer_id), wish))
        for row in best.values()
    ]
    return Ranking(
        fitting=[candidate for candidate in candidates if candidate.fits],
        left_out=[candidate for candidate in candidates if not candidate.fits],
    )


def fits_somebody(wish: Wish) -> bool:
    """Tell whether any institution fits, without weighing those that do against each other."""
    return judged(wish, timezone.now()).filter(fits=True).exists()


def weighed(wish: Wish, now: dt.datetime) -> QuerySet:
    """Return the institutions with what must hold and the score: a row a service that answers the need."""
    asked = Match.objects.told().filter(institution=OuterRef("pk")).order_by().values("institution")
    return (
        judged(wish, now)
        .measured(now)
        .annotate(last_asked=Subquery(asked.annotate(value=Max("told_at")).values("value")))
        .annotate(score=score(wish, now))
        .order_by("-fits", "-score", "pk", "offer_id")
    )


def judged(wish: Wish, now: dt.datetime) -> QuerySet:
    """Return the institutions with what must hold: a row a service that answers the need."""
    day = beijing_day(now)
    thought_of = Institution.objects.listed().annotate(
        service=FilteredRelation("offers", condition=Q(offers__code__in=wish.need.offers)), offer_id=F("service__pk")
    )
    return (
        thought_of.filter(Q(type__in=wish.need.types) | Q(service__isnull=False))
        .annotate(**_licence(wish.need, day))
        .annotate(load=_load(now), conflict=_conflict(wish.tenant_id))
        .annotate(
            offered=_holds(Q(service__isnull=False)),
            licensed=_holds(Q(licence_needed="") | Q(licence_held=True)),
            takes_stage=_holds(Q(service__isnull=True) | Q(service__stages__contains=[wish.stage])),
            takes_field=_holds(Q(sectors__len=0) | Q(sectors__contains=[wish.sector])),
            speaks=_holds(Q(languages__contains=[wish.language])) if wish.language else _true(),
            has_room=_holds(Q(load__lt=F("monthly_capacity"))),
            free=_holds(Q(conflict__isnull=True)),
        )
        .annotate(fits=_holds(Q(**dict.fromkeys(MUST, True))))
    )


def score(wish: Wish, now: dt.datetime) -> Round:
    """Return the score as one expression: up to 100, with two decimals, so that equal is equal in every run."""
    hours = Extract("first_reply", "epoch") / Value(3600.0)
    quick = Value(1) - _number(Least(hours, Value(float(SLOW)))) / Value(SLOW, NUMBER)
    taken_up = _number(F("load")) / _number(Greatest(F("monthly_capacity"), Value(1)))
    days = Extract(Value(now) - F("last_asked"), "epoch") / Value(86400.0)
    rested = _number(Least(days, Value(float(RESTED)))) / Value(RESTED, NUMBER)
    points = (
        Value(BASE, NUMBER)
        + _points(SPECIALIST, Q(sectors__contains=[wish.sector]))
        + _points(LANGUAGE, Q(languages__contains=[wish.language or wish.reader]))
        + _points(KEY_PARTNER, Q(key_partner=True))
        + Value(REPLY, NUMBER) * Coalesce(_clamped(quick), Value(Decimal("0.5"), NUMBER))
        + Value(ROOM, NUMBER) * _clamped(Value(1) - taken_up)
        + Value(ROTATION, NUMBER) * Coalesce(_clamped(rested), Value(1, NUMBER))
    )
    return Round(ExpressionWrapper(points, NUMBER), 2)


# --- Parts of the statement -------------------------------------------------------------------------------------------
def _holds(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, BooleanField())


def _true() -> Value:
    return Value(True, BooleanField())


def _points(points: int, condition: Q) -> Case:
    return Case(When(condition, then=Value(points, NUMBER)), default=Value(0, NUMBER), output_field=NUMBER)


def _number(expression) -> Func:
    return Func(expression, function="", template="(%(expressions)s)::numeric", output_field=NUMBER)


def _clamped(expression) -> Func:
    return Least(Greatest(ExpressionWrapper(expression, NUMBER), Value(0, NUMBER)), Value(1, NUMBER))


def _licence(need: Need, day: dt.date) -> dict:
    """Return the licence that the service needs, whether it is held, until when, and when it lapsed.

    Where an institution of the kind does not offer the service, it is the licence that the service would need.
    """
    of_the_type = [When(type=kind, then=Value(licences.needed_for(kind, need.offers))) for kind in licences.NEEDED]
    own = Licence.objects.filter(institution=OuterRef("pk"), code=OuterRef("licence_needed"))
    valid = own.valid_on(day)
    return {
        "licence_needed": Coalesce(
            F("service__licence_code"), Case(*of_the_type, default=Value("")), output_field=CharField()
        ),
        "licence_held": Exists(valid),
        "licence_until": Subquery(
            valid.order_by(F("expires_on").desc(nulls_first=True)).values("expires_on")[:1], DateField()
        ),
        "licence_lapsed": Subquery(
            own.filter(expires_on__lt=day).order_by("-expires_on").values("expires_on")[:1], DateField()
        ),
    }


def _load(now: dt.datetime) -> Coalesce:
    """Return how many requests the institution has taken in this month of the park's calendar."""
    month = now.astimezone(BEIJING).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    taken = Match.objects.engaged().filter(institution=OuterRef("pk"), replied_at__gte=month).order_by()
    return Coalesce(
        Subquery(taken.values("institution").annotate(value=Count("pk")).values("value"), IntegerField()), 0
    )


def _conflict(tenant_id: int) -> Case:
    """Return the institution of the same group that already works for the tenant in a role that excludes this one."""

    def engaged(types: Iterable[str]) -> Subquery:
        found = (
            Match.objects.engaged()
            .filter(request__tenant=tenant_id, institution__group=OuterRef("group"), institution__type__in=types)
            .exclude(Q(institution=OuterRef("pk")) | Q(institution__group=""))
            .order_by("-replied_at", "pk")
        )
        names = JSONObject(
            **{"en": "institution__organisation__name_en", "zh-hans": "institution__organisation__name_zh_hans"}
        )
        return Subquery(found.values(value=names)[:1], JSONField())

    return Case(
        When(type__in=JUDGES, then=engaged(RELIANT)),
        When(type__in=RELIANT, then=engaged(JUDGES)),
        output_field=JSONField(),
    )


# --- Why --------------------------------------------------------------------------------------------------------------
def _failing(row) -> list[str]:
    return [name for name in MUST if not getattr(row, name)]


def reasons(row, offer: Offer | None, wish: Wish) -> list[dict]:
    """Return every reason for and against as data: a code, whether it speaks for the institution, and details."""
    return [*_about_the_service(row, offer, wish), *_about_the_institution(row, wish)]


def _about_the_service(row, offer: Offer | None, wish: Wish):
    if offer:
        name = {"en": offer.name_en, "zh-hans": offer.name_zh_hans}
        yield {"code": "offer", "met": True, "name": name, "working_days": offer.working_days}
    else:
        yield {"code": "not_offered", "met": False, "need": wish.need.code}
    if row.licence_needed:
        if row.licensed:
            yield {"code": "licence", "met": True, "licence": row.licence_needed, "until": _day(row.licence_until)}
        elif row.licence_lapsed:
            yield {
                "code": "licence_lapsed",
                "met": False,
                "licence": row.licence_needed,
                "ended": _day(row.licence_lapsed),
            }
        else:
            yield {"code": "no_licence", "met": False, "licence": row.licence_needed}
    if offer:
        yield {"code": "stage", "met": row.takes_stage, "stage": wish.stage, "takes": list(offer.stages)}


def _about_the_institution(row, wish: Wish):
    yield {"code": "field", "met": row.takes_field, "sector": wish.sector, "takes": list(row.sectors)}
    if wish.language:
        yield _language(wish.language, row, met=row.speaks, asked=True)
    elif wish.reader in row.languages:
        yield _language(wish.reader, row, met=True, asked=False)
    yield {"code": "room", "met": row.has_room, "taken": row.load, "of": row.monthly_capacity}
    if row.conflict:
        yield {"code": "conflict", "met": False, "with": row.conflict}
    if row.first_reply is not None:
        yield {
            "code": "reply",
            "met": True,
            "minutes": round(row.first_reply.total_seconds() / 60),
            "replies": row.replies,
        }
    if row.key_partner:
        yield {"code": "key_partner", "met": True}


def _language(code: str, row, *, met: bool, asked: bool) -> dict:
    return {"code": "language", "met": met, "language": code, "asked": asked, "works_in": list(row.languages)}


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


# --- Kept -------------------------------------------------------------------------------------------------------------
def keep(request: ServiceRequest, ranking: Ranking, chosen: Iterable[int], now: dt.datetime) -> list[Match]:
    """Write down all who were weighed: the chosen as asked now, others that fit in reserve, the rest left out."""
    chosen = set(chosen)
    first = [candidate for candidate in ranking.fitting if candidate.institution.pk in chosen]
    rest = [candidate for candidate in ranking.fitting if candidate.institution.pk not in chosen]
    last = request.matches.aggregate(last=Max("rank"))["last"] or 0
    rows = [
        Match(
            request=request,
            institution=candidate.institution,
            offer=candidate.offer,
            rank=place,
            score=candidate.score,
            reasons=candidate.reasons,
            reply=Match.Reply.WAITING if candidate.institution.pk in chosen else Match.Reply.RESERVE,
            told_at=now if candidate.institution.pk in chosen else None,
        )
        for place, candidate in enumerate([*first, *rest], start=last + 1)
    ]
    rows += [
        Match(
            request=request,
            institution=candidate.institution,
            offer=candidate.offer,
            score=candidate.score,
            reasons=candidate.reasons,
            reply=Match.Reply.EXCLUDED,
        )
        for candidate in ranking.left_out
    ]
    return Match.objects.bulk_create(rows)


def default_choice(ranking: Ranking) -> list[int]:
    """Return the institutions that are asked where nobody chose."""
    return [candidate.institution.pk for candidate in ranking.fitting[:ASKED_AT_ONCE]]
