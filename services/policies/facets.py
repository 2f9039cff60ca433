"""The catalogue: what was asked for, how many policies each further answer would leave, and the page of them.

All counts come from one statement: each policy is looked at once, with a yes or no a filter beside it, and each filter
is counted over the policies that every other filter leaves.
"""

from dataclasses import dataclass, field

from django.contrib.postgres.search import SearchRank
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import BooleanField, Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.registry.models import Sector
from incubation.journey.stages import Stage

from . import words
from .kinds import Applicant, Closes, Kind, Level, Live
from .models import Policy, PolicyQuerySet
from .status import closes

PAGE = 20
HOW_MANY = "coalesce(sum(n), 0)::bigint"  # rows that are alike were counted together
FEW = 3  # fewer hits than this, and the search asks for one of the words instead of all


@dataclass(frozen=True)
class Facet:
    """One filter: its name in the address, its answers, and the column of the counting statement."""

    name: str
    legend: str
    choices: type
    column: str
    many: bool = False  # a policy has several of them
    single: bool = False  # one answer at a time

    def chosen(self, asked) -> list[str]:
        """Return the answers that were asked for, unknown ones left out."""
        known = set(self.choices.values)
        values = [value for value in dict.fromkeys(asked.getlist(self.name)) if value in known]
        return values[:1] if self.single else values

    def condition(self, values: list[str]) -> Q:
        return Q(**{f"{self.column}__overlap" if self.many else f"{self.column}__in": values})


FACETS = (
    Facet("kind", _("What it is about"), Kind, "kind"),
    Facet("applicant", _("Who applies"), Applicant, "applicant"),
    Facet("level", _("Issued by"), Level, "level"),
    Facet("stage", _("Stage"), Stage, "current__stages", many=True),
    Facet("sector", _("Field"), Sector, "current__sectors", many=True),
    Facet("status", _("Today"), Live, "live"),
    Facet("closes", _("Closes"), Closes, "closes", single=True),
)
BEST = "best"  # of a search: what speaks of it most
ORDERS = {
    BEST: (_("Best match"), ("-rank", "-pk")),
    "newest": (_("Newest"), (F("issued_on").desc(nulls_last=True), "-pk")),
    "closing": (
        _("Closing soon"),
        (F("current__deadline").asc(nulls_last=True), F("current__valid_until").asc(nulls_last=True), "-pk"),
    ),
    "amount": (_("Largest amount"), (F("current__amount_max").desc(nulls_last=True), "-pk")),
}  # fmt: skip


@dataclass
class Asked:
    """What a reader asked of the catalogue, cleaned."""

    text: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    order: str = "newest"

    @classmethod
    def of(cls, query) -> "Asked":
        text, order = query.get("q", "").replace("\0", "").strip()[:200], query.get("order", "")
        if order not in ORDERS or (order == BEST and not text):
            order = BEST if text else "newest"
        return cls(
            text=text,
            chosen={facet.name: values for facet in FACETS if (values := facet.chosen(query))},
            order=order,
        )

    @property
    def orders(self) -> list[tuple[str, str]]:
        """Return the orders that can be asked for, with their words."""
        return [(name, label) for name, (label, _by) in ORDERS.items() if self.text or name != BEST]

    @property
    def count(self) -> int:
        return sum(len(values) for values in self.chosen.values())


@dataclass
class Catalogue:
    """The answer: counts by filter and value, how many policies there are, and the policies as a queryset."""

    asked: Asked
    policies: PolicyQuerySet
    counts: dict[str, dict[str, int]]
    total: int
    listed: int  # with no filter at all, but for the search
    without: dict[str, int]  # how many there would be if one filter were dropped
    loosened: bool = False  # no policy has all the words, so these have one, or a title like it

    def page(self, number):
        """Return a page; its count is known already."""
        paginator = Paginator(self.policies, PAGE)
        paginator.__dict__["count"] = self.total
        return paginator.get_page(number)


