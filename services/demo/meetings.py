"""Review meetings of the demo park in every state: one heard more than forty files, four are in session today.

The steps of each item go through the verbs; what the members score and vote is written for all of them at once.
"""

import datetime as dt
import random

from django.utils import timezone

from incubation.intake import actions as intake
from incubation.intake.models import Application, Call
from incubation.intake.states import Reason
from incubation.review import actions, minutes
from incubation.review.actions.scoring import total_of
from incubation.review.models import AgendaItem, Ballot, Expert, LiveScore, Meeting, Review, Round, RoundFile
from park.workflow.calendar import working_days_after
from talents.profiles.models import Talent

from . import rounds
from .rounds import DAY, Desk

# How it stands, or what happens to the item on the table; files on the agenda, name, days from today.
MEETINGS = (
    ("signed", 44, "Review meeting of the autumn", "秋季评审会", -6),
    ("closed", 2, "Review meeting, late files", "评审会（补充项目）", -1),
    ("scoring", 8, "Review meeting, second day", "评审会（第二天）", 0),
    ("discussion", 2, "Small panel: software", "小型评审会：软件", 0),
    ("rescoring", 1, "Small panel: materials", "小型评审会：材料", 0),
    ("voting", 1, "Small panel: life sciences", "小型评审会：生命科学", 0),
    ("planned", 4, "Review meeting of the winter", "冬季评审会", 12),
)
CALLED_OFF = ("Review meeting before the holidays", "节前评审会", 5, "The hall is closed for repairs. We meet later.")
MEMBERS, QUORUM = 5, 3
HALF_WAY = 4  # items of the second day that are voted on; the next one is being scored
SAID = {
    "recommend": "The panel likes the prototype and asks for a first customer within the year.",
    "conditional": "Convincing, once the trial with a customer is shown.",
    "reserve": "Good, but there are stronger projects in this round.",
    "no": "The price is far above what the market pays today.",
}


def store(desk: Desk) -> None:
    """Store the meetings, with files of a round of their own, by the verbs that people use."""
    Call.objects.filter(pk=desk.call.pk).update(closes_at=None)
    files = iter(make_files(desk, sum(count for _state, count, *_more in MEETINGS)))
    for state, count, name, name_zh, days in MEETINGS:
        mine = [next(files) for _one in range(count)]
        if state == "planned":
            call_off(desk, mine)
        meeting = plan(desk, mine, name, name_zh, days)
        if state in ("signed", "closed"):
            hold(desk, meeting, count)
            finish(desk, meeting, signed=state == "signed")
        elif state != "planned":
            hold(desk, meeting, min(HALF_WAY, count - 1), table=state)
    Call.objects.filter(pk=desk.call.pk).update(closes_at=timezone.now() - DAY)


def make_files(desk: Desk, count: int) -> list[RoundFile]:
    """Bring a round to its panel, each file scored by one expert."""
    round = Round(
        call=desk.call, rubric=desk.rubric, name="Panel of the year", name_en="Panel of the year",
        name_zh_hans="年度评审", slug="panel-year", due_at=working_days_after(timezone.now(), 3), chair=desk.chair,
        experts_per_file=1, minimum=1, files_per_expert=12, seed=7,
    )  # fmt: skip
    actions.open_round(round=round, by=desk.first)
    desk.people = iter(  # those who run a company apply with a further project
        Talent.objects.filter(user__isnull=False, applications=None, sector__gt="")
        .exclude(user__email__regex="^(scholar|tenant)")
        .select_related("user")
        .order_by("pk")[:count]
    )
    waiting = [rounds.candidate(desk) for _one in range(count)]
    for file in actions.add_files(round=round, by=desk.first, applications=waiting):
        rounds.copy(desk, file, approve=True)
    actions.ready(round=round, by=desk.first)
    actions.make_plan(round=round, by=desk.first)
    actions.confirm_plan(round=round, by=desk.first)
    reviews = Review.objects.filter(file__round=round).select_related("expert__user", "file__copy")
    for review in reviews.order_by("file__code", "pk"):
        rounds.score(desk, review)
    actions.call_panel(round=round, by=desk.chair)
    return list(round.files.select_related("application", "round").order_by("code"))


def call_off(desk: Desk, files: list[RoundFile]) -> None:
    """Plan a meeting on files that then wait for another one."""
    name, name_zh, days, why = CALLED_OFF
    actions.call_off_meeting(meeting=plan(desk, files, name, name_zh, days), by=desk.first, note=why)


def plan(desk: Desk, files: list[RoundFile], name: str, name_zh: str, days: int) -> Meeting:
    nine = timezone.now().replace(hour=1, minute=0, second=0, microsecond=0)  # 9:00 in Beijing
    begins = nine + days * DAY
    meeting = Meeting(
        name=name, name_en=name, name_zh_hans=name_zh, starts_at=begins, ends_at=begins + dt.timedelta(hours=8),
        place="Hall 2, Innovation Building", link="https://meet.park.example/panel", chair=desk.chair,
        secretary=desk.second, quorum=QUORUM,
    )  # fmt: skip
    experts = list(Expert.objects.serving().select_related("user").order_by("pk")[:MEMBERS])
    return actions.plan_meeting(meeting=meeting, files=files, experts=experts, by=desk.first)


