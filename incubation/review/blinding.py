"""How a blind copy is made: who applies is left out of the texts, taken out of the papers, and looked for again.

Closed by default: only questions of known harmless types are copied, and of the papers only those that a panel needs.
What free text says of people is replaced where the park knows the name; the rest is for the two people who read the
copy before an expert does.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from enterprises.registry.models import Founder
from incubation.intake.definition import read
from incubation.intake.models import Application, Revision
from incubation.intake.questions import in_words
from incubation.intake.reading import stay_row
from park.accounts.models import Language
from park.organisations.models import Membership
from talents.profiles.names import syllables

PERSONAL_FACTS = {
    "name", "name_zh", "born_on", "nationality", "foreign_chinese", "gender", "returned_on", "origin", "about",
}  # fmt: skip
PERSONAL_WORDS = re.compile(
    r"name|mail|phone|address|wechat|passport|birth|born|contact|employer|university|linkedin|company|website"
)
TELLING = {"text", "person_name", "email", "phone", "web"}
FREE = {"text", "long_text"}
PLAIN_TYPES = FREE | {"choice", "choices", "yes_no", "whole_number", "decimal", "money", "month"}
PAPERS = {"business_plan", "pitch_deck", "ip_statement", "financial_statement"}
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
TRACES = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail addresses
    r"|\b(?:https?://|www\.)\S+"
    r"|\bhttps?:\S+"
    r"|\b(?:ZL|CN|US|EP|WO|DE|PCT)[/ ]?\d[\d ./-]{5,}\w?"  # numbers of patents lead to their inventors
    r"|\+?\d[\d ()-]{8,}\d"  # phone numbers
    r"|\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b",  # ORCID
    re.IGNORECASE,
)
DOCX_DROPPED = re.compile(r"^(docProps/|customXml/|word/comments|word/people|.*thumbnail)", re.IGNORECASE)
DOCX_MARKS = re.compile(rb"\s(?:w|w15):(?:author|initials|userId|providerId)=\"[^\"]*\"")


@dataclass(frozen=True)
class Cleaned:
    """A paper without marks of people, its text where a program can read it, and how many pages it has."""

    content: bytes
    media_type: str
    extension: str
    text: str | None
    pages: int | None


class NotCleaned(Exception):
    """A paper that no program here can clean. It is left out; staff may add a redacted one."""


# --- Who applies ------------------------------------------------------------------------------------------------------
def tidy(text: str) -> str:
    """Return a text in one width, without letters that nobody sees."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text or ""))


def names_of(application: Application, extra: Iterable[str] = (), revision: Revision | None = None) -> list[str]:
    """Return every name by which somebody could tell who applies, the longest first."""
    talent, user = application.talent, application.talent.user
    people = [(talent.name, talent.name_zh)] + ([(user.name, user.name_zh)] if user else [])
    found = set(extra)
    for beside in application.co_applicants.select_related("user"):
        people.append((beside.user.name, beside.user.name_zh))
        found |= {beside.user.email, beside.user.email.partition("@")[0]}
    revision = revision or application.revisions.first()
    for kind, said in _said(application, revision.answers) if revision else ():
        if kind == "person_name":
            people.append(("", said) if re.search(r"[\u4e00-\u9fff]", said) else (said, ""))
        else:
            found.add(said)
    for latin, chinese in people:
        tokens = re.findall(r"[^\W\d_]+", tidy(latin))
        if len(tokens) > 1:
            found |= {" ".join(tokens), " ".join(reversed(tokens)), "".join(tokens), "".join(reversed(tokens))}
            found |= {", ".join((tokens[-1], " ".join(tokens[:-1]))), ", ".join((tokens[0], " ".join(tokens[1:])))}
        found |= {token for token in tokens if len(token) > 2 or len(tokens) == 1}
        chinese = re.sub(r"\s", "", tidy(chinese))
        if chinese:
            sounds = syllables(chinese)
            found |= {chinese, " ".join(sounds), "".join(sounds)}
            if len(chinese) > 2:
                given = chinese[-2:]
                found |= {given, "".join(sounds[-2:]), f"{''.join(sounds[-2:])} {sounds[0]}"}
                found.add(f"{sounds[0]} {''.join(sounds[-2:])}")
    if user:
        found |= {user.email, user.email.partition("@")[0]}
    founded = Founder.objects.filter(talent=talent).select_related("enterprise__organisation")
    organisations = [founder.enterprise.organisation for founder in founded]
    if user:
        rows = Membership.objects.filter(user=user).select_related("organisation")
        organisations += [membership.organisation for membership in rows]
    for organisation in organisations:
        found |= {organisation.name, organisation.name_en, organisation.name_zh_hans}
    found |= set(talent.stays.values_list("place", flat=True))
    kept = {tidy(name).strip() for name in found if name}
    return sorted((name for name in kept if len(name) > 1), key=lambda name: (-len(name), name))


