"""What happens to rubrics, rounds, copies and reviews: the only place that changes one."""

from park.workflow.actions import MoveRefused

from .agenda import (
    call_item,
    close_vote,
    declare_for_meeting,
    open_vote,
    propose_all,
    propose_result,
    put_off,
    save_minutes,
    score_again,
    score_live,
    step_aside,
    vote,
)
from .closing import call_panel, close_round
from .copying import approve_copy, drop_paper, make_copy, replace_paper
from .declaring import declare, decline, record_recusal, recuse
from .meetings import (
    attend,
    call_off_meeting,
    change_meeting,
    close_meeting,
    correct_minutes,
    open_meeting,
    plan_meeting,
    sign,
)
from .planning import assign_one, confirm_plan, extend, make_plan, remind, replace
from .preparing import (
    add_files,
    call_off,
    change_round,
    change_rules,
    open_round,
    prepare_again,
    ready,
    remove_file,
    tag_file,
)
from .rubrics import new_version, publish
from .scoring import reopen, save_scores, send

__all__ = [
    "MoveRefused",
    "add_files",
    "approve_copy",
    "assign_one",
    "attend",
    "call_item",
    "call_off",
    "call_off_meeting",
    "call_panel",
    "change_meeting",
    "change_round",
    "change_rules",
    "close_meeting",
    "close_round",
    "close_vote",
    "confirm_plan",
    "correct_minutes",
    "declare",
    "declare_for_meeting",
    "decline",
    "drop_paper",
    "extend",
    "make_copy",
    "make_plan",
    "new_version",
    "open_meeting",
    "open_round",
    "open_vote",
    "plan_meeting",
    "prepare_again",
    "propose_all",
    "propose_result",
    "publish",
    "put_off",
    "ready",
    "record_recusal",
    "recuse",
    "remind",
    "remove_file",
    "reopen",
    "replace",
    "replace_paper",
    "save_minutes",
    "save_scores",
    "score_again",
    "score_live",
    "send",
    "sign",
    "step_aside",
    "tag_file",
    "vote",
]  # fmt: skip
