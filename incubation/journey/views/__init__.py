"""Pages of the stages: for everyone, for a tenant on its way, for those who score a gate."""

from .path import path
from .scoring import score
from .stages import stage, stages

__all__ = ["path", "score", "stage", "stages"]
