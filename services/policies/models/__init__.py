"""Policies, their versions, whom a release reached, and the verdict on each tenant."""

from .policies import GoldenCase, Policy, PolicyQuerySet, PolicyVersion
from .releases import Preview, Release, ReleaseChange, ReleaseQuerySet
from .verdicts import Judged, KnownUntil, Verdict, VerdictChange

__all__ = [
    "GoldenCase",
    "Judged",
    "KnownUntil",
    "Policy",
    "PolicyQuerySet",
    "PolicyVersion",
    "Preview",
    "Release",
    "ReleaseChange",
    "ReleaseQuerySet",
    "Verdict",
    "VerdictChange",
]
