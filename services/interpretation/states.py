"""What is asked: of a department about a version before it is approved, and of the park about a policy."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.workflow.machine import ClockRule, Machine, Move
from services.policies.states import State

BEFORE_APPROVAL = (State.DRAFT, State.IN_REVIEW)  # versions about which departments are asked
BY_LINK = "by-link"  # the reason in the log of an answer that no person of the park wrote down
OFFICER, ASKER = "policy officer", "asker"


class CoordinationState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("department", "Asked")
    ANSWERED = "answered", pgettext_lazy("department", "Answered")
    SILENT = "silent", pgettext_lazy("department", "Silent")
    CALLED_OFF = "called_off", pgettext_lazy("department", "Called off")


C = CoordinationState
WAITING = (C.ASKED,)
COORDINATION = Machine(
    "coordination",
    CoordinationState,
    (
        Move("ask", (), C.ASKED, OFFICER, _("Ask the department"), starts=ClockRule("answer", 2)),
        Move(
            "answer", (C.ASKED, C.SILENT), C.ANSWERED, OFFICER, _("Write down its answer"),
            note_required=True, stops="answer",
        ),
        Move(
            "note_silence", C.ASKED, C.SILENT, OFFICER, _("Go on without its answer"),
            note_required=True, stops="answer",
        ),
        Move(
            "ask_again", (C.ANSWERED, C.SILENT), C.ASKED, OFFICER, _("Ask it again"),
            note_required=True, starts=ClockRule("answer", 2),
        ),
        Move("call_off", (C.ASKED, C.SILENT), C.CALLED_OFF, OFFICER, _("Call it off"), note_required=True),
    ),
    finals=(C.CALLED_OFF,),
)  # fmt: skip


class QuestionState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("question", "Asked")
    ANSWERED = "answered", pgettext_lazy("question", "Answered")
    PUBLISHED = "published", pgettext_lazy("question", "Published")
    DROPPED = "dropped", pgettext_lazy("question", "Taken back")


Q = QuestionState
QUESTION = Machine(
    "question",
    QuestionState,
    (
        Move("ask", (), Q.ASKED, ASKER, _("Ask a question"), starts=ClockRule("answer", 3)),
        Move("take", Q.ASKED, None, OFFICER, _("Take the question")),
        Move("answer", Q.ASKED, Q.ANSWERED, OFFICER, _("Answer"), note_required=True, stops="answer"),
        Move("publish", Q.ANSWERED, Q.PUBLISHED, OFFICER, _("Publish without names")),
        Move("unpublish", Q.PUBLISHED, Q.ANSWERED, OFFICER, _("Take it off the page"), note_required=True),
        Move("drop", Q.ASKED, Q.DROPPED, ASKER, _("Take the question back"), stops="answer"),
    ),
    finals=(Q.DROPPED,),
)  # fmt: skip
