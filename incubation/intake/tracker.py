"""What an applicant sees of an application that was sent. Only what is meant for them is read here: no internal note,
no reviewer, no refused try, and of the log nothing but the moves that this table names."""

import datetime as dt
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from park.pages.wording import local_date
from park.workflow.calendar import working_days_after
from park.workflow.models import Clock, TransitionLog

from .actions import UNDO, ask_until, standing
from .decision_letters import letter_of
from .models import Application, InfoRequest
from .states import (
    ACCEPTED,
    CLOSED,
    CONDITIONAL,
    DECIDED,
    DECIDED_PENDING,
    IN_REVIEW,
    MORE_INFO,
    OPEN_ENDED,
    PANEL_READY,
    RECONSIDERATION,
    REJECTED,
    REVIEW_CLOCK,
    SCREENING,
    SUBMITTED,
    UNDECIDED,
    WAITLISTED,
    WITH_THE_PARK,
    WITHDRAWN,
    State,
)

# state: what stands on top, the tone of the tag, who has it
NOW = {
    SUBMITTED: (gettext_lazy("We have it and look at it next"), "info", gettext_lazy("Admissions office")),
    SCREENING: (gettext_lazy("We check that it is complete"), "info", gettext_lazy("Admissions office")),
    MORE_INFO: (gettext_lazy("We need something from you"), "ask", gettext_lazy("You")),
    IN_REVIEW: (gettext_lazy("The experts are reading it"), "info", gettext_lazy("Expert panel")),
    PANEL_READY: (gettext_lazy("The experts have read it; the panel meets next"), "info", gettext_lazy("Expert panel")),
    DECIDED_PENDING: (gettext_lazy("The decision is being written"), "info", gettext_lazy("Admission committee")),
    CONDITIONAL: (gettext_lazy("Accepted, once the conditions are met"), "met", gettext_lazy("You")),
    WAITLISTED: (gettext_lazy("On the waiting list: good enough, but no place is free yet"), "info",
                 gettext_lazy("Admissions office")),
    RECONSIDERATION: (gettext_lazy("Somebody else looks at it again"), "info", gettext_lazy("Admission committee")),
    ACCEPTED: (gettext_lazy("Accepted: your project starts in the park"), "met", gettext_lazy("You")),
    REJECTED: (gettext_lazy("Not accepted"), "no", gettext_lazy("You")),
    WITHDRAWN: (gettext_lazy("You withdrew it"), "", gettext_lazy("You")),
    CLOSED: (pgettext_lazy("step of an application", "Closed"), "", gettext_lazy("Nobody")),
}  # fmt: skip
# move: icon and title of its line in "What has happened"
TOLD = {
    "submit": ("mail", gettext_lazy("You sent the application")),
    "take": ("user", gettext_lazy("An officer looks after it")),
    "hand_over": ("user", gettext_lazy("Another officer looks after it now")),
    "ask": ("ask", gettext_lazy("We asked you for something")),
    "answer": ("chat", gettext_lazy("You answered")),
    "no_answer": ("clock", gettext_lazy("The time for an answer was over; the check went on")),
    "pass_on": ("check", gettext_lazy("Checked: complete, nothing missing")),
    "accept": ("check", gettext_lazy("Accepted")),
    "accept_with_conditions": ("check", gettext_lazy("Accepted with conditions")),
    "waitlist": ("clock", gettext_lazy("Put on the waiting list")),
    "show_evidence": ("upload", gettext_lazy("You showed how a condition is met")),
    "meet_condition": ("check", gettext_lazy("A condition is met")),
    "conditions_met": ("check", gettext_lazy("All conditions are met: accepted")),
    "reject": ("doc", gettext_lazy("Not accepted")),
    "lapse": ("doc", gettext_lazy("Not accepted: a condition was not met")),
    "ask_second_look": ("refresh", gettext_lazy("You asked for a second look")),
    "uphold": ("doc", gettext_lazy("Looked at again: the decision stands")),
    "overturn": ("check", gettext_lazy("Looked at again: accepted")),
    "withdraw": ("close", gettext_lazy("You withdrew it")),
    "return_to_submitted": ("refresh", gettext_lazy("You took the withdrawal back")),
    "return_to_screening": ("refresh", gettext_lazy("You took the withdrawal back")),
    "return_to_more_info": ("refresh", gettext_lazy("You took the withdrawal back")),
    "return_to_in_review": ("refresh", gettext_lazy("You took the withdrawal back")),
    "return_to_panel_ready": ("refresh", gettext_lazy("You took the withdrawal back")),
    "return_to_decided_pending": ("refresh", gettext_lazy("You took the withdrawal back")),
    "return_to_conditional": ("refresh", gettext_lazy("You took the withdrawal back")),
    "return_to_waitlisted": ("refresh", gettext_lazy("You took the withdrawal back")),
    "close": ("close", gettext_lazy("We closed it")),
}
RULINGS = ("accept", "accept_with_conditions", "waitlist", "reject", "conditions_met", "lapse", "uphold", "overturn")
WORDS_OF_THE_PARK = {"ask", "close", "pass_on", *RULINGS}
WORDS_OF_THE_APPLICANT = {"answer", "withdraw", "ask_second_look", "show_evidence"}
NAMES_THE_OFFICER = {"take", "ask", "pass_on"}
DECISION_CLOCKS = {
    IN_REVIEW: "review", PANEL_READY: "panel", DECIDED_PENDING: "decision", RECONSIDERATION: "second_look",
}  # fmt: skip
AS_TOLD = {PANEL_READY: State.IN_REVIEW, DECIDED_PENDING: State.IN_REVIEW}  # finer steps that say nothing to applicants
OF_THE_APPLICANTS = {"submit", "answer", "withdraw"} | {name for name in TOLD if name.startswith("return_to_")}
LATE_STEP = 5  # working days: from a promise that was broken to the next date, and from that to the one after
STEPS = (
    (pgettext_lazy("step of an application", "Sent"), "mail", (SUBMITTED,)),
    (pgettext_lazy("step of an application", "Complete"), "doc", (SCREENING, MORE_INFO)),
    (gettext_lazy("Expert review"), "users", (IN_REVIEW, PANEL_READY)),
    (gettext_lazy("Decision"), "check", (DECIDED_PENDING, *DECIDED)),
)