def _said(application: Application, answers: dict):
    """Yield what was answered to questions about who somebody is, with the type of the question."""

    def of(fields, content):
        for field in fields:
            value = content.get(field.key)
            if field.is_repeated:
                for entry in value or []:
                    yield from of(field.fields, entry)
            elif value and field.type in TELLING and field.key != "title" and not is_harmless(field):
                yield field.type, value

    for task in read(application.form).tasks:
        if task.kind == "fields":
            yield from of(task.fields, answers.get(task.key) or {})


def pattern_of(names: Iterable[str]) -> re.Pattern | None:
    """Return what finds any of these names, in any case, with any gap between its words."""
    parts = []
    for name in names:
        words = [re.escape(word) for word in re.split(r"[\s,]+", name) if word]
        body = r"[\s,·._-]*".join(words)
        latin = re.fullmatch(r"[\x00-\u024f]+", name)
        parts.append(rf"(?<![^\W\d_]){body}(?![^\W\d_])" if latin else body)
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def blank(text: str, names: re.Pattern | None) -> str:
    """Return a text without names, addresses, numbers of phones and patents."""
    text = tidy(text)
    text = TRACES.sub(_("[left out]"), text)
    return names.sub(_("[name]"), text) if names else text


# --- The texts --------------------------------------------------------------------------------------------------------
def is_harmless(field) -> bool:
    """Tell whether a question can stand in a blind copy: of a plain type, and not about the person."""
    about_the_person = field.fact in PERSONAL_FACTS or field.data.get("identity") or PERSONAL_WORDS.search(field.key)
    return field.type in PLAIN_TYPES and not about_the_person and field.key != "title"


def texts_of(application: Application, revision: Revision, *, blind: bool, extra: Iterable[str] = ()) -> dict:
    """Return the sections of a copy in both languages; blind, without anything that tells who applies."""
    definition = read(application.form)
    names = pattern_of(names_of(application, extra, revision)) if blind else None
    found = {}
    for code in Language.values:
        with translation.override(code):
            found[code] = [
                {"label": task.label, "rows": rows}
                for task in definition.tasks
                if (rows := _rows(task, revision.answers.get(task.key), names, blind))
            ]
    return found


def _rows(task, content, names: re.Pattern | None, blind: bool) -> list[dict]:
    """Return what was answered in one task, in words."""
    if not content or task.kind == "papers" or (blind and task.kind != "fields"):
        return []
    if task.kind == "stays":
        return [stay_row(stay) | {"long": False} for stay in content]
    return _answers(task.fields, content, names, blind)


def _answers(fields, content: dict, names: re.Pattern | None, blind: bool) -> list[dict]:
    rows = []
    for field in fields:
        value = content.get(field.key)
        if value in (None, "", []):
            continue
        if field.is_repeated:
            for number, entry in enumerate(value, start=1):
                label = _("%(entry)s %(number)s") % {"entry": field.entry_label, "number": number}
                told = _answers(field.fields, entry, names, blind)
                pairs = [{"question": row["label"], "answer": row["value"]} for row in told]
                lines = [_("%(question)s: %(answer)s") % pair for pair in pairs]
                if lines:
                    rows.append({"label": label, "value": "\n".join(lines), "long": False})
        elif not blind or is_harmless(field):
            words = in_words(field, value)
            words = blank(words, names) if blind and field.type in FREE else words
            rows.append({"label": field.label, "value": words, "long": field.type == "long_text"})
    return rows


