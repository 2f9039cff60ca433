"""The staff's desk for expert review: rubrics, experts, rounds with plan and results, files with copies, meetings."""

from .experts import ExpertAdmin, RecusalAdmin
from .files import RoundFileAdmin
from .meetings import MeetingAdmin
from .reviews import ReviewAdmin
from .rounds import RoundAdmin
from .rubrics import RubricAdmin

__all__ = ["ExpertAdmin", "MeetingAdmin", "RecusalAdmin", "ReviewAdmin", "RoundAdmin", "RoundFileAdmin", "RubricAdmin"]
