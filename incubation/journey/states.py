"""The ways of a tenant, of its gates and of the terms of a gate, as tables. Gates are judged by versioned data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.workflow.machine import ClockRule, Machine, Move

ADMISSIONS, MANAGER, OFFICER = "admissions", "manager", "officer"
TENANT, ANYONE_FOR_IT, SCORER, SYSTEM = "tenant", "tenant or officer", "scorer", "system"


# --- The tenant -------------------------------------------------------------------------------------------------------
class TenantState(models.TextChoices):
    ACTIVE = "active", _("In the park")
    SUSPENDED = "suspended", _("Suspended")
    GRADUATED = "graduated", _("Graduated")
    EXITED = "exited", _("Left the park")


ACTIVE, SUSPENDED, GRADUATED, EXITED = (str(state) for state in TenantState.values)
LIVE = (ACTIVE, SUSPENDED)
SUSPENSION = ClockRule("suspension", 22)  # a month: does the cause still hold?

MOVES = (
    Move("admit", (), ACTIVE, ADMISSIONS, _("Admit")),
    Move("advance", ACTIVE, None, MANAGER, _("Begin the next stage")),
    Move("graduate", ACTIVE, GRADUATED, MANAGER, _("Graduate")),
    Move("extend", ACTIVE, None, MANAGER, _("Give more time"), note_required=True),
    Move(
        "suspend", ACTIVE, SUSPENDED, MANAGER, _("Suspend"),
        reason_required=True, note_required=True, starts=SUSPENSION,
    ),
    Move("look_again", SUSPENDED, None, MANAGER, _("Keep it suspended"), note_required=True, starts=SUSPENSION),
    Move("resume", SUSPENDED, ACTIVE, MANAGER, _("Resume"), stops="suspension"),
    Move("announce_exit", LIVE, None, ANYONE_FOR_IT, _("Announce the exit"), note_required=True),
    Move("take_back_exit", LIVE, None, ANYONE_FOR_IT, _("Take the exit back")),
    Move("hand_over", LIVE, None, MANAGER, _("Tick off the handover")),
    Move("exit", LIVE, EXITED, MANAGER, _("Confirm the exit"), other_than="announce_exit"),
    Move("propose_correction", ACTIVE, None, MANAGER, _("Propose a correction"), note_required=True),
    Move("drop_correction", ACTIVE, None, MANAGER, _("Drop the correction")),
    Move("correct", ACTIVE, None, MANAGER, _("Confirm the correction"), other_than="propose_correction"),
)  # fmt: skip

MACHINE = Machine("tenant", TenantState, MOVES, finals=(GRADUATED, EXITED))


# --- A gate -----------------------------------------------------------------------------------------------------------
class GateState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("gate", "Asked for")
    IN_REVIEW = "in_review", pgettext_lazy("gate", "Being scored")
    TO_DECIDE = "to_decide", pgettext_lazy("gate", "To be decided")
    HELD = "held", pgettext_lazy("gate", "Held")
    CONDITIONAL = "conditional", pgettext_lazy("gate", "Passed with conditions")
    PASSED = "passed", pgettext_lazy("gate", "Passed")
    RETURNED = "returned", pgettext_lazy("gate", "Sent back with a list")
    WITHDRAWN = "withdrawn", pgettext_lazy("gate", "Taken back")
    CLOSED = "closed", pgettext_lazy("gate", "Closed")


G = GateState
UNDER_WAY = (G.REQUESTED, G.IN_REVIEW, G.TO_DECIDE)
LET_THROUGH = (G.PASSED, G.CONDITIONAL)
GATE_FINALS = (G.PASSED, G.RETURNED, G.WITHDRAWN, G.CLOSED)

CHECK, REVIEW, DECISION = ClockRule("check", 5), ClockRule("review", 10), ClockRule("decision", 3)
PLAN = ClockRule("plan", 43)  # two months on the calendar
FIRST = ("request", "check")  # whoever did one of these does not decide

GATE_MOVES = (
    Move("request", (), G.REQUESTED, ANYONE_FOR_IT, _("Ask for the gate"), starts=CHECK),
    Move("waive", G.REQUESTED, None, OFFICER, _("Waive a condition")),
    Move("check", G.REQUESTED, G.IN_REVIEW, OFFICER, _("Hand to the scorers"), stops="check", starts=REVIEW),
    Move("return", G.REQUESTED, G.RETURNED, OFFICER, _("Send back with a list"), note_required=True),
    Move("assign", (G.REQUESTED, G.IN_REVIEW), None, OFFICER, _("Ask somebody to score")),
    Move("score", G.IN_REVIEW, None, SCORER, _("Send the score")),
    Move("step_aside", G.IN_REVIEW, None, SCORER, _("Step aside")),
    Move("close_review", G.IN_REVIEW, G.TO_DECIDE, SYSTEM, _("Close the scoring"), stops="review", starts=DECISION),
    Move(
        "advance", G.TO_DECIDE, G.PASSED, MANAGER, _("Let through the gate"), other_than=FIRST, stops="decision"
    ),
    Move(
        "advance_with_conditions", G.TO_DECIDE, G.CONDITIONAL, MANAGER, _("Let through with conditions"),
        other_than=FIRST, stops="decision",
    ),
    Move(
        "hold", G.TO_DECIDE, G.HELD, MANAGER, _("Hold at the gate"),
        other_than=FIRST, note_required=True, stops="decision", starts=PLAN,
    ),
    Move("review_plan", G.HELD, None, OFFICER, _("Look at the plan again"), note_required=True, starts=PLAN),
    Move("meet_condition", G.CONDITIONAL, None, OFFICER, _("Say that a condition is met")),
    Move("settle", G.CONDITIONAL, G.PASSED, SYSTEM, _("All conditions are met")),
    Move("withdraw", UNDER_WAY, G.WITHDRAWN, ANYONE_FOR_IT, _("Take the request back")),
    Move("close", (*UNDER_WAY, G.HELD, G.CONDITIONAL), G.CLOSED, SYSTEM, _("Close the gate")),
)  # fmt: skip

GATE = Machine("gate", GateState, GATE_MOVES, finals=GATE_FINALS)


# --- The terms of a gate ----------------------------------------------------------------------------------------------
class TermsState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("gate terms", "Draft")
    PUBLISHED = "published", pgettext_lazy("gate terms", "In use")
    RETIRED = "retired", pgettext_lazy("gate terms", "Replaced")
    DROPPED = "dropped", pgettext_lazy("gate terms", "Dropped")


T = TermsState
TERMS_MOVES = (
    Move("draft", (), T.DRAFT, MANAGER, pgettext_lazy("gate terms", "Draft")),
    Move("revise", T.DRAFT, None, MANAGER, _("Rewrite the draft")),
    Move("publish", T.DRAFT, T.PUBLISHED, MANAGER, _("Put into use"), other_than=("draft", "revise")),
    Move("drop", T.DRAFT, T.DROPPED, MANAGER, _("Drop the draft")),
    Move("replace", T.PUBLISHED, T.RETIRED, SYSTEM, _("Replace by a newer version")),
)
TERMS = Machine("gate terms", TermsState, TERMS_MOVES, finals=(T.RETIRED, T.DROPPED))


# --- A problem --------------------------------------------------------------------------------------------------------
class ProblemState(models.TextChoices):
    RAISED = "raised", pgettext_lazy("problem", "Raised")
    IN_HAND = "in_hand", pgettext_lazy("problem", "Being solved")
    ASKED = "asked", pgettext_lazy("problem", "Waiting for the tenant")
    SOLVED = "solved", pgettext_lazy("problem", "Solved, to be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("problem", "Confirmed as solved")
    DROPPED = "dropped", pgettext_lazy("problem", "Taken back")


P = ProblemState
HANDLER, OWNER = "officer for problems", "owner of the problem"
LOOK, SOLVE, CONFIRM = ClockRule("look", 1), ClockRule("solve", 10), ClockRule("confirm", 10)
UNSOLVED = (P.RAISED, P.IN_HAND, P.ASKED)

PROBLEM_MOVES = (
    Move("raise", (), P.RAISED, TENANT, _("Raise the problem"), starts=LOOK),
    Move("take", P.RAISED, P.IN_HAND, HANDLER, _("Take the problem"), stops="look", starts=SOLVE),
    Move("pass_on", P.IN_HAND, None, HANDLER, _("Hand over to a colleague")),
    Move("ask", P.IN_HAND, P.ASKED, OWNER, _("Ask the tenant"), note_required=True, pauses="solve"),
    Move("answer", P.ASKED, P.IN_HAND, TENANT, _("Send the answer"), note_required=True, resumes="solve"),
    Move("solve", P.IN_HAND, P.SOLVED, OWNER, _("Say that it is solved"),
         note_required=True, stops="solve", starts=CONFIRM),
    Move("confirm", P.SOLVED, P.CONFIRMED, TENANT, _("Yes, it is solved")),
    Move("reopen", P.SOLVED, P.IN_HAND, TENANT, _("No, it is not solved"),
         note_required=True, stops="confirm", starts=SOLVE),
    Move("settle", P.SOLVED, P.CONFIRMED, SYSTEM, _("Take it as solved")),
    Move("drop", UNSOLVED, P.DROPPED, TENANT, _("Take the problem back")),
)  # fmt: skip
PROBLEM = Machine("problem", ProblemState, PROBLEM_MOVES, finals=(P.CONFIRMED, P.DROPPED))
