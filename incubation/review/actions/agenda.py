"""What happens to an item in the meeting: declared, called, scored unseen, shown, voted on, proposed, or put off."""

import datetime as dt
from collections.abc import Collection

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from incubation.intake import actions as intake
from incubation.intake.models import Decision
from incubation.intake.states import PANEL_READY, Reason
from park.workflow.actions import GuardFailed, MoveRefused, NotYours, Stale, apply_move, verb
from park.workflow.models import TransitionLog

from .. import access, sealed
from ..meeting_states import ITEM, OPEN, OUTCOMES, SCORING, TYPING, VOTING, Choice, ItemState
from ..models import AgendaItem, Ballot, Declaration, LiveScore, Meeting, Seat
from ..sitting import hidden_from, room_of
from .declaring import is_known, keep_off
from .scoring import total_of

LONGEST = {"minutes": 20000, "why": 4000, "advice": 4000, "condition": 500}
MOST_CONDITIONS = 10


def _table_of(item: AgendaItem) -> AgendaItem:
    """Return the item with its meeting, the row locked: whoever acts on it second sees what the first did."""
    rows = AgendaItem.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("meeting__chair", "file__application", "file__round__rubric").get(pk=item.pk)


def _in_session(item: AgendaItem) -> None:
    if item.meeting.state != OPEN:
        raise GuardFailed(_("The meeting is not in session."), code="not-open")


def _inside(item: AgendaItem) -> set[int]:
    return sealed.who_is_in(item)


# --- Before the first look --------------------------------------------------------------------------------------------
@verb
def declare_for_meeting(*, meeting: Meeting, by, clear: Collection[AgendaItem], aside: dict | None = None) -> None:
    """Say of which items one has no interest in, and step aside from others, for ever: ``{item: (kind, note)}``.

    Raises MoveRefused.
    """
    seat = access.seat_of(by, meeting)
    if seat is None:
        raise NotYours
    for item, (kind, note) in (aside or {}).items():
        step_aside(item=item, by=by, kind=kind, note=note)
    hidden = hidden_from(by, meeting)
    if any(item.meeting_id != meeting.pk or item.pk in hidden for item in clear):
        raise GuardFailed(_("You keep off one of these files."), code="kept-off")
    Declaration.objects.bulk_create([Declaration(seat=seat, item=item) for item in clear], ignore_conflicts=True)


@verb
def step_aside(*, item: AgendaItem, by, kind: str, note: str = "") -> None:
    """Step aside from a file, before or in the meeting: nothing of it is seen or counted. Raises MoveRefused."""
    locked = _table_of(item)
    seat = access.seat_of(by, locked.meeting)
    if seat is None:
        raise NotYours
    is_known(kind)
    if locked.state not in {ItemState.WAITING, *TYPING, ItemState.DISCUSSION, VOTING}:
        raise GuardFailed(_("This item is closed."), code="closed")
    keep_off(seat.expert, locked.file.application, kind, note.strip()[:1000], by)
    show_if_all_in(locked)


# --- On the table -----------------------------------------------------------------------------------------------------
def _quorum(item: AgendaItem) -> None:
    room = room_of(item, set())
    if not room.has_quorum:
        words = {"here": len(room.counting), "quorum": room.quorum, "aside": len(room.kept_off)}
        raise GuardFailed(
            _("No quorum for this item: %(here)s members without a conflict are here, %(quorum)s are needed "
              "(%(aside)s keep off it).") % words,
            code="no-quorum",
        )  # fmt: skip


@verb
def call_item(*, item: AgendaItem, by, version: int | None = None) -> TransitionLog:
    """Call an item: the members who are there and have no conflict score it. Raises MoveRefused without a quorum."""

    def guard(locked: AgendaItem) -> None:
        _in_session(locked)
        _quorum(locked)
        if locked.file.application.state != PANEL_READY:
            raise GuardFailed(_("This application does not wait for the panel any more."), code="not-ready")
        if locked.meeting.items.on_the_table().exists():
            raise GuardFailed(
                _("Another item is on the table. Finish it first, or put it off."), code="one-at-a-time"
            )

    return apply_move(
        ITEM, item, "call", by=by, may=access.may_conduct, version=version, guard=guard,
        changes={"called_at": timezone.now()},
    )  # fmt: skip


