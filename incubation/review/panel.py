"""What one person sees of a meeting now: what is on the table, who is in, what they may do, how it stands."""

from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import access, sealed
from .aggregates import Results, Row
from .meeting_states import ITEM, MEETING, RESOLVED, TYPING, UNDONE, VOTED, VOTING, WAITING, Choice
from .models import AgendaItem, Meeting, Seat, SheetLine
from .sitting import Place, Room, hidden_from, room_of


@dataclass
class Line:
    """One item in the list of the agenda."""

    item: AgendaItem
    number: int
    current: bool = False


@dataclass
class View:
    """A meeting as one person sees it."""

    meeting: Meeting
    runs: bool
    chairs: bool
    seat: Seat | None
    item: AgendaItem | None = None  # what the card is about; None: nothing, or something that they keep off
    keeps_off: bool = False  # something is on the table that they must not see
    lines: list[Line] = field(default_factory=list)
    room: Room | None = None
    place: Place | None = None
    moves: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    scores: list[dict] = field(default_factory=list)
    row: Row | None = None
    scored: int = 0
    votes: list[tuple[str, int]] = field(default_factory=list)
    criteria: list[dict] = field(default_factory=list)
    vote: str = ""
    undeclared: int = 0
    sections: list = field(default_factory=list)
    papers: list = field(default_factory=list)
    following: AgendaItem | None = None

    @property
    def stamp(self) -> str:
        """What a page compares to know whether anything on the card changed."""
        item = f"{self.item.pk}.{self.item.version}" if self.item else "off" if self.keeps_off else "none"
        mine = f"{self.place.present:d}{self.place.declared:d}{self.place.is_in:d}" if self.place else ""
        return f"{self.meeting.state}-{item}-{mine}-{self.vote}"

    @property
    def can_take_part(self) -> bool:
        return bool(self.place and self.place.counts and self.place.declared)

    @property
    def can_score(self) -> bool:
        return self.can_take_part and self.item.state in TYPING

    @property
    def can_vote(self) -> bool:
        return self.can_take_part and self.item.state == VOTING

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(Choice.choices)

    @property
    def is_voted(self) -> bool:
        return bool(self.item and self.item.state in VOTED)

    @property
    def may_score_again(self) -> bool:
        """Tell whether the spread is large enough for one more turn."""
        return bool(
            "score_again" in self.moves and self.row and self.row.came > 1 and self.item.turn == 1
            and self.row.spread >= self.meeting.spread_limit
        )  # fmt: skip

    @property
    def lacks(self) -> str:
        return lacks(self.item) if self.item else ""


def lacks(item: AgendaItem) -> str:
    """Return what the words for the applicant still need before a result can be proposed; '' if nothing."""
    if item.state != RESOLVED:
        return ""
    if item.result == Choice.CONDITIONAL and not item.conditions:
        return _("Name at least one condition, with the day until which it has to be met.")
    if item.result == Choice.NO and not (item.reason_code and item.why.strip()):
        return _("Give the reason, and say why in words for the applicant.")
    if item.result == Choice.RESERVE and not item.why.strip():
        return _("Say why in words for the applicant.")
    return ""


def view(meeting: Meeting, user, wanted: int | None = None) -> View:
    """Return what a person sees of a meeting; those who run it may look at any item (``wanted``)."""
    runs, seat = access.runs(user, meeting), access.seat_of(user, meeting)
    hidden = hidden_from(user, meeting)
    items = list(meeting.items.select_related("file__copy", "file__application", "file__round__rubric"))
    found = View(meeting, runs, access.chairs(user, meeting), seat)
    for item in items:
        item.meeting = meeting
    seen = [item for item in items if item.pk not in hidden]
    table = next((item for item in items if item.is_on_the_table), None)
    if table and table.pk in hidden:
        found.keeps_off = True
    found.following = next((item for item in seen if item.state == WAITING), None)
    if runs:
        chosen = next((item for item in seen if item.pk == wanted), None)
        unproposed = next((item for item in seen if item.state == RESOLVED), None)
        visible = table if table in seen else None
        found.item = chosen or visible or unproposed or found.following
    elif table in seen:
        found.item = table
    found.lines = [Line(item, number, item is found.item) for number, item in enumerate(seen, start=1)]
    found.steps = {move.name for move in MEETING.next_moves(meeting, user, access.may_meet)}
    if seat:
        declared = set(seat.declarations.values_list("item", flat=True))
        found.undeclared = sum(item.pk not in declared and item.state in UNDONE for item in seen)
    if meeting.state == "planned" or found.item is None:
        found.room = _everybody(meeting)
    if found.item:
        _fill(found, user)
    if found.room and seat:
        found.place = next((place for place in found.room.places if place.seat.pk == seat.pk), None)
        if found.place and found.item:
            _own_part(found, user)
    return found