@dataclass
class Tracker:
    """An application as its applicant follows it."""

    application: Application
    title: str = ""
    tone: str = ""
    who: str = ""
    since: dt.datetime | None = None
    due: dt.datetime | None = None
    due_label: str = ""
    late_since: dt.datetime | None = None
    new_date: dt.datetime | None = None  # by when, after a promise was broken
    request: InfoRequest | None = None
    steps: list[dict] = field(default_factory=list)
    history: list[dict] = field(default_factory=list)
    undo_until: dt.datetime | None = None
    decision: str = ""
    can_withdraw: bool = False

    @property
    def is_open(self) -> bool:
        return self.application.state in WITH_THE_PARK

    @property
    def needs_you(self) -> bool:
        return self.application.state == MORE_INFO


def track(application: Application) -> Tracker:
    """Read where an application stands: three questions of the database, whatever happened to it."""
    moves = list(
        TransitionLog.objects.of(application).made().filter(move__in=TOLD).select_related("actor").order_by("at", "pk")
    )
    clocks = {clock.name: clock for clock in Clock.objects.of(application).filter(stopped_at=None)}
    state = application.state
    title, tone, who = NOW[state]
    tracker = Tracker(application, str(title), tone, str(who))
    tracker.since = moves[-1].at if moves else application.submitted_at
    tracker.can_withdraw = state in (*UNDECIDED, *OPEN_ENDED)
    if state in (SCREENING, MORE_INFO):
        tracker.request = application.requests.filter(closed_at=None).first()
    if application.officer and state == SCREENING:
        tracker.who = application.officer.display_name
    _dates(tracker, clocks)
    if state == WITHDRAWN:
        until = next(move.at for move in reversed(moves) if move.move == "withdraw") + UNDO
        tracker.undo_until = until if until > timezone.now() else None
    if state in (*DECIDED, CLOSED):
        decided = (*RULINGS, "close")
        tracker.decision = next((move.note for move in reversed(moves) if move.move in decided), "")
    tracker.steps = _steps(application, moves, tracker)
    tracker.history = [_line(application, move) for move in reversed(moves)]
    return tracker


