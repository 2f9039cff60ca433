"""Calls, forms as versioned data, applications, and what was decided on them."""

from .applications import Application, ReceiptNumber, new_draft_ref
from .calls import Call, FormVersion
from .casefile import ApplicationDocument, InfoRequest, Revision
from .decisions import Condition, Decision, SecondLook

__all__ = [
    "Application", "ApplicationDocument", "Call", "Condition", "Decision", "FormVersion", "InfoRequest",
    "ReceiptNumber", "Revision", "SecondLook", "new_draft_ref",
]  # fmt: skip