def _everybody(meeting: Meeting) -> Room:
    """Return the members without any item: who is in the room."""
    seats = meeting.seats.with_presence().select_related("expert__user")
    return Room(None, meeting.quorum, [Place(seat, seat.present, declared=True, is_in=True) for seat in seats])


def _fill(found: View, user) -> None:
    item, meeting = found.item, found.meeting
    inside = sealed.who_is_in(item) if item.is_on_the_table else set()
    found.room = room_of(item, inside)
    if meeting.is_open:
        found.moves = {move.name for move in ITEM.next_moves(item, user, access.may_conduct)}
    found.sections = item.file.copy.texts.get(get_language()) or item.file.copy.texts.get("en", [])
    found.papers = list(item.file.copy.papers.select_related("document"))
    if item.shown_turn and item.state not in TYPING:
        standing = sealed.standings(meeting, without=hidden_from(user, meeting))
        found.row = next((row for row in standing.rows if row.file.pk == item.file_id), None)
        found.scored = len(standing.rows)
        found.scores = _shown(found, standing)
    if item.result:
        counts = sealed.ballots(item)
        found.votes = [(str(choice.label), counts[choice]) for choice in Choice]


def _shown(found: View, standing: Results) -> list[dict]:
    """Return the scores of the item, by member for those who run the meeting, without names for the others."""
    leans = {each.expert.pk: each.lean for each in standing.experts}
    rubric = found.item.file.round.rubric
    scores = sealed.live_scores(found.item)
    return [
        {
            "who": str(score.seat) if found.runs else _("Expert %(n)s") % {"n": place},
            "mine": found.seat is not None and score.seat_id == found.seat.pk,
            "scores": [(each.label, score.scores[each.key]) for each in rubric.items],
            "total": score.total,
            "lean": leans.get(score.seat.expert_id) if found.runs else None,
        }
        for place, score in enumerate(scores if found.runs else sealed.shuffled(scores), start=1)
    ]


def _own_part(found: View, user) -> None:
    """Fill in what the member may type: their scores, beginning with what they sent before, or their vote."""
    item, seat = found.item, found.seat
    if found.can_score:
        mine = sealed.own_score(item, seat)
        kept = mine.scores if mine else dict(
            SheetLine.objects.filter(sheet__review__file=item.file_id, sheet__review__expert__user=user)
            .order_by("sheet__number").values_list("criterion__key", "score")
        )  # fmt: skip
        rubric = item.file.round.rubric
        found.criteria = [
            {"criterion": each, "number": n, "scores": rubric.scores, "kept": kept.get(each.key),
             "anchors": list(enumerate(each.anchors))}
            for n, each in enumerate(rubric.items, start=1)
        ]  # fmt: skip
    if found.can_vote:
        found.vote = sealed.own_vote(item, seat)


# --- All items at once ------------------------------------------------------------------------------------------------
def results(meeting: Meeting, user) -> dict:
    """Return the table of all items as a person may see it; the questions do not grow with the agenda."""
    hidden = hidden_from(user, meeting)
    standing = sealed.standings(meeting, without=hidden)
    rows = {row.file.pk: row for row in standing.rows}
    votes = sealed.all_ballots(meeting)
    items = list(meeting.items.exclude(pk__in=hidden).select_related("file__copy"))
    runs = access.runs(user, meeting)
    table = [
        {
            "number": number, "item": item, "row": rows.get(item.file_id) if item.state not in TYPING else None,
            "votes": [(str(choice.label), votes[item.pk][choice]) for choice in Choice if votes[item.pk][choice]]
            if item.pk in votes else [],
            "result": str(Choice(item.result).label) if item.result else "",
            "lacks": lacks(item) if runs else "",
        }
        for number, item in enumerate(items, start=1)
    ]  # fmt: skip
    return {
        "table": table,
        "experts": standing.experts if runs else [],
        "runs": runs,
        "can_propose": meeting.is_open and access.chairs(user, meeting)
        and any(item.state == RESOLVED for item in items),
        "voted": sum(item.state in VOTED for item in items),
    }  # fmt: skip

