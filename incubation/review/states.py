"""The ways of a round and of one review in it, as tables: states, moves, whose move, which clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.workflow.machine import ClockRule, Machine, Move

OFFICER, CHAIR, EXPERT, SYSTEM = "officer", "chair", "expert", "system"


# --- A round ----------------------------------------------------------------------------------------------------------
class RoundState(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("round", "Being prepared")
    ASSIGNING = "assigning", pgettext_lazy("round", "Experts are being assigned")
    SCORING = "scoring", pgettext_lazy("round", "Being scored")
    PANEL = "panel", pgettext_lazy("round", "Before the panel")
    CLOSED = "closed", pgettext_lazy("round", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("round", "Called off")


(PREPARING, ASSIGNING, SCORING, PANEL, CLOSED, CANCELLED) = map(str, RoundState.values)
SETTING_UP = (PREPARING, ASSIGNING)
UNDER_WAY = (SCORING, PANEL)

ROUND_MOVES = (
    Move("open_round", (), PREPARING, OFFICER, _("Open a round")),
    Move("prepare_again", ASSIGNING, PREPARING, OFFICER, _("Back to preparing")),
    Move("ready", PREPARING, ASSIGNING, OFFICER, _("Ready to assign")),
    Move("confirm_plan", ASSIGNING, SCORING, OFFICER, _("Confirm the plan")),
    Move("change", (*SETTING_UP, SCORING), None, OFFICER, _("Change the round")),
    Move("set_rules", (*SETTING_UP, SCORING), None, OFFICER, _("Change who sees what")),
    Move("tag", (*SETTING_UP, *UNDER_WAY), None, OFFICER, _("Change the tags of a file")),
    Move("extend", SCORING, None, OFFICER, _("Move the due date"), note_required=True),
    Move("call_panel", SCORING, PANEL, CHAIR, _("Close the scoring")),
    Move("close_round", PANEL, CLOSED, CHAIR, _("Close the round")),
    Move("call_off", SETTING_UP, CANCELLED, OFFICER, _("Call the round off")),
)
ROUND = Machine("round", RoundState, ROUND_MOVES, finals=(CLOSED, CANCELLED))


# --- One expert's review of one file ----------------------------------------------------------------------------------
class ReviewState(models.TextChoices):
    ASSIGNED = "assigned", _("Declare first")
    OPEN = "open", pgettext_lazy("review", "To score")
    SENT = "sent", pgettext_lazy("review", "Scores sent")
    RECUSED = "recused", _("Stepped aside")
    DECLINED = "declined", pgettext_lazy("review", "Declined")
    REPLACED = "replaced", pgettext_lazy("review", "Given to another expert")
    RELEASED = "released", pgettext_lazy("review", "Not needed any more")


(ASSIGNED, OPEN, SENT, RECUSED, DECLINED, REPLACED, RELEASED) = map(str, ReviewState.values)
WAITING = (ASSIGNED, OPEN)
LIVE = (ASSIGNED, OPEN, SENT)

SCORE_CLOCK = ClockRule("score", 10)  # started by the verb with the working days that the round leaves
CLOCKS = {"score": _("Score an application")}

REVIEW_MOVES = (
    Move("assign", (), ASSIGNED, OFFICER, _("Assign"), starts=SCORE_CLOCK),
    Move("declare", ASSIGNED, OPEN, EXPERT, _("I have no conflict of interest")),
    Move("recuse", LIVE, RECUSED, EXPERT, _("Step aside")),
    Move("decline", WAITING, DECLINED, EXPERT, pgettext_lazy("review", "Decline"), note_required=True),
    Move("send", OPEN, SENT, EXPERT, _("Submit scores"), stops="score"),
    Move("reopen", SENT, OPEN, EXPERT, _("Change my scores")),
    Move("keep", OPEN, SENT, SYSTEM, _("Keep as it was sent"), stops="score"),
    Move("replace", WAITING, REPLACED, OFFICER, _("Replace the expert")),
    Move("release", WAITING, RELEASED, SYSTEM, _("Release")),
)
REVIEW = Machine("review", ReviewState, REVIEW_MOVES, finals=(RECUSED, DECLINED, REPLACED, RELEASED))


class Conflict(models.TextChoices):
    """Why somebody may not review a file."""

    EMPLOYER = "employer", _("Same employer, now or in the last three years")
    INVESTOR = "investor", _("Shareholder, investor, creditor or director")
    COAUTHOR = "coauthor", _("Co-author or joint project in the last three years")
    ENTERPRISE = "enterprise", _("Works for the same company")
    FAMILY = "family", _("Relative, or family name and address are the same")
    TEACHER = "teacher", _("Teacher or student of an applicant")
    ADVISER = "adviser", _("Paid adviser")
    RIVAL = "rival", _("Competitor")
    SELF = "self", _("It is their own application")
    INSIDE = "inside", _("Reads applications with names for the park")
    ASKED = "asked", _("The applicant asked for it")
    OTHER = "other", pgettext_lazy("conflict of interest", "Another reason")


class Phase(models.TextChoices):
    """A part of a round with its own rules of who sees what."""

    SCORING = "scoring", _("While scores come in")
    PANEL = "panel", _("Before the panel")
    CLOSED = "closed", _("After the round")


PHASE_OF = {SCORING: Phase.SCORING, PANEL: Phase.PANEL, CLOSED: Phase.CLOSED}
REMIND_AT = (5, 2, 0)  # working days before the due date
REPLACE_AFTER = 3  # working days after it
