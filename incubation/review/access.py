"""Who may move a round or a review, and which papers an expert may read."""

from django.db.models import F, Q

from incubation.intake.models import Application
from park.letters.access import VIEW as VIEW_LETTERS
from park.workflow.machine import Move

from . import meeting_states, states
from .models import AgendaItem, CopyFile, Declaration, Expert, Meeting, Review, Round, Seat
from .models.reviews import STOPPED
from .sitting import hidden_from, items_hidden_from
from .states import EXPERT, OFFICER, OPEN, SENT, SYSTEM

MANAGE, CHAIRS, RESULTS = "review.manage_round", "review.chair_round", "review.read_results"


def is_expert(user) -> bool:
    """Tell whether this person serves as an expert: a second factor is asked of them."""
    return Expert.objects.filter(user_id=user.pk, active=True).exists()


def applies_in(user, round: Round) -> bool:
    """Tell whether this person applies, alone or with others, with one of the files of a round."""
    own = Application.objects.taken_part_in_by(user)
    return round.files.filter(application__in=own).exists()


def manages(user, round: Round) -> bool:
    """Tell whether this person prepares a round and assigns its files: staff with the right who do not apply in it."""
    return user.has_perm(MANAGE) and not applies_in(user, round)


def may_run(user, move: Move, round: Round) -> bool:
    """Tell whether a move of a round is this person's to make."""
    if user is None:
        return move.by == SYSTEM
    match move.by:
        case states.OFFICER:
            return manages(user, round)
        case states.CHAIR:
            return user.has_perm(CHAIRS) and round.chair_id in (None, user.pk) and not applies_in(user, round)
    return False


def may_make(user, move: Move, review: Review) -> bool:
    """Tell whether a move of a review is this person's to make: the expert's own, or an officer's."""
    if user is None:
        return move.by == SYSTEM
    if move.by == EXPERT and review.expert.user_id == user.pk:
        return review.expert.active
    if move.by == OFFICER or move.name == "recuse":  # the park may learn of a conflict before the expert says it
        return manages(user, review.file.round)
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
    sat = Declaration.objects.filter(
        seat__expert__user=user, seat__expert__active=True, item__meeting__state__in=("planned", "open"),
        item__file__copy__approved_at__isnull=False,
    ).exclude(item__kept_off__seat__expert__user=user).exclude(
        item__file__application__recusals__expert__user=user
    )  # fmt: skip
    return Q(pk__in=CopyFile.objects.filter(copy__file__reviews__in=mine).values("document")) | Q(
        pk__in=CopyFile.objects.filter(copy__file__items__in=sat.values("item")).values("document")
    )



# --- Meetings ---------------------------------------------------------------------------------------------------------
def may_meet(user, move: Move, meeting: Meeting) -> bool:
    """Tell whether a move of a meeting is this person's to make."""
    if user is None:
        return move.by == meeting_states.SYSTEM
    match move.by:
        case meeting_states.OFFICER:
            return user.has_perm(MANAGE) and Meeting.objects.open_to_staff(user).filter(pk=meeting.pk).exists()
        case meeting_states.CHAIR:
            return chairs(user, meeting)
        case meeting_states.SECRETARY:
            return meeting.secretary_id == user.pk
        case meeting_states.EITHER:
            return runs(user, meeting)
    return False


def chairs(user, meeting: Meeting) -> bool:
    return meeting.chair_id == user.pk and user.has_perm(CHAIRS)


def runs(user, meeting: Meeting) -> bool:
    """Tell whether this person may say who is in the room, and write the minutes: the chair and the secretary."""
    return chairs(user, meeting) or meeting.secretary_id == user.pk


def may_conduct(user, move: Move, item: AgendaItem) -> bool:
    """Tell whether a move of an item is this person's to make; a chair who is tied to it leaves it to be put off."""
    if user is None:
        return move.by == meeting_states.SYSTEM
    if move.by == meeting_states.OFFICER:
        return user.has_perm(MANAGE)
    if move.by == meeting_states.EITHER:
        return runs(user, item.meeting)
    return move.by == meeting_states.CHAIR and chairs(user, item.meeting) and item.pk not in hidden_from(
        user, item.meeting
    )


def seat_of(user, meeting: Meeting) -> Seat | None:
    """Return the member's seat that this person has in a meeting."""
    return meeting.seats.filter(expert__user=user, expert__active=True).select_related("expert__user").first()


def results_of_meetings(user) -> Q:
    """Return the signed results that a person reads: of meetings that they chaired or kept the minutes of.

    Staff who read letters and results read them too; nobody does who keeps off one of the files, or applies with one.
    """
    meetings = Meeting.objects.exclude(letter=None).exclude(pk__in=items_hidden_from(user).values("meeting"))
    if not user.has_perms([VIEW_LETTERS, RESULTS]):
        meetings = meetings.filter(Q(chair=user) | Q(secretary=user))
    return Q(pk__in=meetings.values("letter"))
