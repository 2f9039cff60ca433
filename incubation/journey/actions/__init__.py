"""What happens to a tenant: the only place that moves it from stage to stage, through gates, in and out of the park."""

from .admission import admit, found_company, link_enterprise
from .deciding import advance, advance_with_conditions, hold, meet_condition, review_plan
from .gates import assign, check, request_gate, score, send_back, step_aside, still_open, waive, withdraw
from .leaving import announce_exit, announced, exit, hand_over, take_back_exit
from .mentors import assign_mentor, end_mentorship, log_meeting
from .path import add_milestone, reach_milestone, show_paper
from .problems import (
    answer_problem,
    ask_about_problem,
    confirm_problem,
    drop_problem,
    pass_on_problem,
    raise_problem,
    reopen_problem,
    settle_problem,
    solve_problem,
    take_problem,
)
from .standing import correct, drop_correction, extend, look_again, propose_correction, resume, suspend
from .terms import draft_terms, drop_terms, faults, publish_terms, revise_terms
from .watching import watch

__all__ = [
    "add_milestone", "admit", "advance", "advance_with_conditions", "announce_exit", "announced", "answer_problem",
    "ask_about_problem", "assign", "assign_mentor", "check", "confirm_problem", "correct", "draft_terms",
    "drop_correction", "drop_problem", "drop_terms", "end_mentorship", "exit", "extend", "faults", "found_company",
    "hand_over", "hold", "link_enterprise", "log_meeting", "look_again", "meet_condition", "pass_on_problem",
    "propose_correction", "publish_terms", "raise_problem", "reach_milestone", "reopen_problem", "request_gate",
    "resume", "review_plan", "revise_terms", "score", "send_back", "settle_problem", "show_paper", "solve_problem",
    "step_aside", "still_open", "suspend", "take_back_exit", "take_problem", "waive", "watch", "withdraw",
]  # fmt: skip
