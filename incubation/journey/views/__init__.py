"""Pages of the stages: for everyone, for a tenant on its way, for those who score a gate or mentor."""

from .mentoring import mentoring
from .path import path
from .problems import problem, problems
from .scoring import score
from .stages import stage, stages

__all__ = ["mentoring", "path", "problem", "problems", "score", "stage", "stages"]
