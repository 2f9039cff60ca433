"""Rubrics, experts, rounds and the files in them, reviews, what experts read, and what they scored."""

from .agenda import AgendaItem, Ballot, Declaration, LiveScore
from .conflicts import Recusal
from .copies import CopyFile, ReadingCopy
from .experts import Expert
from .meetings import Attendance, KeptOff, Meeting, Seat, Signature
from .reviews import Reminder, Review, Scoring, Sheet, SheetLine
from .rounds import PhaseRule, Plan, Round, RoundFile
from .rubrics import Criterion, Rubric

__all__ = [
    "AgendaItem", "Attendance", "Ballot", "CopyFile", "Criterion", "Declaration", "Expert", "KeptOff", "LiveScore",
    "Meeting", "PhaseRule", "Plan", "ReadingCopy", "Recusal", "Reminder", "Review", "Round", "RoundFile", "Rubric",
    "Scoring", "Seat", "Sheet", "SheetLine", "Signature",
]  # fmt: skip
