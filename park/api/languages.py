"""In which language an answer speaks: the one asked for, or both side by side."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework.exceptions import ValidationError

BOTH = "all"
CODES = tuple(code for code, _name in settings.LANGUAGES)


def accepted(request) -> str:
    """Return the language that the ``Accept-Language`` header asks for; English where it asks for none of ours."""
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if tag == "*":
            break
        try:
            return translation.get_supported_language_variant(tag)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


class Speech:
    """How one answer speaks. ``both`` gives every text as ``{"en": …, "zh-hans": …}``."""

    def __init__(self, code: str, both: bool = False):
        self.code, self.both = code, both

    @classmethod
    def of(cls, request) -> "Speech":
        """Return the speech that a call asks for by ``lang`` or by its header."""
        asked = request.GET.get("lang", "")
        if asked and asked not in (*CODES, BOTH):
            sentence = _("Choose one of: %(choices)s.") % {"choices": ", ".join((*CODES, BOTH))}
            raise ValidationError({"lang": [sentence]})
        return cls(asked if asked in CODES else accepted(request), asked == BOTH)

    def write(self, words: Callable[[], str]) -> str | dict[str, str]:
        """Return what ``words`` says, in this language or in both."""
        if not self.both:
            with translation.override(self.code):
                return str(words())
        return {code: self._in(code, words) for code in CODES}

    def column(self, row: dict, name: str) -> str | dict[str, str]:
        """Return a text kept in two columns; where one language is missing, the other stands in."""
        texts = {code: row[f"{name}_{code.replace('-', '_')}"] or "" for code in CODES}
        if self.both:
            return texts
        return texts[self.code] or next((text for text in texts.values() if text), "")

    def side_by_side(self, entries: Callable[[], list[dict]], spoken: tuple[str, ...]) -> list[dict]:
        """Return entries whose parts named in ``spoken`` are texts, or lists of texts, in this language or in both."""
        if not self.both:
            with translation.override(self.code):
                return entries()
        said = {}
        for code in CODES:
            with translation.override(code):
                said[code] = entries()
        return [
            first | {name: _together({code: said[code][place][name] for code in CODES}) for name in spoken}
            for place, first in enumerate(said[CODES[0]])
        ]

    def values(self, read: Callable[[], dict], spoken: bool) -> dict:
        """Return values by key; where they are texts (or lists of texts), in this language or in both."""
        if not (self.both and spoken):
            with translation.override(self.code):
                return read()
        said = {}
        for code in CODES:
            with translation.override(code):
                said[code] = read()
        return {key: _together({code: said[code][key] for code in CODES}) for key in said[CODES[0]]}

    @staticmethod
    def _in(code: str, words: Callable[[], str]) -> str:
        with translation.override(code):
            return str(words())


def _together(texts: dict):
    """Turn lists of texts by language into one list of texts in every language; single texts stay as they are."""
    if not isinstance(next(iter(texts.values())), list):
        return texts
    return [dict(zip(texts, each, strict=True)) for each in zip(*texts.values(), strict=True)]


def columns(name: str) -> tuple[str, ...]:
    """Return the columns that hold a text in two languages."""
    return tuple(f"{name}_{code.replace('-', '_')}" for code in CODES)