# --- The papers -------------------------------------------------------------------------------------------------------
def clean(content: bytes, media_type: str) -> Cleaned:
    """Return a paper without what programs write into it about people. Raises NotCleaned."""
    try:
        if media_type == "application/pdf":
            return _clean_pdf(content)
        if media_type.endswith("wordprocessingml.document"):
            return _clean_docx(content)
        if media_type in {"image/png", "image/jpeg"}:
            return _clean_picture(content)
    except (PyPdfError, zipfile.BadZipFile, OSError, ValueError, KeyError, RecursionError) as trouble:
        raise NotCleaned(str(trouble)[:200]) from trouble
    raise NotCleaned(media_type)


def _clean_pdf(content: bytes) -> Cleaned:
    """Draw the pages into a new file: no properties, no comments, no attachments, no scripts."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise NotCleaned("encrypted")
    writer = PdfWriter()
    texts = []
    for page in reader.pages:
        texts.append(page.extract_text() or "")
        added = writer.add_page(page)
        for key in ("/Annots", "/Metadata", "/PieceInfo", "/AA", "/LastModified"):
            added.pop(NameObject(key), None)
    writer.metadata = None
    for key in ("/Metadata", "/Names", "/OpenAction", "/AA", "/AcroForm", "/PieceInfo", "/Outlines", "/StructTreeRoot"):
        writer.root_object.pop(NameObject(key), None)
    for thing in writer._objects:  # pictures and fonts carry properties of their own
        if hasattr(thing, "pop") and hasattr(thing, "keys"):
            for key in ("/Metadata", "/PieceInfo", "/LastModified"):
                thing.pop(NameObject(key), None)
    writer.compress_identical_objects(remove_unreferenced=True)
    made = io.BytesIO()
    writer.write(made)
    text = "\n".join(texts)
    return Cleaned(made.getvalue(), "application/pdf", "pdf", text if text.strip() else None, len(reader.pages))


def _clean_docx(content: bytes) -> Cleaned:
    """Pack the file anew without its properties, comments and the names of who changed what."""
    made, text = io.BytesIO(), []
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        dropped = {name for name in old.namelist() if DOCX_DROPPED.match(name)}
        for name in sorted(set(old.namelist()) - dropped):
            part = old.read(name)
            if name.endswith((".xml", ".rels")):
                part = DOCX_MARKS.sub(b"", part)
                if name in {"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"}:
                    part = _without_dropped(part, dropped)
                if name.startswith("word/") and name.endswith(".xml"):
                    text.append(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", part.decode("utf-8", "replace"))))
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    read = "\n".join(text)
    return Cleaned(made.getvalue(), media, "docx", read if read.strip() else None, None)


def _without_dropped(part: bytes, dropped: set[str]) -> bytes:
    """Take out of a list of parts what is not in the file any more."""
    for name in dropped:
        leaf = re.escape(name.removeprefix("word/")).encode()
        listed = rb"<(?:Override|Relationship)\b[^>]*(?:PartName|Target)=\"[^\"]*" + leaf + rb"\"[^>]*/>"
        part = re.sub(listed, b"", part)
    return part


def _clean_picture(content: bytes) -> Cleaned:
    """Draw a picture anew: only its points are kept."""
    with Image.open(io.BytesIO(content)) as picture:
        fresh = Image.new("RGB", picture.size, "white")
        shown = picture.convert("RGBA")
        fresh.paste(shown, mask=shown.getchannel("A"))
    made = io.BytesIO()
    fresh.save(made, "PNG")
    return Cleaned(made.getvalue(), "image/png", "png", None, 1)
