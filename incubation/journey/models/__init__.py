"""Tenants, the stages they stand in, and the gates between them."""

from ..states import TenantState
from .evidence import Evidence
from .gates import Gate, GateCondition, GateScorer, GateTerms, GateWaiver, in_language
from .guides import Milestone, MilestonePlan, StageGuide, StageLimit
from .leaving import HandoverItem, StageCorrection, TenantExit
from .problems import MentorMeeting, Mentorship, Problem
from .tenants import Extension, StageEnrolment, Suspension, Tenant

__all__ = [
    "Evidence", "Extension", "Gate", "GateCondition", "GateScorer", "GateTerms", "GateWaiver", "HandoverItem",
    "MentorMeeting", "Mentorship", "Milestone", "MilestonePlan", "Problem", "StageCorrection",
    "StageEnrolment", "StageGuide", "StageLimit", "Suspension", "Tenant", "TenantExit", "TenantState", "in_language",
]  # fmt: skip
