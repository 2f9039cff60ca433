"""Claims of tenants under a policy, the terms on which the park takes them, and the money that is there for them."""

from .claims import Claim, ClaimQuerySet, ClaimVerdict, Fallback, Paper
from .money import Budget, BudgetQuerySet, Rhythm, Terms

__all__ = [
    "Budget", "BudgetQuerySet", "Claim", "ClaimQuerySet", "ClaimVerdict", "Fallback", "Paper", "Rhythm", "Terms",
]  # fmt: skip
