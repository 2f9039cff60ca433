"""Who may ask, answer and put into plain words."""

from park.workflow.machine import Move

from .states import ASKER

WRITE = "policies.change_policyversion"


def may_write(user) -> bool:
    """Return whether this person writes plain words, asks departments and answers questions."""
    return user is not None and user.has_perm(WRITE)


def may_make(user, move: Move, coordination) -> bool:
    return may_write(user)


def may_make_of_question(user, move: Move, question) -> bool:
    """Return whether this move is this person's: who asked may take it back, officers do the rest."""
    if move.by == ASKER:
        return user is not None and user.pk == question.asked_by_id
    return may_write(user)
