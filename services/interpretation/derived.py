"""Articles made from what a version says in its parts, for policies whose document was not captured word for word.

No wording of a document is made up: ``original`` stays empty, and the page leads to the source.
"""

from collections.abc import Iterable

from django.utils.translation import override

from services.policies.cards import conditions
from services.policies.models import PolicyVersion

from . import actions

HEADINGS = {
    "about": ("What it is about", "政策内容"),
    "who": ("Who can apply", "适用对象与条件"),
    "what": ("What it brings", "支持内容"),
    "papers": ("Which papers are asked for", "申报材料"),
    "way": ("How it goes", "办理流程"),
}


def articles_of(version: PolicyVersion) -> list[dict]:
    """Return the articles of a version from its summary, conditions, benefits, papers and steps."""
    parts = {
        "about": (version.summary_en or "", version.summary_zh_hans or ""),
        "who": (_conditions(version, "en"), _conditions(version, "zh-hans")),
        "what": _entries(version.benefits),
        "papers": _entries(version.documents),
        "way": _entries(version.steps),
    }
    return [
        {"heading_en": HEADINGS[name][0], "heading_zh_hans": HEADINGS[name][1], "plain_en": en, "plain_zh_hans": zh}
        for name, (en, zh) in parts.items()
        if zh
    ]


def write(version: PolicyVersion, by) -> None:
    """Give a draft its articles from its own parts."""
    actions.write_articles(version=version, articles=articles_of(version), by=by)


def _conditions(version: PolicyVersion, language: str) -> str:
    with override(language):
        return _lines(each["rule"] for each in conditions(version))


def _entries(entries: list[dict]) -> tuple[str, str]:
    return (
        _lines(each.get("en") or each.get("zh") for each in entries),
        _lines(each.get("zh") or each.get("en") for each in entries),
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)