def _taking_part(item: AgendaItem, by) -> Seat:
    """Return the seat of a member who may score and vote on an item now. Raises MoveRefused."""
    seat = access.seat_of(by, item.meeting)
    if seat is None:
        raise NotYours
    _in_session(item)
    place = next(place for place in room_of(item, set()).places if place.seat.pk == seat.pk)
    if place.kept_off:
        raise GuardFailed(_("You keep off this file."), code="kept-off")
    if not place.present:
        raise GuardFailed(_("You are not marked as present. Say first that you are here."), code="not-here")
    if not place.declared:
        raise GuardFailed(_("Say first whether you have a conflict of interest."), code="undeclared")
    return seat


@verb
def score_live(*, item: AgendaItem, by, scores: dict[str, int | None]) -> None:
    """Send one's scores for the item on the table; until all are in they can be sent again. Nobody reads them before.

    Raises MoveRefused.
    """
    locked = _table_of(item)
    seat = _taking_part(locked, by)
    if locked.state not in TYPING:
        raise GuardFailed(_("This item is not being scored now."), code="not-scoring")
    rubric = locked.file.round.rubric
    clean = {each.key: scores.get(each.key) for each in rubric.items}
    if any(score not in rubric.scores for score in clean.values()):
        raise GuardFailed(_("Choose a score for each criterion."), code="incomplete")
    LiveScore.objects.update_or_create(
        item=locked, seat=seat, turn=locked.turn,
        defaults={"scores": clean, "total": total_of(rubric, clean), "sent_at": timezone.now()},
    )  # fmt: skip
    show_if_all_in(locked)


def show_if_all_in(item: AgendaItem) -> bool:
    """Show the scores of an item once everybody in the room without a conflict has sent theirs."""
    locked = _table_of(item)
    if locked.state not in TYPING or not room_of(locked, _inside(locked)).all_in:
        return False
    move = "show" if locked.state == SCORING else "show_again"
    apply_move(ITEM, locked, move, by=None, may=access.may_conduct, changes={"shown_turn": locked.turn})
    return True


@verb
def score_again(*, item: AgendaItem, by, version: int | None = None) -> TransitionLog:
    """Have an item scored once more, where opinions lie far apart: one time. Raises MoveRefused."""

    def guard(locked: AgendaItem) -> None:
        _in_session(locked)
        _quorum(locked)
        if locked.turn != 1:
            raise GuardFailed(_("An item is scored once more at most."), code="twice")
        spread = sealed.spread_of(locked)
        if spread < locked.meeting.spread_limit:
            words = {"spread": f"{spread:.1f}", "limit": locked.meeting.spread_limit}
            raise GuardFailed(
                _("The totals lie %(spread)s points apart; from %(limit)s on an item is scored once more.") % words,
                code="close-together",
            )

    return apply_move(
        ITEM, item, "score_again", by=by, may=access.may_conduct, version=version, guard=guard, changes={"turn": 2}
    )


# --- The vote ---------------------------------------------------------------------------------------------------------
@verb
def open_vote(*, item: AgendaItem, by, version: int | None = None) -> TransitionLog:
    """Open the vote on an item. Raises MoveRefused without a quorum."""

    def guard(locked: AgendaItem) -> None:
        _in_session(locked)
        _quorum(locked)

    return apply_move(ITEM, item, "open_vote", by=by, may=access.may_conduct, version=version, guard=guard)


@verb
def vote(*, item: AgendaItem, by, choice: str) -> None:
    """Vote on an item; the vote can be changed until it is closed, and is read only then. Raises MoveRefused."""
    locked = _table_of(item)
    seat = _taking_part(locked, by)
    if locked.state != VOTING:
        raise GuardFailed(_("The vote on this item is not open."), code="not-voting")
    if choice not in Choice.values:
        raise GuardFailed(_("Choose what you vote for."), code="unknown-choice")
    Ballot.objects.update_or_create(
        item=locked, seat=seat, defaults={"choice": choice, "cast_at": timezone.now()}
    )


@verb
def close_vote(*, item: AgendaItem, by, version: int | None = None) -> TransitionLog:
    """Close the vote: more than half of the votes of a quorum are the result. Raises MoveRefused."""
    locked = _table_of(item)
    counts = sealed.count_of(locked)
    result = sealed.majority(counts)

    def guard(locked: AgendaItem) -> None:
        _in_session(locked)
        if counts.total() < locked.meeting.quorum:
            words = {"votes": counts.total(), "quorum": locked.meeting.quorum}
            raise GuardFailed(_("%(votes)s votes are in; the quorum is %(quorum)s.") % words, code="no-quorum")
        if not result:
            raise GuardFailed(
                _("No choice has more than half of the votes. Talk once more; members can change their vote."),
                code="no-majority",
            )

    return apply_move(
        ITEM, item, "close_vote", by=by, may=access.may_conduct, version=version, guard=guard,
        changes={"result": result, "resolved_at": timezone.now()},
    )  # fmt: skip


