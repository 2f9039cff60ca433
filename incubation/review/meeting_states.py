"""The ways of a review meeting and of one item of its agenda, as tables: states, moves, whose move."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incubation.intake.models import Decision
from park.workflow.machine import Machine, Move

OFFICER, CHAIR, SECRETARY, EITHER, SYSTEM = "officer", "chair", "secretary", "chair or secretary", "system"


# --- A meeting --------------------------------------------------------------------------------------------------------
class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    OPEN = "open", pgettext_lazy("meeting", "In session")
    CLOSED = "closed", pgettext_lazy("meeting", "To be signed")
    SIGNED = "signed", pgettext_lazy("meeting", "Signed")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Called off")


PLANNED, OPEN, CLOSED, SIGNED, CANCELLED = map(str, MeetingState.values)

MEETING_MOVES = (
    Move("plan", (), PLANNED, OFFICER, _("Plan a meeting")),
    Move("change", PLANNED, None, OFFICER, _("Change the invitation")),
    Move("call_off", PLANNED, CANCELLED, OFFICER, _("Call the meeting off"), note_required=True),
    Move("open", PLANNED, OPEN, CHAIR, _("Open the meeting")),
    Move("close", OPEN, CLOSED, CHAIR, _("Close the meeting")),
    Move("chair_signs", CLOSED, None, CHAIR, _("Sign as the chair"), other_than="secretary_signs"),
    Move("secretary_signs", CLOSED, None, SECRETARY, _("Sign as the secretary"), other_than="chair_signs"),
    Move("correct", CLOSED, None, EITHER, _("Correct the minutes"), note_required=True),
    Move("seal", CLOSED, SIGNED, SYSTEM, _("Seal the result")),
)
MEETING = Machine("meeting", MeetingState, MEETING_MOVES, finals=(SIGNED, CANCELLED))


# --- An item of the agenda --------------------------------------------------------------------------------------------
class ItemState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("agenda item", "Still to come")
    SCORING = "scoring", pgettext_lazy("agenda item", "Being scored")
    DISCUSSION = "discussion", pgettext_lazy("agenda item", "Discussed")
    RESCORING = "rescoring", pgettext_lazy("agenda item", "Scored once more")
    VOTING = "voting", pgettext_lazy("agenda item", "Vote open")
    RESOLVED = "resolved", pgettext_lazy("agenda item", "Voted")
    PROPOSED = "proposed", pgettext_lazy("agenda item", "Proposed")
    PUT_OFF = "put_off", pgettext_lazy("agenda item", "Put off")


(WAITING, SCORING, DISCUSSION, RESCORING, VOTING, RESOLVED, PROPOSED, PUT_OFF) = map(str, ItemState.values)
ON_THE_TABLE = (SCORING, DISCUSSION, RESCORING, VOTING)  # of one item at a time
TYPING = (SCORING, RESCORING)  # members type scores that nobody reads yet
UNDONE = (WAITING, *ON_THE_TABLE, RESOLVED)
VOTED = (RESOLVED, PROPOSED)

ITEM_MOVES = (
    Move("put_on", (), WAITING, OFFICER, _("Put on the agenda")),
    Move("call", WAITING, SCORING, CHAIR, _("Call the item")),
    Move("show", SCORING, DISCUSSION, SYSTEM, _("Show the scores")),
    Move("score_again", DISCUSSION, RESCORING, CHAIR, _("Have it scored once more")),
    Move("show_again", RESCORING, DISCUSSION, SYSTEM, _("Show the new scores")),
    Move("open_vote", DISCUSSION, VOTING, CHAIR, _("Open the vote")),
    Move("close_vote", VOTING, RESOLVED, CHAIR, _("Close the vote")),
    Move("propose", RESOLVED, PROPOSED, CHAIR, _("Propose the result")),
    Move("put_off", UNDONE, PUT_OFF, EITHER, _("Put off"), note_required=True),
)
ITEM = Machine("agenda item", ItemState, ITEM_MOVES, finals=(PROPOSED, PUT_OFF))


class Choice(models.TextChoices):
    """What a member votes for, and what the panel resolves."""

    RECOMMEND = "recommend", pgettext_lazy("vote", "Recommend")
    CONDITIONAL = "conditional", pgettext_lazy("vote", "With conditions")
    RESERVE = "reserve", pgettext_lazy("vote", "Reserve")
    NO = "no", pgettext_lazy("vote", "No")


OUTCOMES = {
    Choice.RECOMMEND: Decision.Outcome.ACCEPTED,
    Choice.CONDITIONAL: Decision.Outcome.CONDITIONAL,
    Choice.RESERVE: Decision.Outcome.WAITLISTED,
    Choice.NO: Decision.Outcome.REJECTED,
}
