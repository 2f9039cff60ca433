"""What the scores of a round say together: mean, spread, how much one opinion moves a file, how strict each expert is.

The raw rank follows the mean alone, ties by the first criterion of the rubric. Everything else stands beside it and
never takes its place.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from .models import Review, Round, RoundFile, Sheet, SheetLine
from .states import LIVE, SENT

TENTH = Decimal("0.1")


def tenth(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(TENTH, ROUND_HALF_UP)


def mean_of(values: list[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None


@dataclass
class Row:
    """One file of a round with what its reviews say."""

    file: RoundFile
    asked: int = 0
    totals: dict[int, Decimal] = field(default_factory=dict)  # by expert
    criteria: dict[str, list[int]] = field(default_factory=dict)
    vetoes: list[str] = field(default_factory=list)
    mean: Decimal | None = None
    adjusted: Decimal | None = None
    rank: int | None = None
    shift: Decimal | None = None
    rank_without: tuple[int, int] | None = None

    @property
    def came(self) -> int:
        return len(self.totals)

    @property
    def spread(self) -> Decimal | None:
        return max(self.totals.values()) - min(self.totals.values()) if self.totals else None

    @property
    def first(self) -> Decimal:
        """The mean of the first criterion, which settles ties."""
        scores = next(iter(self.criteria.values()), [])
        return mean_of([Decimal(score) for score in scores]) or Decimal(0)

    @property
    def means(self) -> list[Decimal | None]:
        return [tenth(mean_of([Decimal(score) for score in scores])) for scores in self.criteria.values()]

    @property
    def shown(self) -> dict:
        """The figures as pages write them."""
        return {
            "mean": tenth(self.mean), "spread": tenth(self.spread), "shift": tenth(self.shift),
            "adjusted": tenth(self.adjusted),
        }  # fmt: skip


@dataclass
class Strictness:
    """How an expert's totals stand to those of the others on the same files."""

    expert: object
    sent: int
    mean: Decimal
    lean: Decimal | None  # below nought: stricter than the others


@dataclass
class Results:
    """The results of a round, or of a meeting, whose items may come from several."""

    round: Round | None
    rows: list[Row]
    experts: list[Strictness]

    @property
    def ranked(self) -> list[Row]:
        """The files in the order of the raw rank; those without a score at the end, by code."""
        return sorted(self.rows, key=lambda row: (row.rank is None, row.rank or 0, row.file.code))


def as_rows(found: Results) -> list[list]:
    """Return the results of a round as the rows of a table: files first, then how strict the experts are."""
    criteria = list(found.round.rubric.criteria.all())
    head = [_("Rank"), _("File"), _("Project"), _("Reviews"), _("Reviews asked for"), _("Mean")]
    head += [each.label for each in criteria]
    head += [
        _("Spread"), _("Shift without one opinion"), _("Rank without one opinion"), _("Mean without strictness"),
        _("Stopped by"),
    ]  # fmt: skip
    rows = [[], [_("Expert"), _("Files"), _("Mean"), _("Against the others")]]
    rows += [[str(each.expert), each.sent, each.mean, each.lean] for each in found.experts]
    return [head, *[_as_row(row) for row in found.ranked], *rows]


def _as_row(row: Row) -> list:
    copy, shown = getattr(row.file, "copy", None), row.shown
    between = "–".join(str(rank) for rank in dict.fromkeys(row.rank_without or ()))
    return [
        row.rank, row.file.code, copy.title if copy else "", row.came, row.asked, shown["mean"], *row.means,
        shown["spread"], shown["shift"], between, shown["adjusted"], ", ".join(row.vetoes),
    ]  # fmt: skip


