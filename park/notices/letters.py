"""The words of a notice: rendered from its kind's template, in the reader's language, as plain text in named parts."""

import re
import unicodedata
from dataclasses import asdict, dataclass, replace

from django.template import Context, Template
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from .kinds import Kind

LONGEST_SUBJECT = 150
PARTS = ("subject", "summary", "body", "action", "url", "why")
# What must not travel from a person's text into a mail: control characters, and marks that turn the writing round.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
AFTER_STOP = re.compile("(?<=[。！？；，：]) +(?=[\u4e00-\u9fff])")  # sentences of a template stand apart by a blank


class TemplateFault(Exception):
    """The template of a notice is wrong, or what it was given is."""


@dataclass(frozen=True)
class Letter:
    """One notice in one language. ``url`` is a path of the portal, '' if there is nothing to open.

    ``items`` (from the context's key of that name) is a list below the body: ``{"title", ["text"], ["url"]}`` each.
    """

    language: str
    subject: str
    summary: str
    body: str
    action: str = ""
    url: str = ""
    why: str = ""  # why the reader gets it, if it is not the topic alone
    items: tuple[dict, ...] = ()
    leave: str = ""  # where the reader stops exactly this, if not the whole topic
    also: "Letter | None" = None  # the same in the other language, for letters that are sent in both

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in re.split(r"\n\s*\n", self.body) if part.strip()]

    def as_data(self) -> dict:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict) -> "Letter":
        also = data.get("also")
        return cls(**{**data, "also": cls.from_data(also) if also else None})


def write(kind: Kind, context: dict, language: str) -> Letter:
    """Render a kind's template. Raises ``TemplateFault``."""
    letter = _write(kind, context, language)
    if kind.bilingual:
        other = "en" if language != "en" else "zh-hans"
        letter = replace(letter, also=_write(kind, context, other))
    return letter


def _write(kind: Kind, context: dict, language: str) -> Letter:
    try:
        with override(language):
            parts = _parts(get_template(kind.template).template, plain(context))
    except Exception as error:
        raise TemplateFault(f"{kind.template}: {type(error).__name__}: {error}") from error
    subject = " ".join(parts.get("subject", "").split())
    body = _tidy(parts.get("body", ""))
    url = parts.get("url", "").strip()
    if not subject or not body:
        raise TemplateFault(f"{kind.template}: a notice needs the blocks 'subject' and 'body'.")
    items, leave = tuple(plain(context.get("items", ()))), context.get("leave", "")
    for address in (url, leave, *(item.get("url", "") for item in items)):
        if address and (not address.startswith("/") or address.startswith("//") or not address.isprintable()):
            raise TemplateFault(f"{kind.template}: '{address[:40]}' is not an address of the portal.")
    summary = " ".join(parts.get("summary", "").split()) or " ".join(re.split(r"\n\s*\n", body)[0].split())
    if len(subject) > LONGEST_SUBJECT:
        subject = subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
    action, why = (" ".join(parts.get(name, "").split()) for name in ("action", "why"))
    return Letter(language, subject, summary, body, action, url, why, items, leave)


def _parts(template: Template, context: dict) -> dict[str, str]:
    values = Context(context, autoescape=False)  # plain text; whoever makes HTML of it escapes it there
    with values.render_context.push_state(template), values.bind_template(template):
        return {
            node.name: str(node.nodelist.render(values))
            for node in template.nodelist.get_nodes_by_type(BlockNode)
            if node.name in PARTS
        }


def _tidy(text: str) -> str:
    """Return a text without blanks at the ends of lines or after a Chinese full stop, its paragraphs a line apart."""
    lines = "\n".join(AFTER_STOP.sub("", line.strip()) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def plain(value):
    """Return what people wrote as text that can do no harm in a mail: no control characters, and no links."""
    if isinstance(value, str):
        return FORBIDDEN.sub("", unicodedata.normalize("NFC", value)).replace("://", ":\u200b//")
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def missing(kind_name: str, language: str | None = None) -> Letter:
    """Return what the inbox shows of a notice whose words cannot be found any more."""
    with override(language or get_language() or "en"):
        words = _("This notice is no longer available.")
        return Letter(language or get_language() or "en", words, words, words)