def _dates(tracker: Tracker, clocks: dict[str, Clock]) -> None:
    """Say until when: an answer of the applicant, or the park's decision."""
    state = tracker.application.state
    if state == MORE_INFO and "answer" in clocks:
        tracker.due, tracker.due_label = clocks["answer"].due_at, _("Answer by")
        return
    name = DECISION_CLOCKS.get(state, "")
    if name in clocks:
        clock, tracker.due = clocks[name], clocks[name].due_at
    elif state in (SUBMITTED, SCREENING) and "screening" in clocks:
        clock = clocks["screening"]
        tracker.due = working_days_after(clock.due_at, REVIEW_CLOCK.working_days)
    else:
        return
    tracker.due_label = _("Decision by")
    if clock.due_at < timezone.now():
        tracker.late_since, tracker.new_date = clock.due_at, clock.due_at
        while tracker.new_date < timezone.now():
            tracker.new_date = working_days_after(tracker.new_date, LATE_STEP)


def _steps(application: Application, moves: list[TransitionLog], tracker: Tracker) -> list[dict]:
    """Return the steps of the case: what is done with the day it was done, what is now, what lies ahead."""
    state = application.state
    here = next((place for place, (_label, _icon, states) in enumerate(STEPS) if state in states), None)
    if here is None:  # withdrawn or closed: it stands where it stood
        last = [move for move in moves if move.move in ("withdraw", "close")][-1:]
        origin = last[0].origin if last else SUBMITTED
        here = next((place for place, (_label, _icon, states) in enumerate(STEPS) if origin in states), 0)
    ended = {"submit": 0, "pass_on": 1, "close_review": 2} | dict.fromkeys(RULINGS, 3)
    days = {ended[move.move]: move.at for move in moves if move.move in ended}
    rows = []
    for place, (label, icon, _states) in enumerate(STEPS):
        row = {"label": str(label), "icon": icon}
        done = place < here or place == 0 or state in (*OPEN_ENDED, ACCEPTED, REJECTED)
        if done:
            row |= {"state": "done", "when": local_date(days[place], "day") if place in days else ""}
        elif place == here and tracker.is_open:
            row |= {"state": "now", "when": _("Now, since %(day)s") % {"day": local_date(tracker.since, "day")}}
        else:
            row |= {"state": "ahead", "when": ""}
            if place == 3 and tracker.due and not tracker.needs_you:
                row["when"] = _("By %(day)s") % {"day": local_date(tracker.due, "day")}
        rows.append(row)
    if state == SUBMITTED:
        rows[1] |= {"state": "now", "when": pgettext("step of an application", "Next")}
    return rows


def _line(application: Application, move: TransitionLog) -> dict:
    """Return one line of what has happened, with the words that were meant for the applicant and no others."""
    icon, title = TOLD[move.move]
    line = {"title": str(title), "icon": icon, "moment": move.at, "state": "done", "text": "", "links": []}
    words = []
    if move.move in NAMES_THE_OFFICER and move.actor:
        words.append(_("By %(name)s, case officer") % {"name": move.actor.display_name})
    if move.move in OF_THE_APPLICANTS and move.actor and move.actor_id != application.talent.user_id:
        words.append(_("By %(name)s") % {"name": move.actor.display_name})
    if move.note and move.move in WORDS_OF_THE_PARK:
        words.append(move.note)
    if move.note and move.move in WORDS_OF_THE_APPLICANT:
        words.append(_("“%(words)s”") % {"words": move.note})
    line["text"] = "\n".join(words)
    if move.move == "submit":
        line["links"] = [(_("Receipt and what you sent"), reverse("intake:sent", args=[application.ref]))]
    return line


def tag(application: Application) -> dict:
    """Return the word of state of an application and its tone, as the tag component takes them."""
    if application.is_draft:
        return {"text": str(State.DRAFT.label), "tone": ""}
    label = AS_TOLD.get(application.state, State(application.state)).label
    return {"text": str(label), "tone": NOW[application.state][1]}


def after_decision(record: Application) -> dict:
    """Return what the tracker shows of a decision: letter, conditions, until when a second look can be asked."""
    if record.state not in DECIDED:
        return {}
    made = standing(record) if record.state == CONDITIONAL else None
    return {
        "letter": letter_of(record),
        "conditions": list(made.conditions.select_related("evidence")) if made else [],
        "ask_until": ask_until(record),
        "state": record.state,
    }
