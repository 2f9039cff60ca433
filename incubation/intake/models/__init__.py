"""Calls, forms as versioned data, applications, and what was decided on them."""

from .applications import Application, ReceiptNumber, new_draft_ref
from .batches import Batch, BatchRow
from .calls import Call
from .casefile import ApplicationDocument, InfoRequest, Revision
from .decisions import Condition, Decision, SecondLook
from .drafting import PaperExcuse, TaskLease
from .entry import EntryRule, EntryVerdict
from .forms import ApplicationForm, FormVersion
from .likeness import Likeness
from .team import CoApplicant, Role, Signature, TeamAct, TeamInvitation

__all__ = [
    "Application", "ApplicationDocument", "ApplicationForm", "Batch", "BatchRow", "Call", "CoApplicant", "Condition",
    "Decision", "EntryRule", "EntryVerdict", "FormVersion", "InfoRequest", "Likeness", "PaperExcuse", "ReceiptNumber",
    "Revision", "Role", "SecondLook", "Signature", "TaskLease", "TeamAct", "TeamInvitation", "new_draft_ref",
]  # fmt: skip
