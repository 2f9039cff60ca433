"""What happens to rubrics, rounds, copies and reviews: the only place that changes one."""

from park.workflow.actions import MoveRefused

from .closing import call_panel, close_round
from .copying import approve_copy, drop_paper, make_copy, replace_paper
from .declaring import declare, decline, record_recusal, recuse
from .planning import assign_one, confirm_plan, extend, make_plan, remind, replace
from .preparing import add_files, call_off, open_round, prepare_again, ready, remove_file
from .rubrics import new_version, publish
from .scoring import reopen, save_scores, send

__all__ = [
    "MoveRefused",
    "add_files",
    "approve_copy",
    "assign_one",
    "call_off",
    "call_panel",
    "close_round",
    "confirm_plan",
    "declare",
    "decline",
    "drop_paper",
    "extend",
    "make_copy",
    "make_plan",
    "new_version",
    "open_round",
    "prepare_again",
    "publish",
    "ready",
    "record_recusal",
    "recuse",
    "remind",
    "remove_file",
    "reopen",
    "replace",
    "replace_paper",
    "save_scores",
    "send",
]  # fmt: skip
