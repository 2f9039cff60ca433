"""What happens to an application: the only place that changes one. Each verb is one act of one person."""

from park.workflow.actions import MoveRefused

from .alikes import judge_likeness
from .batches import AT_ONCE as BATCH_AT_ONCE
from .batches import MOST as MOST_IN_A_BATCH
from .batches import carry_on, plan_batch, start_batch, undo_batch
from .casework import ask, close, hand_over, no_answer, pass_on, remind, take
from .deciding import accept, accept_with_conditions, close_review, propose, reject, send_back, waitlist
from .entering import put_in_use, write_rule
from .fulfilling import conditions_met, lapse, meet_condition, show_evidence, standing
from .leaving import UNDO, last_withdrawal, undo_withdraw, withdraw
from .messages import write
from .papers import add_document, excuse_paper, remove_document, take_excuse_back
from .second_look import ask_second_look, ask_until, overturn, uphold
from .sending import GRACE, answer, submit
from .teaming import change_part, end_part, invitation_of, invitations_for, invite, join, sign, take_invitation_back
from .writing import BeingEdited, EditRefused, claim_task, discard, save_all, save_answers, start

__all__ = [
    "BATCH_AT_ONCE", "GRACE", "MOST_IN_A_BATCH", "UNDO", "BeingEdited", "EditRefused", "MoveRefused", "accept",
    "accept_with_conditions", "add_document", "answer", "ask", "ask_second_look", "ask_until", "carry_on",
    "change_part", "claim_task", "close", "close_review", "conditions_met", "discard", "end_part", "excuse_paper",
    "hand_over", "invitation_of", "invitations_for", "invite", "join", "judge_likeness", "lapse", "last_withdrawal",
    "meet_condition", "no_answer", "overturn", "pass_on", "plan_batch", "propose", "put_in_use", "reject", "remind",
    "remove_document", "save_all", "save_answers", "send_back", "show_evidence", "sign", "standing", "start",
    "start_batch", "submit", "take", "take_excuse_back", "take_invitation_back", "undo_batch", "undo_withdraw",
    "uphold", "waitlist", "withdraw", "write", "write_rule",
]  # fmt: skip
