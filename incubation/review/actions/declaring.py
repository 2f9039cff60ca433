"""Interest is declared before the first look; who steps aside does so for ever; who has no time says so, once."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation.intake.access import is_own
from incubation.intake.models import Application
from park.workflow.actions import GuardFailed, NotYours, apply_move, verb
from park.workflow.models import TransitionLog

from .. import access
from ..conflicts import flags
from ..models import Expert, Recusal, Review
from ..states import REVIEW, SCORING, Conflict
from ..telling import tell_officers


def is_open(review: Review) -> None:
    """Refuse what can only be done while the round is scored and the applicant still applies."""
    round = review.file.round
    if round.state != SCORING:
        raise GuardFailed(_("The scoring of this round is closed."), code="not-scoring")
    if not Review.objects.waiting().filter(pk=review.pk).exists():
        raise GuardFailed(_("This file does not have to be read any more."), code="not-owed")


@verb
def declare(*, review: Review, by, version: int | None = None) -> TransitionLog:
    """Say that there is no conflict of interest; only then the file opens. Raises MoveRefused."""

    def guard(locked: Review) -> None:
        is_open(locked)
        if not locked.file.copy.is_approved:
            raise GuardFailed(_("The copy of this file is not ready yet."), code="no-copy")
        if flags([locked.expert], [locked.file.application]):
            raise GuardFailed(
                _("Our records show a tie between you and this file. Please step aside, or write to us."), code="tied"
            )

    return apply_move(
        REVIEW, review, "declare", by=by, may=access.may_make, version=version, guard=guard,
        changes={"declared_at": timezone.now()},
    )  # fmt: skip


@verb
def recuse(
    *, review: Review, by, kind: str, note: str = "", internal_note: str = "", version: int | None = None
) -> Recusal:
    """Step aside from a file, for ever and in every round. What was scored does not count any more.

    An officer may record it too, when the park learns of a tie. Raises MoveRefused.
    """
    is_known(kind)
    apply_move(
        REVIEW, review, "recuse", by=by, may=access.may_make, reason_code=kind, note=note, internal_note=internal_note,
        version=version, guard=_not_over,
    )  # fmt: skip
    return keep_off(review.expert, review.file.application, kind, note, by)


def _not_over(review: Review) -> None:
    if not review.file.round.is_under_way:
        raise GuardFailed(_("This round is over."), code="over")


@verb
def record_recusal(*, expert: Expert, application: Application, kind: str, note: str, by) -> Recusal:
    """Write down that an expert has to keep off an application, in a round or not. Raises MoveRefused."""
    is_known(kind)
    if not by.has_perm(access.MANAGE) or expert.user_id == by.pk or is_own(by, application):
        raise NotYours
    if not note.strip():
        raise GuardFailed(_("Say in words why."), code="reason-missing")
    return keep_off(expert, application, kind, note, by)


def is_known(kind: str) -> None:
    if kind not in Conflict.values:
        raise GuardFailed(_("Choose a reason."), code="unknown-reason")


def keep_off(expert: Expert, application: Application, kind: str, note: str, by) -> Recusal:
    """Write the recusal down and end what is under way between the two. Called inside the verbs."""
    others = Review.objects.live().filter(expert=expert, file__application=application)
    for other in others.select_related("file__round", "file__application__talent", "expert").order_by("pk"):
        if other.file.round.is_under_way:
            apply_move(REVIEW, other, "recuse", by=by, may=lambda *_: True, reason_code=kind, note=note)
    source = Recusal.Source.DECLARED if expert.user_id == by.pk else Recusal.Source.OFFICER
    known = Recusal.objects.filter(expert=expert, application=application).first()
    made = known or Recusal.objects.create(
        expert=expert, application=application, kind=kind, note=note, source=source, by=by
    )
    for review in Review.objects.filter(expert=expert, file__application=application, state="recused"):
        _say(review, gettext_lazy("stepped aside"))
    return made


@verb
def decline(*, review: Review, by, note: str, version: int | None = None) -> TransitionLog:
    """Give a file back, with a reason and without any blame. Raises MoveRefused."""
    log = apply_move(
        REVIEW, review, "decline", by=by, may=access.may_make, note=note, version=version, guard=is_open
    )
    _say(review, gettext_lazy("declined"))
    return log


def _say(review: Review, what) -> None:
    def words() -> dict:
        return {"code": review.file.code, "expert": str(review.expert), "what": str(what)}

    tell_officers("review-given-back", review.file.round, review.pk, words)
