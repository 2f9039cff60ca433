"""The words of several notices at once, for the inbox, the digest and the mail: few questions, however many notices."""

import json
from collections import defaultdict
from collections.abc import Iterable

import structlog
from django.utils.translation import get_language

from . import kinds, letters
from .kinds import Key, Kind
from .letters import Letter, TemplateFault
from .models import Notice

log = structlog.get_logger(__name__)


def key_of(notice: Notice) -> Key:
    return Key(notice.recipient_id, notice.subject_id, notice.version)


def by_kind(notices: Iterable[Notice]) -> dict[str, list[Notice]]:
    grouped = defaultdict(list)
    for notice in notices:
        grouped[notice.kind].append(notice)
    return grouped


def contexts(kind: Kind, notices: list[Notice]) -> dict[int, dict]:
    """Return what each notice is written from, by its id; one whose subject is gone is left out."""
    if not kind.is_mass:
        return {notice.pk: notice.context or {} for notice in notices}
    shared = kind.load({(notice.subject_id, notice.version) for notice in notices})
    personal = kind.personal([key_of(notice) for notice in notices]) if kind.personal else {}
    return {
        notice.pk: {**shared[notice.subject_id, notice.version], **personal.get(key_of(notice), {})}
        for notice in notices
        if (notice.subject_id, notice.version) in shared and (not kind.personal or key_of(notice) in personal)
    }


def same(context: dict) -> str:
    """Return a text that is the same for contexts that say the same."""
    return json.dumps(context, sort_keys=True, default=str)


def letters_of(notices: Iterable[Notice], language: str | None = None) -> dict[int, Letter]:
    """Return the letter of each notice by its id: as it was kept, or written now. What cannot be written says so."""
    language = language or get_language() or "en"
    found = {}
    for name, group in by_kind(notices).items():
        kind = kinds.find(name)
        found |= {notice.pk: Letter.from_data(notice.letter) for notice in group if notice.letter}
        to_write = [notice for notice in group if not notice.letter]
        if kind and to_write:
            found |= _write(kind, to_write, language)
        for notice in to_write:
            found.setdefault(notice.pk, letters.missing(language))
    return found


def _write(kind: Kind, notices: list[Notice], language: str) -> dict[int, Letter]:
    written, found = {}, {}
    for pk, context in contexts(kind, notices).items():
        known = same(context)
        if known not in written:
            try:
                written[known] = letters.write(kind, context, language)
            except TemplateFault as fault:
                log.error("notices.template_fault", kind=kind.name, fault=str(fault)[:200])
                written[known] = None
        if written[known]:
            found[pk] = written[known]
    return found
