"""The only door to live scores and votes. Before the hour it refuses everybody, staff and chair included.

``LiveScore`` and ``Ballot`` have no page in the staff area, no resource in the API, no copy in the audit and no way to
them from an item; this file and the verbs that write them are the only ones that name them (a test looks).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed

from .aggregates import Results, Row, for_the_letter, mean_of, reckon, tenth
from .meeting_states import VOTING, Choice
from .models import AgendaItem, Ballot, LiveScore, Meeting, Recusal, Seat


class Sealed(GuardFailed):
    """Somebody asked for scores or votes before the hour."""

    code = "sealed"

    def __init__(self):
        super().__init__(_("The scores open when all members who are in the room have sent theirs."), code=self.code)


def live_scores(item: AgendaItem, turn: int | None = None) -> list[LiveScore]:
    """Return the scores of an item that were shown, of its last turn or the one asked for. Raises Sealed."""
    shown = AgendaItem.objects.values_list("shown_turn", flat=True).get(pk=item.pk)
    turn = turn or shown
    if not 1 <= turn <= shown:
        raise Sealed
    rows = LiveScore.objects.filter(item=item, turn=turn).exclude(seat__in=_stepped_aside(item))
    return list(rows.select_related("seat__expert__user").order_by("seat"))


def shuffled(scores: list[LiveScore]) -> list[LiveScore]:
    """Return shown scores in an order of their own for each item and turn: places tell nothing about people."""
    return sorted(scores, key=lambda score: hashlib.sha256(
        f"{settings.SECRET_KEY}:{score.item_id}:{score.turn}:{score.seat_id}".encode()
    ).digest())  # fmt: skip


def ballots(item: AgendaItem) -> Counter:
    """Return how an item was voted on, once the vote is closed. Raises Sealed."""
    if not AgendaItem.objects.values_list("result", flat=True).get(pk=item.pk):
        raise Sealed
    return count_of(item)


def all_ballots(meeting: Meeting) -> dict[int, Counter]:
    """Return how each item was voted on whose vote is closed; one question. The others are left out."""
    found: dict[int, Counter] = {}
    rows = Ballot.objects.filter(item__meeting=meeting).exclude(item__result="")
    rows = rows.exclude(seat__expert__recusals__application=F("item__file__application"))
    for item, choice in rows.values_list("item", "choice"):
        found.setdefault(item, Counter())[choice] += 1
    return found


def count_of(item: AgendaItem) -> Counter:
    """Count the votes of an item for the verb that closes the vote; pages ask ``ballots``."""
    rows = Ballot.objects.filter(item=item).exclude(seat__in=_stepped_aside(item))
    return Counter(rows.values_list("choice", flat=True))


def _stepped_aside(item: AgendaItem):
    recused = Recusal.objects.filter(application=item.file.application_id).values("expert")
    return Seat.objects.filter(meeting=item.meeting_id, expert__in=recused)


# --- What can be known before the hour: who is in, and one's own ------------------------------------------------------
def who_is_in(item: AgendaItem) -> set[int]:
    """Return the seats that have scored this turn, or voted: that they did, never what."""
    if item.state == VOTING:
        return set(Ballot.objects.filter(item=item).values_list("seat", flat=True))
    return set(LiveScore.objects.filter(item=item, turn=item.turn).values_list("seat", flat=True))


def own_score(item: AgendaItem, seat: Seat) -> LiveScore | None:
    """Return what a member sent for an item last, for themselves."""
    return LiveScore.objects.filter(item=item, seat=seat).order_by("-turn").first()


def own_vote(item: AgendaItem, seat: Seat) -> str:
    return Ballot.objects.filter(item=item, seat=seat).values_list("choice", flat=True).first() or ""


# --- What the scores say once they are shown --------------------------------------------------------------------------
def standings(meeting: Meeting, *, without: Iterable[int] = ()) -> Results:
    """Return mean, spread, shift, rank and strictness over the items whose scores are shown; four questions.

    ``without`` names items that the reader keeps off: they are in no row, no rank and no count.
    """
    items = (
        meeting.items.filter(shown_turn__gt=0)
        .exclude(pk__in=without)
        .select_related("file__copy", "file__round__rubric", "file__application")
        .prefetch_related("file__round__rubric__criteria")
    )
    rows = {item.pk: Row(item.file) for item in items}
    criteria = {item.pk: item.file.round.rubric.items for item in items}
    for pk, row in rows.items():
        row.criteria = {each.key: [] for each in criteria[pk]}
    scored = (
        LiveScore.objects.filter(item__in=rows, turn=F("item__shown_turn"))
        .exclude(seat__expert__recusals__application=F("item__file__application"))
        .select_related("seat__expert__user")
        .order_by("item", "seat")
    )
    people = {}
    for score in scored:
        expert = score.seat.expert
        rows[score.item_id].totals[expert.pk] = score.total
        people[expert.pk] = expert
        for each in criteria[score.item_id]:
            value = score.scores[each.key]
            rows[score.item_id].criteria[each.key].append(value)
            vetoes = rows[score.item_id].vetoes
            if each.veto_up_to is not None and value <= each.veto_up_to and each.label not in vetoes:
                vetoes.append(each.label)
    for row in rows.values():
        row.asked = len(row.totals)
    return reckon(list(rows.values()), people)


def spread_of(item: AgendaItem) -> Decimal:
    """Return how far the shown totals of an item lie apart. Raises Sealed."""
    totals = [score.total for score in live_scores(item)]
    return max(totals) - min(totals) if totals else Decimal(0)


def mean_by_criterion(item: AgendaItem) -> list[dict]:
    """Return the view of the panel by criterion, as a decision keeps it, with the reasons that the experts wrote."""
    rubric = item.file.round.rubric
    written = {each["label"]["en"]: each["reason"] for each in for_the_letter(item.file)}
    scores = live_scores(item)
    found = []
    for each in rubric.items:
        mean = mean_of([Decimal(score.scores[each.key]) for score in scores])
        label = {"en": each.label_en, "zh-hans": each.label_zh_hans or each.label_en}
        if mean is not None:
            reason = written.get(each.label_en, "")
            found.append({"label": label, "score": str(tenth(mean)), "of": rubric.highest, "reason": reason})
    return found


def majority(counts: Counter) -> str:
    """Return what more than half of the votes are for; '' if there is no such choice."""
    leading = counts.most_common(1)
    return leading[0][0] if leading and leading[0][1] * 2 > counts.total() and leading[0][0] in Choice.values else ""
