"""Who may ask, answer and put into plain words."""

from park.workflow.machine import Move

from .states import ASKER, CoordinationState

WRITE = "policies.change_policyversion"


def may_write(user) -> bool:
    """Return whether this person writes plain words, asks departments and answers questions."""
    return user is not None and user.has_perm(WRITE)


def may_make(user, move: Move, coordination) -> bool:
    return may_write(user)


def may_answer_by_link(user, move: Move, coordination) -> bool:
    """Return whether whoever holds the link of a question may make this move: answer what is still asked."""
    return user is None and move.name == "answer" and coordination.state == CoordinationState.ASKED


def may_make_of_question(user, move: Move, question) -> bool:
    """Return whether this move is this person's: who asked may take it back, officers do the rest."""
    if move.by == ASKER:
        return user is not None and user.pk == question.asked_by_id
    return may_write(user)