def hold(desk: Desk, meeting: Meeting, voted: int, table: str = "") -> None:
    """Open a meeting and take its items one after the other; one member steps aside from one file.

    ``voted`` items are voted on; the next one comes as far as ``table`` says. While it is talked about, the result
    before it is not proposed yet.
    """
    seats = list(meeting.seats.select_related("expert__user").order_by("pk"))
    items = list(meeting.items.select_related("meeting", "file__application"))
    kept = set(meeting.items.filter(kept_off__isnull=False).values_list("pk", "kept_off__seat"))
    for seat in seats:
        clear = [item for item in items if (item.pk, seat.pk) not in kept]
        actions.declare_for_meeting(meeting=meeting, by=seat.expert.user, clear=clear)
        actions.attend(seat=seat, by=desk.second, came=True)
    actions.open_meeting(meeting=meeting, by=desk.chair)
    if len(items) > 1 and (items[1].pk, seats[0].pk) not in kept:
        actions.step_aside(item=items[1], by=seats[0].expert.user, kind="adviser", note="Advised the team last year.")
        kept.add((items[1].pk, seats[0].pk))
    for place, item in enumerate(items[: voted + 1]):
        inside = [seat for seat in seats if (item.pk, seat.pk) not in kept]
        actions.call_item(item=item, by=desk.chair)
        if place == voted:
            leave_on_the_table(desk, item, inside, table)
            return
        write_scores(desk, item, inside)
        actions.agenda.show_if_all_in(item)
        actions.open_vote(item=item, by=desk.chair)
        write_votes(item, inside)
        actions.close_vote(item=item, by=desk.chair)
        if table != "discussion":
            propose(desk, item)


def leave_on_the_table(desk: Desk, item: AgendaItem, seats: list, state: str) -> None:
    """Bring an item that was called as far as ``state``; two members have sent their scores, or their votes."""
    write_scores(desk, item, seats[:2] if state == "scoring" else seats, apart=state == "rescoring")
    if state == "scoring":
        return
    actions.agenda.show_if_all_in(item)
    if state == "rescoring":
        actions.score_again(item=item, by=desk.chair)
    elif state == "voting":
        actions.open_vote(item=item, by=desk.chair)
        write_votes(item, seats[:2])


def write_scores(desk: Desk, item: AgendaItem, seats: list, *, apart: bool = False) -> None:
    """Write the scores of members; ``apart``: the first of them thinks nothing of it, the last very much."""
    chance = random.Random(item.file.code)
    worth = 2 + item.file.application_id % 3
    made = []
    for place, seat in enumerate(seats):
        if apart:
            worth = 1 + 4 * place // max(len(seats) - 1, 1)
        given = {
            each.key: min(5, max(1, worth + desk.leans[seat.expert_id] + chance.choice((-1, 0, 0, 1))))
            for each in desk.rubric.items
        }
        made.append(LiveScore(item=item, seat=seat, turn=1, scores=given, total=total_of(desk.rubric, given)))
    LiveScore.objects.bulk_create(made)


def wish(item: AgendaItem) -> str:
    worth = item.file.application_id % 3
    return ("no", "reserve", "recommend")[worth] if item.position % 5 else "conditional"


def write_votes(item: AgendaItem, seats: list) -> None:
    """Let all but one vote for what the item is worth."""
    choices = [wish(item)] * (len(seats) - 1) + ["reserve"]
    Ballot.objects.bulk_create(
        Ballot(item=item, seat=seat, choice=choice) for seat, choice in zip(seats, choices, strict=True)
    )


def propose(desk: Desk, item: AgendaItem) -> None:
    choice = wish(item)
    due = (timezone.localdate() + 90 * DAY).isoformat()
    actions.save_minutes(
        meeting=item.meeting, item=item, by=desk.second, text=SAID[choice], why=SAID[choice] if choice != "recommend"
        else "", reason_code=Reason.PLAN if choice == "no" else "",
        conditions=[("Show the result of a trial with one customer.", due)] if choice == "conditional" else [],
    )  # fmt: skip
    actions.propose_result(item=item, by=desk.chair)


def finish(desk: Desk, meeting: Meeting, *, signed: bool) -> None:
    """Close a meeting, have it signed by two, and let the manager decide on most of what it proposed.

    One that is not ``signed`` yet waits for its secretary.
    """
    actions.save_minutes(
        meeting=meeting, by=desk.second, text="All files were heard in the order of the agenda. No request for favour."
    )
    actions.close_meeting(meeting=meeting, by=desk.chair)
    for who in (desk.chair, desk.second) if signed else (desk.chair,):
        actions.sign(meeting=meeting, by=who, digest=minutes.digest(meeting))
    if not signed:
        return
    acts = {"no": intake.reject, "reserve": intake.waitlist, "conditional": intake.accept_with_conditions}
    for item in meeting.items.select_related("file__application"):
        if item.result in acts:
            acts[item.result](application=Application.objects.get(pk=item.file.application_id), by=desk.manager)
