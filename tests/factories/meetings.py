"""Review meetings, brought where they stand by the verbs that people use."""

import datetime as dt
from itertools import count

from django.utils import timezone

from incubation.review import actions, minutes
from incubation.review.models import AgendaItem, Expert, Meeting, Review, RoundFile, Seat
from tests.factories.accounts import make_user
from tests.factories.review import GOOD, bring, make_chair, make_expert, make_organiser, make_scoring_round
from tests.stock import from_stock

number = count(1)


@from_stock
def make_panel_files(files: int = 2, experts: int = 3) -> list[RoundFile]:
    """Files whose reviews are all in, so that their applications wait for the panel."""
    round = make_scoring_round(files=files, experts=experts, experts_per_file=experts, minimum=experts)
    for review in Review.objects.filter(file__round=round).order_by("pk"):
        bring(review, "sent")
    return list(round.files.select_related("application__talent__user", "round").order_by("code"))


@from_stock
def make_meeting(state: str = "planned", *, files: int = 2, experts: int = 3, at=None, **fields) -> Meeting:
    """A meeting in a state; in an open one every member is in the room and declared no interest."""
    n = next(number)
    at = at or timezone.now()
    found = make_panel_files(files, experts)
    members = list(Expert.objects.filter(reviews__file=found[0]).select_related("user").order_by("pk"))
    secretary = fields.pop("secretary", None) or make_user(name=f"Secretary {n}", email=f"secretary{n}@park.example")
    meeting = Meeting(
        **{
            "name": f"Meeting {n}", "name_en": f"Meeting {n}", "starts_at": at, "ends_at": at + dt.timedelta(hours=3),
            "place": "Hall 2", "chair": make_chair(), "secretary": secretary, "quorum": 2, "language": "en",
        } | fields
    )  # fmt: skip
    actions.plan_meeting(meeting=meeting, files=found, experts=members, by=make_organiser())
    if state != "planned":
        all_in(meeting)
        actions.open_meeting(meeting=meeting, by=meeting.chair)
    if state in ("closed", "signed"):
        for item in meeting.items.all():
            resolve(item)
            actions.propose_result(item=item, by=meeting.chair)
        actions.close_meeting(meeting=meeting, by=meeting.chair)
    if state == "signed":
        for who in (meeting.chair, meeting.secretary):
            actions.sign(meeting=meeting, by=who, digest=minutes.digest(meeting))
    meeting.refresh_from_db()
    return meeting


def all_in(meeting: Meeting) -> None:
    for seat in meeting.seats.select_related("expert__user"):
        actions.attend(seat=seat, by=seat.expert.user, came=True)


def seats(meeting: Meeting) -> list[Seat]:
    return list(meeting.seats.select_related("expert__user").order_by("pk"))


def first(meeting: Meeting) -> AgendaItem:
    return meeting.items.select_related("meeting", "file__application", "file__round__rubric").first()


@from_stock
def make_item(state: str = "waiting", **fields) -> AgendaItem:
    """The first item of an open meeting, in a state."""
    item = first(make_meeting("open", **fields))
    conduct(item, state)
    item.refresh_from_db()
    return item


def conduct(item: AgendaItem, state: str) -> None:
    """Bring a waiting item to a state, as its chair does."""
    chair = item.meeting.chair
    if state == "put_off":
        actions.put_off(item=item, by=chair, note="The papers are not complete.")
    if state in ("waiting", "put_off"):
        return
    actions.call_item(item=item, by=chair)
    if state == "scoring":
        return
    if state == "rescoring":
        score_all(item, [low(), high()])
        actions.score_again(item=item, by=chair)
        return
    score_all(item)
    if state == "discussion":
        return
    actions.open_vote(item=item, by=chair)
    if state == "voting":
        return
    vote_all(item, "recommend")
    actions.close_vote(item=item, by=chair)
    if state == "proposed":
        actions.propose_result(item=item, by=chair)


def resolve(item: AgendaItem, choice: str = "recommend") -> None:
    chair = item.meeting.chair
    actions.call_item(item=item, by=chair)
    score_all(item)
    actions.open_vote(item=item, by=chair)
    vote_all(item, choice)
    actions.close_vote(item=item, by=chair)


def score_all(item: AgendaItem, scores: list[dict] | None = None) -> None:
    scores = scores or [GOOD]
    for n, seat in enumerate(seats(item.meeting)):
        actions.score_live(item=item, by=seat.expert.user, scores=scores[n % len(scores)])
    item.refresh_from_db()


def vote_all(item: AgendaItem, *choices: str) -> None:
    for n, seat in enumerate(seats(item.meeting)):
        actions.vote(item=item, by=seat.expert.user, choice=choices[n % len(choices)])


def low() -> dict:
    return dict.fromkeys(GOOD, 1)


def high() -> dict:
    return dict.fromkeys(GOOD, 5)


def make_member(meeting: Meeting) -> Seat:
    """One more member, who scored none of the files."""
    return Seat.objects.create(meeting=meeting, expert=make_expert())
