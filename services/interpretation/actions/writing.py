"""Articles and their plain words."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, MoveRefused, NotYours, Stale, verb
from services.policies.models import PolicyVersion
from services.policies.states import State

from .. import access
from ..models import Article

TEXTS = ("heading_en", "heading_zh_hans", "original", "plain_en", "plain_zh_hans")


def mark_of(version: PolicyVersion) -> str:
    """Return a mark of the articles of a version as they stand: what an officer had read."""
    rows = list(version.articles.order_by("number").values_list(*TEXTS))
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:16]


def _as_read(version: PolicyVersion, read: str | None) -> None:
    if read is not None and read != mark_of(version):
        raise Stale(
            _(
                "Somebody else wrote these articles while you had them open. What you typed is still here. Open the "
                "page anew beside it to read what stands there now."
            )
        )


@verb
def write_articles(
    *, version: PolicyVersion, articles: Iterable[Mapping], by, read: str | None = None
) -> list[Article]:
    """Write the articles of a draft, all of them anew, numbered as they come. ``read`` is the mark of what was read.

    Raises MoveRefused once the version was sent, Stale if they were written meanwhile, GuardFailed if one has no
    heading or no plain words in Chinese.
    """
    if not access.may_write(by):
        raise NotYours
    version = PolicyVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    if version.state != State.DRAFT:
        raise MoveRefused(_("Only the articles of a draft can be rewritten. Put the plain words better instead."))
    _as_read(version, read)
    made = [
        Article(version=version, number=number, **{name: (given.get(name) or "").strip() for name in TEXTS})
        for number, given in enumerate(articles, start=1)
    ]
    for article in made:
        if not article.heading_zh_hans or not article.plain_zh_hans:
            raise GuardFailed(
                _("Article %(number)s needs a heading and plain words in Chinese.") % {"number": article.number},
                code="not-complete",
            )
    Article.objects.filter(version=version).delete()
    return Article.objects.bulk_create(made)


@verb
def reword(*, article: Article, plain_en: str, plain_zh_hans: str, by) -> Article:
    """Put the plain words of an article better, at any time. What the document says stays as it was sent."""
    if not access.may_write(by):
        raise NotYours
    if not plain_zh_hans.strip():
        raise GuardFailed(_("Write the plain words in Chinese at least."), code="not-complete")
    article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
    article.plain_en, article.plain_zh_hans = plain_en.strip(), plain_zh_hans.strip()
    article.save(update_fields=["plain_en", "plain_zh_hans"])
    return article


@verb
def reword_all(*, version: PolicyVersion, words: Mapping[int, tuple[str, str]], by, read: str | None = None) -> None:
    """Put the plain words of several articles better: by article, in English and in Chinese.

    Raises Stale if somebody else wrote them since they were read.
    """
    if not access.may_write(by):
        raise NotYours
    version = PolicyVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    _as_read(version, read)
    for article in version.articles.filter(pk__in=words):
        english, chinese = words[article.pk]
        reword(article=article, by=by, plain_en=english, plain_zh_hans=chinese)


def carry(old: PolicyVersion, new: PolicyVersion) -> None:
    """Let a next version begin with the articles of the one before."""
    Article.objects.bulk_create(
        Article(version=new, number=each.number, **{name: getattr(each, name) for name in TEXTS})
        for each in old.articles.all()
    )
