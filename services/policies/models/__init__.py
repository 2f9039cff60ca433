"""Policies, their versions, whom a release reached, and the verdict on each tenant."""

from .policies import GoldenCase, Policy, PolicyQuerySet, PolicyVersion
from .releases import Preview, Release, ReleaseChange, ReleaseQuerySet
from .verdicts import Judged, KnownUntil, NewFit, Verdict, VerdictChange
from .wishes import SetAside

__all__ = [
    "GoldenCase",
    "Judged",
    "KnownUntil",
    "NewFit",
    "Policy",
    "PolicyQuerySet",
    "PolicyVersion",
    "Preview",
    "Release",
    "ReleaseChange",
    "ReleaseQuerySet",
    "SetAside",
    "Verdict",
    "VerdictChange",
]
