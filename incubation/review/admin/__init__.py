"""The staff's desk for expert review: rubrics, experts, rounds with their plan and results, files with their copies."""

from .experts import ExpertAdmin, RecusalAdmin
from .files import RoundFileAdmin
from .reviews import ReviewAdmin
from .rounds import RoundAdmin
from .rubrics import RubricAdmin

__all__ = ["ExpertAdmin", "RecusalAdmin", "ReviewAdmin", "RoundAdmin", "RoundFileAdmin", "RubricAdmin"]
