"""Policies that a new one may be the same as: by document number, by the very file, by the words of the title."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import FloatField, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from . import words
from .models import Policy, PolicyVersion
from .states import State

# How much of an English title, of the words of a Chinese one, and of its letters in their order is the same.
LIKE_ENOUGH, WORDS_ENOUGH, LETTERS_ENOUGH = 0.7, 0.7, 0.8
MOST = 5
BESIDE_THE_NUMBER = re.compile(r"[\s\[\]()〔〕［］（）【】<>《》.,，。·号]+")


@dataclass
class Likely:
    """A policy that may be the same, and what speaks for it."""

    policy: Policy
    because: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return _("%(policy)s: %(because)s") % {"policy": self.policy, "because": ", ".join(self.because)}


def likely(*, document_no: str = "", title_en: str = "", title_zh: str = "", sha256: str = "") -> list[Likely]:
    """Return the policies that look like the one described, most reasons first. Given-up drafts do not count."""
    found: dict[int, list[str]] = {}
    number = plain_number(document_no)
    if number:
        for pk, other in Policy.objects.exclude(document_no="").values_list("pk", "document_no"):
            if plain_number(other) == number:
                found.setdefault(pk, []).append(_("the same document number"))
    if sha256:
        for pk in PolicyVersion.objects.filter(source_file__sha256=sha256).values_list("policy", flat=True):
            found.setdefault(pk, []).append(_("the very same source document"))
    for pk in _alike(title_en, title_zh):
        found.setdefault(pk, []).append(_("a title like it"))
    standing = PolicyVersion.objects.exclude(state=State.CANCELLED).values("policy")
    policies = Policy.objects.filter(pk__in=found).filter(pk__in=standing).select_related("current")
    listed = [Likely(policy, list(dict.fromkeys(found[policy.pk]))) for policy in policies]
    return sorted(listed, key=lambda each: (-len(each.because), each.policy.pk))[:MOST]


def plain_number(text: str) -> str:
    """Return a document number without brackets, blanks and points, in which people differ."""
    return BESIDE_THE_NUMBER.sub("", text or "").casefold()


def _alike(title_en: str, title_zh: str) -> set[int]:
    versions = PolicyVersion.objects.exclude(state=State.CANCELLED)
    near = set()
    asked = [
        TrigramSimilarity(name, title.strip()[:300])
        for name, title in (("title_en", title_en), ("title_zh_hans", title_zh))
        if title and title.strip()
    ]
    if asked:
        alike = Greatest(*(Coalesce(each, Value(0.0)) for each in asked), Value(0.0), output_field=FloatField())
        near = set(versions.annotate(alike=alike).filter(alike__gte=LIKE_ENOUGH).values_list("policy", flat=True))
    title = (title_zh or "").strip()
    mine, letters = set(words.asked(title)), SequenceMatcher(b=title, autojunk=False)
    for pk, other in versions.values_list("policy", "title_zh_hans") if title else ():
        theirs = set(words.asked(other or ""))
        letters.set_seq1(other or "")
        if len(mine & theirs) >= WORDS_ENOUGH * len(mine | theirs) or (
            letters.real_quick_ratio() >= LETTERS_ENOUGH and letters.quick_ratio() >= LETTERS_ENOUGH
            and letters.ratio() >= LETTERS_ENOUGH
        ):  # fmt: skip
            near.add(pk)
    return near
