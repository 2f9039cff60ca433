"""Which version of a policy the catalogue shows: the released one; where none is, the newest that is listed."""

from .. import words
from ..models import Policy, PolicyVersion
from ..states import LISTED, State


def show(version: PolicyVersion) -> None:
    """Make a version the one that the catalogue shows and finds."""
    _point(version.policy, version)


def show_right_one(policy: Policy) -> None:
    """Look again which version is shown, after one of them ended. None is left where all were taken back."""
    listed = policy.versions.select_related("policy")
    _point(
        policy,
        listed.filter(state=State.RELEASED).first() or listed.filter(state__in=LISTED).order_by("-number").first(),
    )


def _point(policy: Policy, version: PolicyVersion | None) -> None:
    found = words.vector(*_words_of(version)) if version else None
    Policy.objects.filter(pk=policy.pk).update(current=version, search=found)
    policy.refresh_from_db(fields=["current"])


def _words_of(version: PolicyVersion) -> tuple[str, str]:
    policy = version.policy
    title = " ".join((version.title_en, version.title_zh_hans))
    body = " ".join(
        (
            version.summary_en, version.summary_zh_hans, policy.issuing_body_en or "",
            policy.issuing_body_zh_hans or "", policy.document_no, " ".join(policy.tags),
            *(text for entries in (version.benefits, version.documents) for entry in entries for text in _texts(entry)),
        )
    )  # fmt: skip
    return title, body


def _texts(entry: dict) -> tuple[str, str]:
    return entry.get("en") or "", entry.get("zh") or ""