def results(round: Round, *, without: Collection[int] = (), only_closed: bool = False) -> Results:
    """Compute the results of a round from the sheets that count; four questions, whatever its size.

    ``without`` names applications that the reader has to keep off: they are in no row, no rank and no count.
    ``only_closed`` shows no figure of a file that still waits for a review.
    """
    files = list(
        round.files.exclude(application__in=without)
        .select_related("application__talent", "copy")
        .order_by("code")
    )
    rows = {file.pk: Row(file) for file in files}
    criteria = list(round.rubric.criteria.all())
    for row in rows.values():
        row.criteria = {each.key: [] for each in criteria}
    latest = Sheet.objects.filter(review=OuterRef("pk")).order_by("-number")
    reviews = (
        Review.objects.filter(file__in=rows, state__in=LIVE)
        .select_related("expert__user")
        .annotate(sheet=Subquery(latest.values("pk")[:1]), total=Subquery(latest.values("total")[:1]))
    )
    sheets, people = {}, {}
    for review in reviews:
        row = rows[review.file_id]
        row.asked += 1
        if review.state == SENT and not (only_closed and row.file.closed_at is None):
            row.totals[review.expert_id] = review.total
            sheets[review.sheet] = row
            people[review.expert_id] = review.expert
    keys = {each.pk: each for each in criteria}
    for sheet, criterion, score in SheetLine.objects.filter(sheet__in=sheets).values_list(
        "sheet", "criterion", "score"
    ):
        each, row = keys[criterion], sheets[sheet]
        row.criteria[each.key].append(score)
        if each.veto_up_to is not None and score <= each.veto_up_to and each.label not in row.vetoes:
            row.vetoes.append(each.label)
    return reckon(list(rows.values()), people, round)


def reckon(found: list[Row], people: dict, round: Round | None = None) -> Results:
    """Fill in what follows from the totals of each row; ``people`` are the experts by key."""
    for row in found:
        row.mean = mean_of(list(row.totals.values()))
    _rank(found)
    _leave_one_out(found)
    leans = _strictness(found, people)
    _adjust(found, {each.expert.pk: each.lean for each in leans})
    return Results(round, found, leans)


def _order(rows: list[Row]) -> dict[int, int]:
    """Return the rank of each file; files with the same mean and first criterion share one."""
    scored = sorted((row for row in rows if row.mean is not None), key=lambda row: (-row.mean, -row.first))
    ranks, last = {}, None
    for place, row in enumerate(scored, start=1):
        key = (row.mean, row.first)
        ranks[row.file.pk] = ranks[last.file.pk] if last is not None and (last.mean, last.first) == key else place
        last = row
    return ranks


def _rank(rows: list[Row]) -> None:
    ranks = _order(rows)
    for row in rows:
        row.rank = ranks.get(row.file.pk)


def _leave_one_out(rows: list[Row]) -> None:
    """Say of each file how far its mean moves, and between which ranks, when one opinion is left out."""
    scored = [row for row in rows if row.mean is not None]
    for row in scored:
        if row.came < 2:
            continue
        values = list(row.totals.values())
        means = [mean_of(values[:n] + values[n + 1 :]) for n in range(len(values))]
        row.shift = max(abs(mean - row.mean) for mean in means)
        others = [other.mean for other in scored if other is not row]
        places = [1 + sum(other > mean for other in others) for mean in means]
        row.rank_without = (min(places), max(places))


def _strictness(rows: list[Row], people: dict) -> list[Strictness]:
    gaps, totals = defaultdict(list), defaultdict(list)
    for row in rows:
        for expert, total in row.totals.items():
            totals[expert].append(total)
            others = [value for other, value in row.totals.items() if other != expert]
            if others:
                gaps[expert].append(total - mean_of(others))
    return [
        Strictness(people[pk], len(totals[pk]), tenth(mean_of(totals[pk])), tenth(mean_of(gaps[pk])))
        for pk in sorted(totals, key=lambda pk: (mean_of(gaps[pk]) or Decimal(0), pk))
    ]


def _adjust(rows: list[Row], leans: dict[int, Decimal | None]) -> None:
    """Give beside the mean the one that there would be if every expert were as strict as the others."""
    for row in rows:
        row.adjusted = mean_of([total - (leans[expert] or 0) for expert, total in row.totals.items()])


def for_the_letter(file: RoundFile) -> list[dict]:
    """Return the experts' view of a file as the applicant may read it: means and reasons by criterion, no names."""
    sheets = (
        Sheet.objects.filter(review__file=file, review__state=SENT)
        .order_by("review__ref", "-number")
        .distinct("review__ref")
    )
    lines = defaultdict(list)
    every = SheetLine.objects.filter(sheet__in=list(sheets)).select_related("criterion")
    for line in every.order_by("sheet__review__ref"):
        lines[line.criterion].append(line)
    return [
        {
            "label": {"en": criterion.label_en, "zh-hans": criterion.label_zh_hans},
            "score": str(tenth(mean_of([Decimal(line.score) for line in given]))),
            "of": file.round.rubric.highest,
            "reason": "\n".join(line.reason for line in given if line.reason),
        }
        for criterion, given in sorted(lines.items(), key=lambda each: each[0].position)
    ]
