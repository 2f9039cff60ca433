"""The way of an application, as a table: states, moves, whose move, which clock.

From review on, panel and decision get states of their own when rounds are built; the rest of the table stays.
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
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Not accepted")
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


APPLICANT, OFFICER, CASE_OFFICER, DECIDER, SYSTEM = "applicant", "officer", "case_officer", "decider", "system"
(DRAFT, SUBMITTED, SCREENING, MORE_INFO, IN_REVIEW, ACCEPTED, REJECTED, WITHDRAWN, CLOSED) = map(str, State.values)
WITH_THE_PARK = (SUBMITTED, SCREENING, MORE_INFO, IN_REVIEW)
LIVE = (DRAFT, *WITH_THE_PARK)

SCREENING_CLOCK = ClockRule("screening", 3)
ANSWER_CLOCK = ClockRule("answer", 10)
REVIEW_CLOCK = ClockRule("review", 10)
CLOCKS = {
    "screening": _("Check that an application is complete"), "answer": _("Answer"), "review": _("Expert review"),
}  # fmt: skip
FIRST_LOOK = ("take", "pass_on")  # whoever made these does not decide

MOVES = (
    Move("start", (), DRAFT, APPLICANT, _("Start")),
    Move("discard", DRAFT, CLOSED, APPLICANT, _("Discard the draft")),
    Move("submit", DRAFT, SUBMITTED, APPLICANT, _("Send application"), starts=SCREENING_CLOCK),
    Move("take", SUBMITTED, SCREENING, OFFICER, _("Take")),
    Move("hand_over", (SCREENING, MORE_INFO, IN_REVIEW), None, OFFICER, _("Hand over")),
    Move("ask", SCREENING, MORE_INFO, CASE_OFFICER, _("Ask the applicant"), note_required=True,
         starts=ANSWER_CLOCK, pauses="screening"),
    Move("answer", MORE_INFO, SCREENING, APPLICANT, _("Send the answer"), stops="answer", resumes="screening"),
    Move("no_answer", MORE_INFO, SCREENING, SYSTEM, _("No answer came"), stops="answer", resumes="screening"),
    Move("pass_on", SCREENING, IN_REVIEW, CASE_OFFICER, _("Pass on to review"), starts=REVIEW_CLOCK, stops="screening"),
    Move("accept", IN_REVIEW, ACCEPTED, DECIDER, _("Accept"), other_than=FIRST_LOOK),
    Move("reject", (SCREENING, IN_REVIEW), REJECTED, DECIDER, _("Do not accept"), note_required=True,
         reason_required=True, other_than=FIRST_LOOK),
    Move("withdraw", WITH_THE_PARK, WITHDRAWN, APPLICANT, _("Withdraw"), pauses=("screening", "answer", "review")),
    Move("return_to_submitted", WITHDRAWN, SUBMITTED, APPLICANT, _("Take back the withdrawal"), resumes="screening"),
    Move("return_to_screening", WITHDRAWN, SCREENING, APPLICANT, _("Take back the withdrawal"), resumes="screening"),
    Move("return_to_more_info", WITHDRAWN, MORE_INFO, APPLICANT, _("Take back the withdrawal"), resumes="answer"),
    Move("return_to_in_review", WITHDRAWN, IN_REVIEW, APPLICANT, _("Take back the withdrawal"), resumes="review"),
    Move("close", WITH_THE_PARK, CLOSED, OFFICER, pgettext_lazy("step of an application", "Close"), note_required=True),
)  # fmt: skip

MACHINE = Machine("application", State, MOVES, finals=(ACCEPTED, REJECTED, CLOSED))
