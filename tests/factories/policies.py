"""Policies, valid as they come: drafted, checked and listed by two officers, for companies of any kind."""

import datetime as dt
from decimal import Decimal
from itertools import count

from park.accounts.models import User
from park.rules.advice import advise
from park.rules.judge import judge
from services.interpretation import actions as interpretation
from services.policies import actions
from services.policies.models import Policy, PolicyVersion, Release

from .accounts import make_staff

number = count(1)
OFFICER = (
    "policies.view_policy", "policies.add_policy", "policies.change_policy", "policies.view_policyversion",
    "policies.add_policyversion", "policies.change_policyversion",
)  # fmt: skip
REVIEWER = (*OFFICER, "policies.review_policy")
MANAGER = ("policies.view_policy", "policies.view_policyversion", "policies.release_policy", "policies.view_release")
ABOUT = {
    "level": "municipal", "region": "CN-JL-CC", "kind": "subsidy", "applicant": "enterprise", "confidence": "high",
    "issuing_body_en": "City Talent Office", "issuing_body_zh_hans": "市人才办", "source_document": "Notice 1",
    "issued_on": dt.date(2026, 1, 5),
}  # fmt: skip
ARTICLE = {"heading_en": "Whom it is for", "heading_zh_hans": "适用对象", "plain_en": "You.", "plain_zh_hans": "您。"}


def make_officer() -> User:
    return make_staff(*OFFICER)


def make_reviewer() -> User:
    return make_staff(*REVIEWER)


def make_manager() -> User:
    return make_staff(*MANAGER)


def rule(*nodes: dict) -> dict:
    return {"version": 1, "all": list(nodes)}


def criterion(fact: str, op: str, value=None, **more) -> dict:
    return {"fact": fact, "op": op} | ({} if value is None else {"value": value}) | more


def staff_at_least(number_of: int) -> dict:
    return criterion("enterprise.headcount", "gte", number_of)


def make_draft(*, by: User | None = None, slug="", about: dict | None = None, cases=None, **wording) -> PolicyVersion:
    nth = next(number)
    standard = {
        "title_en": f"Start-up grant {nth}", "title_zh_hans": f"创业资助 {nth}", "summary_en": "A single payment.",
        "summary_zh_hans": "一次性资助。", "rule": rule(staff_at_least(3)), "contact_zh_hans": "政策服务岗",
        "benefits": [{"en": "A single payment.", "zh": "一次性资助。", "type": "service"}],
        "is_standing": not wording.keys() & {"valid_from", "valid_until", "deadline"},
    }  # fmt: skip
    by = by or make_officer()
    version = actions.draft_version(
        slug=slug or f"policy-{nth}", about=ABOUT | (about or {}), wording=standard | wording, by=by
    )
    actions.set_cases(version=version, cases=cases_for(version) if cases is None else cases, by=by)
    interpretation.write_articles(version=version, articles=[ARTICLE], by=by)
    return version


def make_case(expected: str, facts: dict, name: str = "") -> dict:
    name = name or f"Case {next(number)}"
    return {"name_en": name, "name_zh_hans": name, "expected": expected, "facts": facts, "source": "Notice 1"}


def cases_for(version: PolicyVersion) -> list[dict]:
    """Return a subject that fits, where one is easily found, and one of whom nothing is known."""
    nothing = judge(version.parsed, {})
    found = advise(nothing)
    nobody = make_case(nothing.verdict, {}, "Nobody known")
    if found is None:
        return [nobody]
    return [make_case("fits", {key: _plain(value) for key, value in found.changes.items()}, "Fits"), nobody]


def _plain(value):
    return str(value) if isinstance(value, Decimal | dt.date) else value


def make_version(*, reviewer: User | None = None, **fields) -> PolicyVersion:
    """A version that the catalogue shows."""
    version = make_draft(**fields)
    actions.send_for_review(version=version, by=version.author)
    actions.approve(version=version, by=reviewer or make_reviewer())
    version.policy.refresh_from_db()
    return version


def make_policy(**fields) -> Policy:
    return make_version(**fields).policy


def release(version: PolicyVersion, by: User | None = None) -> Release:
    """Preview and release; in tests the work is done at once, when the transaction is over."""
    by = by or make_manager()
    return actions.release(version=version, by=by, previewed=actions.preview(version=version, by=by))
