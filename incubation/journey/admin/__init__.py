"""The staff's desk for tenants: where each stands, since when, at which gate, and who lets it through."""

from .gates import GateAdmin
from .guides import MilestonePlanAdmin, StageGuideAdmin, StageLimitAdmin
from .inlines import HistoryInline, ReadOnly
from .problems import MentorshipAdmin, ProblemAdmin, StageEnrolmentAdmin
from .tenants import TenantAdmin
from .terms import GateTermsAdmin

__all__ = [
    "GateAdmin", "GateTermsAdmin", "HistoryInline", "MentorshipAdmin", "MilestonePlanAdmin", "ProblemAdmin",
    "ReadOnly", "StageEnrolmentAdmin", "StageGuideAdmin", "StageLimitAdmin", "TenantAdmin",
]  # fmt: skip
