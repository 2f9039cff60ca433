"""What happens to an application: the only place that changes one. Each verb is one act of one person."""

from park.workflow.actions import MoveRefused

from .casework import ask, close, hand_over, no_answer, pass_on, remind, take
from .deciding import accept, accept_with_conditions, close_review, propose, reject, send_back, waitlist
from .fulfilling import conditions_met, lapse, meet_condition, show_evidence, standing
from .leaving import UNDO, last_withdrawal, undo_withdraw, withdraw
from .messages import write
from .second_look import ask_second_look, ask_until, overturn, uphold
from .sending import GRACE, answer, submit
from .writing import EditRefused, add_document, discard, remove_document, save_answers, start

__all__ = [
    "GRACE", "UNDO", "EditRefused", "MoveRefused", "accept", "accept_with_conditions", "add_document", "answer", "ask",
    "ask_second_look", "ask_until", "close", "close_review", "conditions_met", "discard", "hand_over", "lapse",
    "last_withdrawal", "meet_condition", "no_answer", "overturn", "pass_on", "propose", "reject", "remind",
    "remove_document", "save_answers", "send_back", "show_evidence", "standing", "start", "submit", "take",
    "undo_withdraw", "uphold", "waitlist", "withdraw", "write",
]  # fmt: skip
