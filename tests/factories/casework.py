"""Flags, absences and messages, by the verbs that officers use."""

import datetime as dt

from django.utils import timezone

from park.casework import actions
from park.casework.models import Absence, Flag
from park.workflow.calendar import beijing_day
from tests.factories.accounts import make_staff
from tests.factories.profiles import make_talent


def make_flagger(**fields):
    return make_staff("casework.add_flag", "casework.view_flag", "profiles.view_talent", **fields)


def make_flag(record=None, **fields) -> Flag:
    standard = {"kind": "care", "reason": "Ask for the contract first.", "by": fields.pop("by", None) or make_flagger()}
    return actions.raise_flag(record=record or make_talent(), **standard | fields)


def make_absence(officer=None, substitute=None, *, days: int = 5, begins: int = 0) -> Absence:
    officer, first = officer or make_staff(), beijing_day(timezone.now()) + dt.timedelta(begins)
    return actions.be_away(
        officer=officer, substitute=substitute or make_staff(), by=officer, first_day=first,
        last_day=first + dt.timedelta(days),
    )  # fmt: skip
