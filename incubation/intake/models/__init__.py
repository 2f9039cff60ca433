"""Calls, forms as versioned data, and applications."""

from .applications import Application, ReceiptNumber, new_draft_ref
from .calls import Call, FormVersion
from .casefile import ApplicationDocument, InfoRequest, Revision

__all__ = [
    "Application", "ApplicationDocument", "Call", "FormVersion", "InfoRequest", "ReceiptNumber", "Revision",
    "new_draft_ref",
]  # fmt: skip
