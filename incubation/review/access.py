"""Who may move a round or a review, and which papers an expert may read."""

from django.db.models import F, Q

from park.workflow.machine import Move

from . import states
from .models import CopyFile, Expert, Review, Round
from .models.reviews import STOPPED
from .states import EXPERT, OFFICER, OPEN, SENT, SYSTEM

MANAGE, CHAIRS, RESULTS = "review.manage_round", "review.chair_round", "review.read_results"


def is_expert(user) -> bool:
    """Tell whether this person serves as an expert: a second factor is asked of them."""
    return Expert.objects.filter(user_id=user.pk, active=True).exists()


def applies(user, application) -> bool:
    return application.talent.user_id == user.pk


def may_run(user, move: Move, round: Round) -> bool:
    """Tell whether a move of a round is this person's to make."""
    if user is None:
        return move.by == SYSTEM
    match move.by:
        case states.OFFICER:
            return user.has_perm(MANAGE)
        case states.CHAIR:
            return user.has_perm(CHAIRS) and round.chair_id in (None, user.pk)
    return False


def may_make(user, move: Move, review: Review) -> bool:
    """Tell whether a move of a review is this person's to make: the expert's own, or an officer's."""
    if user is None:
        return move.by == SYSTEM
    if move.by == EXPERT and review.expert.user_id == user.pk:
        return review.expert.active
    if move.by == OFFICER or move.name == "recuse":  # the park may learn of a conflict before the expert says it
        return user.has_perm(MANAGE) and not applies(user, review.file.application)
    return False


def papers_of_reviews(user) -> Q:
    """Return the papers of copies that an expert may read now: declared, not stepped aside, and the phase allows."""
    if user.has_perm(MANAGE):
        return Q(pk__in=CopyFile.objects.values("document"))
    mine = (
        Review.objects.visible_to(user)
        .filter(
            state__in=(OPEN, SENT),
            file__round__rules__phase=F("file__round__state"),
            file__round__rules__files=True,
            file__copy__approved_at__isnull=False,
        )
        .exclude(file__application__state__in=STOPPED)
    )
    return Q(pk__in=CopyFile.objects.filter(copy__file__reviews__in=mine).values("document"))

