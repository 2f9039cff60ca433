"""What can be done with policies, and the only place that changes them. A verb is a line of ``states.py``."""

from .capturing import DuplicateLikely, capture, keep_source
from .drafting import ABOUT, CASE, WORDING, draft_version, revise, set_cases
from .refusals import CaseNotRight, Drifted, NotFresh, RuleNotRight
from .releasing import FRESH, archive, close, preview, release, schedule, unschedule, withdraw
from .reviewing import approve, cancel, return_for_changes, send_for_review
from .stopping import pause_release, resume_release
from .wishes import set_aside, take_up_again

__all__ = [
    "ABOUT", "CASE", "FRESH", "WORDING", "CaseNotRight", "Drifted", "DuplicateLikely", "NotFresh", "RuleNotRight",
    "approve", "archive", "cancel", "capture", "close", "draft_version", "keep_source", "pause_release", "preview",
    "release", "resume_release", "return_for_changes", "revise", "schedule", "send_for_review", "set_aside",
    "set_cases", "take_up_again", "unschedule", "withdraw",
]  # fmt: skip
