"""The self-check: four answers, turned into facts. A range counts only where both its ends say the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.rules.states import Verdict as Word

from . import judging
from .kinds import Applicant
from .models import Policy


class Living(models.TextChoices):
    ABROAD = "abroad", _("Outside mainland China")
    BACK_YEAR = "back_year", _("In China, back within the last 12 months")
    BACK_LONGER = "back_longer", _("In China, back for longer")
    CHINA = "china", _("In China, I never lived abroad")


class Learned(models.TextChoices):
    DOCTOR_ABROAD = "doctor_abroad", _("Doctorate from abroad")
    MASTER_ABROAD = "master_abroad", _("Master’s from abroad")
    BACHELOR_ABROAD = "bachelor_abroad", _("Bachelor’s from abroad")
    DOCTOR = "doctor", _("Doctorate from China")
    MASTER = "master", _("Master’s from China")
    BACHELOR = "bachelor", _("Bachelor’s from China")
    NONE = "none", _("No degree")


class Company(models.TextChoices):
    NOT_YET = "none", pgettext_lazy("company", "Not yet")
    ABROAD = "abroad", _("Registered abroad")
    YEAR_1 = "y1", _("In China, younger than 1 year")
    YEARS_3 = "y3", _("In China, 1 to 3 years old")
    YEARS_5 = "y5", _("In China, 3 to 5 years old")
    YEARS_10 = "y10", _("In China, 5 to 10 years old")
    OLDER = "older", _("In China, older than 10 years")


MONTHS = {Company.YEAR_1: (0, 11), Company.YEARS_3: (12, 35), Company.YEARS_5: (36, 59), Company.YEARS_10: (60, 119),
          Company.OLDER: (120, 600)}  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """What was answered, as facts: those at the low end of each range, and those at the high end."""

    low: Mapping[str, object]
    high: Mapping[str, object]
    company: str

    def addressed(self, policy: Policy) -> bool:
        """Return whether somebody like this can apply at all."""
        if policy.applicant == Applicant.ENTERPRISE:
            return self.company in MONTHS
        return policy.applicant in {Applicant.TALENT, Applicant.PROJECT}


def facts_of(given: Mapping[str, str]) -> Answers:
    """Turn the answers of the form into facts; what was left open stays unknown."""
    low: dict[str, object] = {}
    if living := given.get("living"):
        low["talent.studying_or_working_abroad"] = living == Living.ABROAD
        if living != Living.ABROAD:
            low["talent.is_returnee"] = living != Living.CHINA
        if living == Living.CHINA:
            low["talent.months_abroad"] = 0
    if learned := given.get("degree"):
        low["talent.degree"] = learned.removesuffix("_abroad")
        low["talent.degree_abroad"] = learned.endswith("_abroad")
    if sector := given.get("field"):
        low |= {"project.sector": sector, "tenant.sector": sector}
    high = dict(low)
    company = given.get("company") or ""
    if company in MONTHS:
        youngest, oldest = MONTHS[company]
        of_company = {"enterprise.registered_country": "CN", "enterprise.legal_person": True}
        if sector:
            of_company["enterprise.sector"] = sector
        low |= of_company | {"enterprise.age_months": youngest, "enterprise.age_days": youngest * 30}
        high |= of_company | {"enterprise.age_months": oldest, "enterprise.age_days": oldest * 31}
        if company == Company.YEARS_3:
            low["enterprise.age_days"] = 365
    elif company == Company.ABROAD:
        low["enterprise.registered_country"] = high["enterprise.registered_country"] = "other"
    if living == Living.BACK_YEAR:
        low["talent.months_since_first_entry_after_study"], high["talent.months_since_first_entry_after_study"] = 0, 11
    elif living == Living.BACK_LONGER:
        low["talent.months_since_first_entry_after_study"], high["talent.months_since_first_entry_after_study"] = (
            12,
            600,
        )
    return Answers(low, high, company)


def sure(answers: Answers) -> dict[str, object]:
    """Return the facts that both ends agree on."""
    return {key: value for key, value in answers.low.items() if answers.high.get(key) == value}


def check(given: Mapping[str, str], now=None) -> list[judging.Match]:
    """Return what the running policies say of somebody with these answers, best fit first. Nothing is kept."""
    answers = facts_of(given)
    found = [_match(policy, answers) for policy in judging.running(now) if answers.addressed(policy)]
    return sorted(found, key=lambda match: match.order)


def _match(policy: Policy, answers: Answers) -> judging.Match:
    """Judge one policy. A range stays unknown unless both its ends say the same of every condition."""
    rule, known = judging.rule_of(policy.current), sure(answers)
    asked = {fact.key for fact in rule.facts}
    for key in (set(answers.low) - set(known)) & asked:
        low, high = ({**known, key: end[key]} for end in (answers.low, answers.high))
        if judging.masks(rule, low) == judging.masks(rule, high):
            known = low
    return judging.of_answers(policy, known)


def tally(matches: list[judging.Match]) -> dict[str, int]:
    """Count the verdicts."""
    words = [match.verdict for match in matches]
    return {str(word): words.count(str(word)) for word in Word}
