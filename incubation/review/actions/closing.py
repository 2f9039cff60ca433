"""Ending a round: the scoring closes, the panel has it, the round is over."""

from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.models import TransitionLog

from .. import access
from ..models import Review, Round
from ..models.reviews import STOPPED
from ..states import OPEN, REVIEW, ROUND, WAITING
from .scoring import close_file


@verb
def call_panel(*, round: Round, by, version: int | None = None, internal_note: str = "") -> TransitionLog:
    """Close the scoring: what is owed is not needed any more, every file goes to the panel.

    Raises MoveRefused while a file has fewer reviews than are enough.
    """

    def guard(locked: Round) -> None:
        thin = [file.code for file in _live_files(locked).counted() if file.came < locked.minimum]
        if thin:
            words = {"minimum": locked.minimum, "files": _(", ").join(thin[:10])}
            raise GuardFailed(_("Fewer than %(minimum)s reviews are in for %(files)s.") % words, code="too-few")

    _settle(round)
    log = apply_move(
        ROUND, round, "call_panel", by=by, may=access.may_run, version=version, guard=guard, internal_note=internal_note
    )
    for file in _live_files(round).filter(closed_at=None).select_related("application", "round").order_by("pk"):
        close_file(file, by)
    return log


def _live_files(round: Round):
    return round.files.exclude(application__state__in=STOPPED)


def _settle(round: Round) -> None:
    """Let nobody owe anything: what was sent once stays as it was sent, the rest is not needed any more."""
    for review in Review.objects.filter(file__round=round, state__in=WAITING).order_by("pk"):
        kept = review.state == OPEN and review.sheets.exists()
        apply_move(REVIEW, review, "keep" if kept else "release", by=None, may=access.may_make)


@verb
def close_round(*, round: Round, by, version: int | None = None, internal_note: str = "") -> TransitionLog:
    """End a round for good. Scores that an expert had taken back and not sent again count as they were sent."""
    _settle(round)
    return apply_move(
        ROUND, round, "close_round", by=by, may=access.may_run, version=version, internal_note=internal_note
    )


