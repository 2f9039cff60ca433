"""What can be done with claims, and the only place that changes them. A verb is a line of ``states.py``."""

from .ahead import confirm, lapse, pre_approve
from .claiming import (
    answer,
    ask_again,
    begin_claim,
    fill,
    give_account,
    give_paper,
    leave_paper_out,
    send,
    withdraw,
)
from .deciding import approve, reject, reopen, return_claim, take, uphold, verify
from .money import SAID, approve_terms, open_budget, set_ceiling, write_terms
from .paying import bounce, bounce_paid, claw_back, close, order, pay, recover

__all__ = [
    "SAID", "answer", "approve", "approve_terms", "ask_again", "begin_claim", "bounce", "bounce_paid", "claw_back",
    "close", "confirm", "fill", "give_account", "give_paper", "lapse", "leave_paper_out", "open_budget", "order", "pay",
    "pre_approve", "recover", "reject", "reopen", "return_claim", "send", "set_ceiling", "take", "uphold", "verify",
    "withdraw", "write_terms",
]  # fmt: skip
