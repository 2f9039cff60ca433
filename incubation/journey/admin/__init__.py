"""The staff's desk for tenants: where each stands, since when, at which gate, and who lets it through."""

from .gates import GateAdmin
from .guides import MilestonePlanAdmin, StageGuideAdmin, StageLimitAdmin
from .inlines import HistoryInline, ReadOnly
from .tenants import TenantAdmin
from .terms import GateTermsAdmin

__all__ = [
    "GateAdmin", "GateTermsAdmin", "HistoryInline", "MilestonePlanAdmin", "ReadOnly", "StageGuideAdmin",
    "StageLimitAdmin", "TenantAdmin",
]  # fmt: skip
