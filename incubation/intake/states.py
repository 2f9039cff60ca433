"""The way of an application, as a table: states, moves, whose move, which clock.

Two ways lead from review to a decision. Where officers decide, a second officer decides right after the review. Where a
panel decides, the review is closed, the chair proposes what the panel resolved, and a person who is not the chair
decides. Which way a call goes is a field of the call; the verbs ask it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.workflow.machine import ClockRule, Machine, Move


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("step of an application", "Sent")
    SCREENING = "screening", _("Being checked")
    MORE_INFO = "more_info", _("We need something from you")
    IN_REVIEW = "in_review", _("Expert review")
    PANEL_READY = "panel_ready", _("Ready for the panel")
    DECIDED_PENDING = "decided_pending", _("To be confirmed")
    CONDITIONAL = "conditional", _("Accepted with conditions")
    WAITLISTED = "waitlisted", _("On the waiting list")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Not accepted")
    RECONSIDERATION = "reconsideration", _("Second look")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", pgettext_lazy("step of an application", "Closed")


class Reason(models.TextChoices):
    """Why an application is not accepted. The note beside it says it in full."""

    NOT_RETURNED = "not_returned", _("The time abroad or the degree does not meet the entry rule")
    FIELD = "field", _("The field is not one that the park takes")
    NOVELTY = "novelty", _("What is new is not shown clearly enough")
    RIGHTS = "rights", _("Who owns the intellectual property is not settled")
    PLAN = "plan", _("The plan for market and money does not carry the project")
    PAPERS = "papers", _("Papers that we asked for did not come")
    CONDITIONS = "conditions", _("A condition was not met in time")
    PLACES = "places", _("No place came free")


class Ground(models.TextChoices):
    """What somebody who asks for a second look says of the first."""

    ERROR = "error", _("You made an error")
    NEW_FACTS = "new_facts", _("There are new facts")


APPLICANT, OFFICER, CASE_OFFICER, DECIDER, SYSTEM = "applicant", "officer", "case_officer", "decider", "system"
CHAIR, PANEL = "chair", "panel"  # of the panel: its chair alone; its chair, or the portal when all reviews are in
(
    DRAFT, SUBMITTED, SCREENING, MORE_INFO, IN_REVIEW, PANEL_READY, DECIDED_PENDING, CONDITIONAL, WAITLISTED, ACCEPTED,
    REJECTED, RECONSIDERATION, WITHDRAWN, CLOSED,
) = map(str, State.values)  # fmt: skip
UNDECIDED = (SUBMITTED, SCREENING, MORE_INFO, IN_REVIEW, PANEL_READY, DECIDED_PENDING)
WITH_THE_PARK = (*UNDECIDED, RECONSIDERATION)  # the park owes the next step, or asked for something it needs for it
OPEN_ENDED = (CONDITIONAL, WAITLISTED)  # decided, yet not for good
LIVE = (DRAFT, *UNDECIDED, *OPEN_ENDED)
DECIDED = (CONDITIONAL, WAITLISTED, ACCEPTED, REJECTED, RECONSIDERATION)

SCREENING_CLOCK = ClockRule("screening", 3)
ANSWER_CLOCK = ClockRule("answer", 10)
REVIEW_CLOCK = ClockRule("review", 10)
PANEL_CLOCK = ClockRule("panel", 20)
DECISION_CLOCK = ClockRule("decision", 5)
SECOND_LOOK_CLOCK = ClockRule("second_look", 15)
SECOND_LOOK_WINDOW = 10  # working days in which a second look can be asked for
CLOCKS = {
    "screening": _("Check that an application is complete"), "answer": _("Answer"), "review": _("Expert review"),
    "panel": _("Meeting of the panel"), "decision": _("Confirm the decision"), "second_look": _("Second look"),
    "condition": _("Meet a condition"),
}  # fmt: skip
PROMISES = ("screening", "answer", "review", "panel", "decision")  # what runs before a decision
FIRST_LOOK = ("take", "pass_on")  # whoever made these does not decide
DECISIONS = ("accept", "accept_with_conditions", "waitlist", "reject", "lapse")
TO_DECIDE = (IN_REVIEW, DECIDED_PENDING)

MOVES = (
    Move("start", (), DRAFT, APPLICANT, _("Start")),
    Move("discard", DRAFT, CLOSED, APPLICANT, _("Discard the draft")),
    Move("drop", DRAFT, CLOSED, SYSTEM, _("Drop a draft that lay idle")),
    Move("submit", DRAFT, SUBMITTED, APPLICANT, _("Send application"), starts=SCREENING_CLOCK),
    Move("take", SUBMITTED, SCREENING, OFFICER, _("Take")),
    Move("hand_over", (SCREENING, MORE_INFO, IN_REVIEW, PANEL_READY, *OPEN_ENDED), None, OFFICER, _("Hand over")),
    Move("ask", SCREENING, MORE_INFO, CASE_OFFICER, _("Ask the applicant"), note_required=True,
         starts=ANSWER_CLOCK, pauses="screening"),
    Move("answer", MORE_INFO, SCREENING, APPLICANT, _("Send the answer"), stops="answer", resumes="screening"),
    Move("no_answer", MORE_INFO, SCREENING, SYSTEM, _("No answer came"), stops="answer", resumes="screening"),
    Move("pass_on", SCREENING, IN_REVIEW, CASE_OFFICER, _("Pass on to review"), starts=REVIEW_CLOCK, stops="screening"),
    Move("close_review", IN_REVIEW, PANEL_READY, PANEL, _("Close the review"), starts=PANEL_CLOCK, stops="review"),
    Move("propose", PANEL_READY, DECIDED_PENDING, CHAIR, _("Propose the decision"), starts=DECISION_CLOCK,
         stops="panel"),
    Move("send_back", DECIDED_PENDING, PANEL_READY, DECIDER, _("Send back to the panel"), starts=PANEL_CLOCK,
         stops="decision", other_than=(*FIRST_LOOK, "propose")),
    Move("accept", (*TO_DECIDE, WAITLISTED), ACCEPTED, DECIDER, _("Accept"), other_than=(*FIRST_LOOK, "propose")),
    Move("accept_with_conditions", TO_DECIDE, CONDITIONAL, DECIDER, _("Accept with conditions"),
         stops=("review", "decision"), other_than=(*FIRST_LOOK, "propose")),
    Move("waitlist", TO_DECIDE, WAITLISTED, DECIDER, _("Put on the waiting list"), note_required=True,
         stops=("review", "decision"), other_than=(*FIRST_LOOK, "propose")),
    Move("reject", (SCREENING, *TO_DECIDE, WAITLISTED), REJECTED, DECIDER, _("Do not accept"), note_required=True,
         reason_required=True, stops=PROMISES, other_than=(*FIRST_LOOK, "propose")),
    Move("show_evidence", CONDITIONAL, None, APPLICANT, _("Show how a condition is met")),
    Move("meet_condition", CONDITIONAL, None, OFFICER, _("Find a condition met")),
    Move("conditions_met", CONDITIONAL, ACCEPTED, OFFICER, _("All conditions are met")),
    Move("lapse", CONDITIONAL, REJECTED, DECIDER, _("A condition was not met"), note_required=True,
         other_than=(*FIRST_LOOK, "propose")),
    Move("ask_second_look", REJECTED, RECONSIDERATION, APPLICANT, _("Ask for a second look"), note_required=True,
         starts=SECOND_LOOK_CLOCK),
    Move("uphold", RECONSIDERATION, REJECTED, DECIDER, _("Uphold the decision"), note_required=True,
         stops="second_look", other_than=(*FIRST_LOOK, "propose", *DECISIONS)),
    Move("overturn", RECONSIDERATION, ACCEPTED, DECIDER, _("Overturn: accept"), note_required=True,
         stops="second_look", other_than=(*FIRST_LOOK, "propose", *DECISIONS)),
    Move("withdraw", (*UNDECIDED, *OPEN_ENDED), WITHDRAWN, APPLICANT, _("Withdraw"), pauses=PROMISES),
    Move("return_to_submitted", WITHDRAWN, SUBMITTED, APPLICANT, _("Take back the withdrawal"), resumes="screening"),
    Move("return_to_screening", WITHDRAWN, SCREENING, APPLICANT, _("Take back the withdrawal"), resumes="screening"),
    Move("return_to_more_info", WITHDRAWN, MORE_INFO, APPLICANT, _("Take back the withdrawal"), resumes="answer"),
    Move("return_to_in_review", WITHDRAWN, IN_REVIEW, APPLICANT, _("Take back the withdrawal"), resumes="review"),
    Move("return_to_panel_ready", WITHDRAWN, PANEL_READY, APPLICANT, _("Take back the withdrawal"), resumes="panel"),
    Move("return_to_decided_pending", WITHDRAWN, DECIDED_PENDING, APPLICANT, _("Take back the withdrawal"),
         resumes="decision"),
    Move("return_to_conditional", WITHDRAWN, CONDITIONAL, APPLICANT, _("Take back the withdrawal")),
    Move("return_to_waitlisted", WITHDRAWN, WAITLISTED, APPLICANT, _("Take back the withdrawal")),
    Move("close", (SUBMITTED, SCREENING, MORE_INFO, IN_REVIEW, PANEL_READY, WAITLISTED), CLOSED, OFFICER,
         pgettext_lazy("step of an application", "Close"), note_required=True),
)  # fmt: skip

MACHINE = Machine("application", State, MOVES, finals=(ACCEPTED, CLOSED))