@verb
def propose_result(*, item: AgendaItem, by, version: int | None = None) -> Decision:
    """Propose to the decider what the panel resolved, in the words that the applicant will read. Raises MoveRefused."""
    locked = _table_of(item)
    if not locked.result or locked.decision_id:
        raise GuardFailed(_("There is no result to propose, or it is proposed already."), code="no-result")
    if not access.may_conduct(by, ITEM.find("propose"), locked):
        raise NotYours
    conditional = locked.result == Choice.CONDITIONAL
    made = intake.propose(
        application=locked.file.application, by=by, outcome=OUTCOMES[Choice(locked.result)],
        reason_code=locked.reason_code if locked.result == Choice.NO else "", criterion=locked.why,
        advice=locked.advice, scores=sealed.mean_by_criterion(locked),
        conditions=[(each["text"], dt.date.fromisoformat(each["due"])) for each in locked.conditions]
        if conditional else [],
    )  # fmt: skip
    apply_move(
        ITEM, item, "propose", by=by, may=access.may_conduct, version=version, guard=_in_session,
        changes={"decision": made},
    )  # fmt: skip
    return made


@verb
def put_off(*, item: AgendaItem, by, note: str, version: int | None = None) -> TransitionLog:
    """Take an item off the table, with the reason; its application waits for another meeting. Raises MoveRefused."""
    return apply_move(
        ITEM, item, "put_off", by=by, may=access.may_conduct, note=note, version=version, guard=_in_session
    )


def propose_all(*, meeting: Meeting, by) -> tuple[list[AgendaItem], list[tuple[AgendaItem, str]]]:
    """Propose every result that is complete, each on its own; return what was proposed, and what was not and why."""
    done, refused = [], []
    open_to = meeting.items.exclude(pk__in=hidden_from(by, meeting))
    for item in open_to.filter(state=ItemState.RESOLVED).order_by("position"):
        try:
            propose_result(item=item, by=by)
        except MoveRefused as refusal:
            refused.append((item, str(refusal)))
        else:
            done.append(item)
    return done, refused


# --- The minutes ------------------------------------------------------------------------------------------------------
@verb
def save_minutes(
    *, meeting: Meeting, by, text: str, item: AgendaItem | None = None, why: str | None = None,
    advice: str | None = None, reason_code: str | None = None, conditions: Collection[tuple[str, str]] | None = None,
    version: int | None = None, edit: str = "",
) -> AgendaItem | Meeting:  # fmt: skip
    """Keep the minutes of a meeting, or of one item with the words for its applicant; what is None stays.

    ``conditions`` are pairs of words and day (ISO). ``edit`` marks the open page, whose own saves never collide.
    Raises Stale if another page saved meanwhile, MoveRefused.
    """
    held = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    if not access.runs(by, held) or (item and item.pk in hidden_from(by, held)):
        raise NotYours
    if held.state not in ("open", "closed") or held.live_signatures.exists():
        raise GuardFailed(_("The minutes cannot be changed now."), code="not-written-now")
    record = _table_of(item) if item else held
    if item and record.meeting_id != held.pk:
        raise NotYours
    if version is not None and version != record.minutes_version and not (edit and edit == record.minutes_edit):
        raise Stale
    changes = {"minutes": text[: LONGEST["minutes"]]}
    if item and record.decision_id is None:
        changes |= _words(why, advice, reason_code, conditions)
    changes |= {"minutes_version": record.minutes_version + 1, "minutes_edit": edit[:20]}
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=list(changes))
    return record


def _words(why, advice, reason_code, conditions) -> dict:
    words = {}
    if why is not None:
        words["why"] = why[: LONGEST["why"]]
    if advice is not None:
        words["advice"] = advice[: LONGEST["advice"]]
    if reason_code is not None:
        if reason_code and reason_code not in Reason.values:
            raise GuardFailed(_("Choose a reason."), code="unknown-reason")
        words["reason_code"] = reason_code
    if conditions is not None:
        words["conditions"] = [_condition(text, due) for text, due in conditions if text.strip() or due.strip()]
        if len(words["conditions"]) > MOST_CONDITIONS:
            raise GuardFailed(_("At most %(n)s conditions.") % {"n": MOST_CONDITIONS}, code="too-many")
    return words


def _condition(text: str, due: str) -> dict:
    try:
        day = parse_date(due.strip())
    except ValueError:
        day = None
    if day is None or not text.strip():
        raise GuardFailed(_("Each condition needs its words and a day that is still to come."), code="conditions")
    return {"text": text.strip()[: LONGEST["condition"]], "due": day.isoformat()}