def catalogue(asked: Asked, now=None) -> Catalogue:
    """Answer a question: one statement to count, and up to two more while a search finds too little."""
    now = now or timezone.now()
    base = Policy.objects.listed().with_status(now).annotate(closes=closes(now))
    found = None
    for loosened, hits in enumerate(_searches(base, asked.text)):
        found = _count(hits, asked, bool(loosened))
        if found.listed >= (FEW if loosened == 0 else 1):
            break
    order = ORDERS[asked.order][1]
    found.policies = found.policies.select_related("current").defer("search").order_by(*order)
    return found


def exactly(asked: Asked, now=None) -> PolicyQuerySet:
    """Return the listed policies that have all the words and pass every filter: what a saved search matches."""
    now = now or timezone.now()
    found = Policy.objects.listed().with_status(now).annotate(closes=closes(now))
    if asked.text:
        found = found.filter(search=words.every_word(asked.text))
    for facet in FACETS:
        if facet.name in asked.chosen:
            found = found.filter(facet.condition(asked.chosen[facet.name]))
    return found.order_by("pk")


def _searches(base: PolicyQuerySet, text: str):
    """Yield ever wider searches: all words, one of them, a title that is like the text."""
    if not text:
        yield base
        return
    one = words.any_word(text)
    if one is not None:
        ranked = base.annotate(rank=SearchRank(F("search"), one))
        yield ranked.filter(search=words.every_word(text))
        yield ranked.filter(search=one)
    titles = ("current__title_en", "current__title_zh_hans")
    yield base.annotate(rank=words.likeness(text, *titles)).filter(rank__gte=words.LIKE_ENOUGH)


def _flag(facet: Facet, asked: Asked):
    values = asked.chosen.get(facet.name)
    if not values:
        return Value(True, output_field=BooleanField())
    return Case(When(facet.condition(values), then=Value(True)), default=Value(False), output_field=BooleanField())


def _count(hits: PolicyQuerySet, asked: Asked, loosened: bool) -> Catalogue:
    columns = {f"f_{facet.name}": F(facet.column) for facet in FACETS}
    columns |= {f"ok_{facet.name}": _flag(facet, asked) for facet in FACETS}
    sql, params = hits.order_by().annotate(**columns).values_list(*columns).query.sql_with_params()

    def others(name: str) -> str:
        return " AND ".join(f"ok_{facet.name}" for facet in FACETS if facet.name != name) or "true"

    parts = [
        f"SELECT '', 'total', {HOW_MANY} FROM c WHERE {others('')}",  # noqa: S608 - names are this file's own
        f"SELECT '', 'listed', {HOW_MANY} FROM c",  # noqa: S608
    ]
    for facet in FACETS:
        where = others(facet.name)
        value = f"unnest(f_{facet.name})" if facet.many else f"f_{facet.name}"
        parts.append(f"SELECT '{facet.name}', {value}::text, {HOW_MANY} FROM c WHERE {where} GROUP BY 2")  # noqa: S608
        if facet.name in asked.chosen:
            parts.append(f"SELECT 'without', '{facet.name}', {HOW_MANY} FROM c WHERE {where}")  # noqa: S608
    with connection.cursor() as cursor:
        alike = f"SELECT {', '.join(columns)}, count(*) AS n FROM ({sql}) p GROUP BY {', '.join(columns)}"  # noqa: S608
        cursor.execute(f"WITH c AS MATERIALIZED ({alike}) " + " UNION ALL ".join(parts), params)
        found: dict[str, dict[str, int]] = {}
        for name, value, number in cursor.fetchall():
            found.setdefault(name, {})[value] = number
    chosen = Q()
    for facet in FACETS:
        if facet.name in asked.chosen:
            chosen &= facet.condition(asked.chosen[facet.name])
    return Catalogue(
        asked=asked, policies=hits.filter(chosen), counts=found, total=found[""]["total"], listed=found[""]["listed"],
        without=found.get("without", {}), loosened=loosened,
    )  # fmt: skip
