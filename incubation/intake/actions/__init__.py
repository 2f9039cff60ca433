"""What happens to an application: the only place that changes one. Each verb is one act of one person."""

from park.workflow.actions import MoveRefused

from .casework import ask, close, hand_over, no_answer, pass_on, remind, take
from .deciding import accept, reject
from .leaving import UNDO, last_withdrawal, undo_withdraw, withdraw
from .sending import GRACE, answer, submit
from .writing import EditRefused, add_document, discard, remove_document, save_answers, start

__all__ = [
    "GRACE", "UNDO", "EditRefused", "MoveRefused", "accept", "add_document", "answer", "ask", "close", "discard",
    "hand_over", "last_withdrawal", "no_answer", "pass_on", "reject", "remind", "remove_document", "save_answers",
    "start", "submit", "take", "undo_withdraw", "withdraw",
]  # fmt: skip
