"""What happens to a tenant: the only place that moves it from stage to stage, through gates, in and out of the park."""

from .admission import admit, found_company, link_enterprise
from .deciding import advance, advance_with_conditions, hold, meet_condition, review_plan
from .gates import assign, check, request_gate, score, send_back, step_aside, still_open, waive, withdraw
from .leaving import announce_exit, announced, exit, hand_over, take_back_exit
from .path import add_milestone, reach_milestone, show_paper
from .standing import correct, drop_correction, extend, look_again, propose_correction, resume, suspend
from .terms import draft_terms, drop_terms, faults, publish_terms, revise_terms
from .watching import watch

__all__ = [
    "add_milestone", "admit", "advance", "advance_with_conditions", "announce_exit", "announced", "assign", "check",
    "correct", "draft_terms", "drop_correction", "drop_terms", "exit", "extend", "faults", "found_company",
    "hand_over", "hold", "link_enterprise", "look_again", "meet_condition", "propose_correction", "publish_terms",
    "reach_milestone", "request_gate", "resume", "review_plan", "revise_terms", "score", "send_back", "show_paper",
    "step_aside", "still_open", "suspend", "take_back_exit", "waive", "watch", "withdraw",
]  # fmt: skip
