"""Rubrics, experts, rounds and the files in them, reviews, what experts read, and what they scored."""

from .conflicts import Recusal
from .copies import CopyFile, ReadingCopy
from .experts import Expert
from .reviews import Reminder, Review, Scoring, Sheet, SheetLine
from .rounds import PhaseRule, Plan, Round, RoundFile
from .rubrics import Criterion, Rubric

__all__ = [
    "CopyFile", "Criterion", "Expert", "PhaseRule", "Plan", "ReadingCopy", "Recusal", "Reminder", "Review", "Round",
    "RoundFile", "Rubric", "Scoring", "Sheet", "SheetLine",
]  # fmt: skip
