"""What the pages of a policy's plain words show, every part made ready."""

import datetime as dt

from django.utils.translation import gettext as _

from park.pages.differences import SAME
from park.pages.wording import local_date
from services.policies import cards, comparing
from services.policies.kinds import Live
from services.policies.models import Policy, PolicyVersion
from services.policies.states import LISTED

from .models import Involvement, Question


def listed(now: dt.datetime | None = None):
    """Return the policies whose plain words everybody reads."""
    return Policy.objects.listed().with_status(now).select_related("current").defer("search")


def text_of(policy: Policy) -> dict:
    """Return the articles of the version that the catalogue shows, in their order."""
    version = policy.current
    articles = list(version.articles.all())
    return {
        "policy": policy,
        "version": version,
        "articles": articles,
        "quoted": any(article.original for article in articles),
        **changes_of(version),
        "live": Live(policy.live),
    }


def changes_of(version: PolicyVersion) -> dict:
    """Return what a version changed against the one that the catalogue showed before it; nothing for a first one."""
    before = (
        PolicyVersion.objects.filter(policy=version.policy_id, number__lt=version.number, state__in=LISTED)
        .select_related("policy")
        .order_by("-number")
        .first()
        if version.number > 1
        else None
    )
    if before is None:
        return {"before": None, "changes": []}
    rows = [*comparing.rules(before, version), *comparing.words(before, version)]
    return {"before": before, "changes": [row for row in rows if row.what != SAME]}


def handbook_of(policy: Policy) -> dict:
    """Return who, what, how much, which papers, where and until when, from what the version says."""
    parts = Involvement.objects.filter(policy=policy, department__is_active=True).select_related("department")
    version = policy.current
    everything = cards.conditions(version)
    return {
        "policy": policy,
        "version": version,
        "live": Live(policy.live),
        "who": [each["rule"] for each in everything if not each["preferred"]],
        "helps": [each["rule"] for each in everything if each["preferred"]],
        "what": version.benefit_words,
        "how_much": cards.amount(version) if version.amount_max is not None else _("The document names no ceiling."),
        "papers": version.document_words,
        "steps": version.step_words,
        "where": version.contact,
        "until_when": until_when(version),
        "departments": [
            {
                "name": part.department.name,
                "role": part.get_role_display(),
                "reach": " · ".join(
                    each for each in (part.department.contact, part.department.phone, part.department.email) if each
                ),
            }
            for part in parts
        ],
    }


def draft_of(version: PolicyVersion) -> dict:
    """Return what a department reads of a draft it is asked about."""
    everything = cards.conditions(version)
    return {
        "version": version,
        "contact": version.contact,
        "parts": [
            (_("Who can apply"), [each["rule"] for each in everything if not each["preferred"]]),
            (_("What it brings"), version.benefit_words),
            (_("Which papers it asks for"), version.document_words),
            (_("How it goes"), version.step_words),
        ],
        "facts": [*until_when(version), *([(_("Whom to ask"), version.contact)] if version.contact else [])],
    }


def until_when(version: PolicyVersion) -> list[tuple[str, str]]:
    if version.is_standing:
        return [(_("When"), _("At any time"))]
    known = [
        (_("In force from"), local_date(version.valid_from) if version.valid_from else ""),
        (_("In force until"), local_date(version.valid_until) if version.valid_until else ""),
        (_("Closes"), local_date(version.deadline, "moment") if version.deadline else _("No deadline")),
    ]
    return [(label, day) for label, day in known if day]


def published(policy: Policy):
    return Question.objects.filter(policy=policy).published()
