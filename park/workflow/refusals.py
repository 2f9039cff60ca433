"""Why a move was refused: each refusal is a sentence for the person who tried, and a code for the log and the API."""

from django.utils.translation import gettext_lazy as _


class MoveRefused(Exception):
    """A move that was not made; nothing was changed. ``str()`` of it is a sentence in the reader's language.

    ``status`` is what a page or API answers with. ``attempt`` is the line for the log, written by ``refusals_logged``.
    """

    code = "refused"
    status = 409
    sentence = _("This cannot be done now.")

    def __init__(self, message=None, code: str = ""):
        self.message = self.sentence if message is None else message
        self.code = code or self.code
        self.attempt = None
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotInTable(MoveRefused):
    """The process does not list this move from the state the record is in."""

    code = "not-in-table"


class NotYours(MoveRefused):
    """This person may not make the move."""

    code = "not-yours"
    status = 403
    sentence = _("This step is not yours to take.")


class SecondPersonNeeded(MoveRefused):
    """Four eyes: the same person made the step that this one checks."""

    code = "second-person-needed"
    status = 403
    sentence = _("A second person has to take this step: you took the one before it.")


class Stale(MoveRefused):
    """The record was changed after the person had read it."""

    code = "stale"
    sentence = _("This was changed while you had it open. Read it again before you decide.")


class GuardFailed(MoveRefused):
    """A condition of the move does not hold. Guards raise this with their own sentence and code."""

    code = "guard-failed"


class ReasonMissing(MoveRefused):
    """The move needs a reason, or a note for the other side, and has none."""

    code = "reason-missing"
    status = 422
    sentence = _("Give a reason: the other side is told why.")


class Conflict(MoveRefused):
    """The database refused: somebody was faster, or a rule of the table would be broken."""

    code = "conflict"
