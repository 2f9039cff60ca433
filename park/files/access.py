"""Who may read which papers. The owner may; every other reason comes from the room whose work needs the paper."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from .models import Document


@dataclass(frozen=True)
class Reader:
    """A reason to read: which papers a person may read by it, and the words that stand in the log."""

    rule: Callable  # user -> Q over Document
    why: str


_readers: dict[str, Reader] = {}
_uses: list[Callable] = []


def register_reader(rule: Callable, why: str) -> None:
    """Add a reason to read: ``rule(user)`` is a Q over Document, best ``Q(pk__in=…)``; ``why`` a phrase for the log.

    For the AppConfig.ready of the rooms above. The rule is asked at each request.
    """
    _readers[why] = Reader(rule, why)


def register_use(used_for: Callable) -> None:
    """Add what papers are used for: ``used_for(documents) -> {document pk: [words, …]}``, shown to the owner."""
    if used_for not in _uses:
        _uses.append(used_for)


def readable_by(user):
    """Return the documents that this person may read now."""
    if not user.is_authenticated:
        return Document.objects.none()
    reasons = Q(owner=user)
    for reader in _readers.values():
        reasons |= reader.rule(user)
    return Document.objects.filter(reasons).distinct()


def reason_of(user, document: Document) -> str:
    """Return the reason by which somebody else may read this document; empty if there is none."""
    for reader in _readers.values():
        if Document.objects.filter(reader.rule(user), pk=document.pk).exists():
            return reader.why
    return ""


def uses_of(documents) -> dict[int, list[str]]:
    """Return what each of these documents is used for."""
    found: dict[int, list[str]] = {document.pk: [] for document in documents}
    for used_for in _uses:
        for pk, words in used_for(documents).items():
            found[pk] += words
    return found
