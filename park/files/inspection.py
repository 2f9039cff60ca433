"""Is this file what it says it is, and is it among what is taken? Decided by its content; what a browser says of it
counts for nothing. Nothing is unpacked or decoded before its size is known."""

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree import ElementTree

import filetype
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from .kinds import Family

MB = 1024 * 1024
MEGAPIXELS = 40
EXTENSIONS = {
    Family.DOCUMENT: ("pdf", "docx", "png", "jpg"),
    Family.IMAGE: ("png", "jpg", "webp"),
    Family.SHEET: ("xlsx", "csv"),
}
LARGEST = {Family.DOCUMENT: 20 * MB, Family.IMAGE: 10 * MB, Family.SHEET: 10 * MB}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "csv": "text/csv",
}
MAIN_PART = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
MOST_PARTS = {"docx": 2000, "xlsx": 1000}
UNPACKED, RATIO = 100 * MB, 100
ROWS, COLUMNS, CELL = 20_000, 200, 32_000
PROGRAMS = "exe|dll|scr|js|vbs|bat|cmd|ps1|com|jar|msi|hta|zip|rar|7z"
HARMFUL_PART = re.compile(rf"(vbaproject|activex|\.({PROGRAMS})$)", re.IGNORECASE)
LONGEST_NAME = 150


class NotAccepted(Exception):
    """A file that is not taken: ``str()`` of it is a sentence that says which rule, and what to do."""

    def __init__(self, sentence: str, code: str, status: int = 422):
        super().__init__(sentence)
        self.code, self.status = code, status


@dataclass(frozen=True)
class Found:
    """What a file is."""

    name: str
    extension: str
    media_type: str
    size: int


def inspect(upload, family: str) -> Found:
    """Look into an upload (a Django ``File``) and say what it is. Raises NotAccepted."""
    name = clean_name(upload.name)
    extension = PurePosixPath(name).suffix.lstrip(".").lower().replace("jpeg", "jpg")
    _size(upload.size, family)
    if extension not in EXTENSIONS[family]:
        raise _wrong_type(extension, family)
    upload.seek(0)
    LOOK_INSIDE[extension](upload)
    upload.seek(0)
    return Found(name, extension, MEDIA_TYPES[extension], upload.size)


def clean_name(name: str) -> str:
    """Return a file name as text only: no folders, no control or direction characters, at most 150 characters."""
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rpartition("/")[2]
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    name = " ".join(name.split()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        stem, extension = name or "file", ""
    tail = f".{extension}"[:20] if extension else ""
    return stem[: LONGEST_NAME - len(tail)].rstrip() + tail


def taken(family: str) -> str:
    """Return the types that are taken, in words."""
    return ", ".join(extension.upper() for extension in EXTENSIONS[family])


def family_of(media_type: str) -> str:
    """Return the family of a paper that is on file, for a newer version of it."""
    sheets = {MEDIA_TYPES[extension] for extension in EXTENSIONS[Family.SHEET]}
    return Family.SHEET if media_type in sheets else Family.DOCUMENT


def redrawn(upload, extension: str) -> bytes:
    """Draw a picture anew, upright and without metadata: nothing but the picture itself may be shown in a page."""
    upload.seek(0)
    form = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}[extension]
    try:
        with Image.open(upload, formats=[form]) as picture:
            upright = ImageOps.exif_transpose(picture)
            plain = upright.convert("RGB" if form == "JPEG" else "RGBA")
            canvas = io.BytesIO()
            plain.save(canvas, form)
    except Exception as trouble:  # Pillow raises whatever a broken file leads it to
        raise _unreadable(extension) from trouble
    return canvas.getvalue()


def _size(size: int, family: str) -> None:
    if not size:
        raise NotAccepted(_("This file is empty. Open it, save it again and add it once more."), "empty")
    if size > LARGEST[family]:
        words = {"size": -(-size // MB), "limit": LARGEST[family] // MB}
        sentence = _(
            'This file is %(size)s MB. Files can be up to %(limit)s MB. Try "reduce file size" in your PDF reader.'
        )
        raise NotAccepted(sentence % words, "too-big", 413)


def _wrong_type(extension: str, family: str) -> NotAccepted:
    words = {"type": extension.upper() or "?", "types": taken(family)}
    sentence = _("We cannot take %(type)s files. Save it as one of %(types)s and add it again.")
    return NotAccepted(sentence % words, "type")


def _not_what_it_says(extension: str) -> NotAccepted:
    words = {"type": extension.upper()}
    sentence = _("The name says %(type)s, the content is something else. Save it as %(type)s, or add the right file.")
    return NotAccepted(sentence % words, "content")


def _unreadable(extension: str) -> NotAccepted:
    words = {"type": extension.upper()}
    return NotAccepted(
        _("This %(type)s file is damaged and cannot be opened. Save it again and add it once more.") % words, "damaged"
    )


def _kind_by_signature(upload, *expected: str) -> None:
    found = filetype.guess(upload.read(8192))
    upload.seek(0)
    if found is None or found.extension not in expected:
        raise _not_what_it_says(expected[0])


def _pdf(upload) -> None:
    _kind_by_signature(upload, "pdf")
    if not re.match(rb"%PDF-[12]\.\d", upload.read(1024)):
        raise _not_what_it_says("pdf")
    upload.seek(max(0, upload.size - 2048))
    tail = upload.read()
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise _unreadable("pdf")


def _picture(extension: str, form: str):
    def look(upload) -> None:
        _kind_by_signature(upload, extension)
        try:
            with Image.open(upload, formats=[form]) as picture:
                width, height = picture.size
                if width * height > MEGAPIXELS * 1_000_000:
                    sentence = _("This picture has more than %(limit)s megapixels. Make it smaller and add it again.")
                    raise NotAccepted(sentence % {"limit": MEGAPIXELS}, "too-big")
                picture.verify()
        except NotAccepted:
            raise
        except Exception as trouble:  # Pillow raises whatever a broken file leads it to
            raise _unreadable(extension) from trouble

    return look


BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError,
)


def _office(extension: str):
    def look(upload) -> None:
        _kind_by_signature(upload, extension, "zip", "docx", "xlsx", "pptx")
        try:
            with zipfile.ZipFile(upload) as archive:
                _directory(archive, extension)
                types = _content_types(archive)
                if extension == "xlsx":
                    _tables(archive)
        except BROKEN_ARCHIVE as trouble:
            raise _unreadable(extension) from trouble
        if MAIN_PART[extension] not in types:
            raise _not_what_it_says(extension)
        if any("macroenabled" in content_type.lower() for content_type in types):
            raise _macros(extension)

    return look


def _directory(archive: zipfile.ZipFile, extension: str) -> None:
    """Judge an archive by its directory alone."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    too_much = len(parts) > MOST_PARTS[extension] or unpacked > UNPACKED or unpacked / packed > RATIO
    if too_much or len(set(names)) < len(names):
        raise NotAccepted(_("This file unpacks to far more than its size. Save it as PDF and add that."), "bomb")
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name for name in names):
        raise _unreadable(extension)
    if any(part.flag_bits & 0x1 for part in parts):
        raise NotAccepted(_("This file is locked with a password. Save it without one and add it again."), "locked")
    if any(HARMFUL_PART.search(name) for name in names):
        raise _macros(extension)


def _macros(extension: str) -> NotAccepted:
    words = {"type": extension.upper()}
    return NotAccepted(
        _("This file holds macros or programs. Save it as a plain %(type)s or as PDF and add that.") % words, "macros"
    )


def _content_types(archive: zipfile.ZipFile) -> list[str]:
    with archive.open("[Content_Types].xml") as part:
        text = part.read(MB + 1)
    if len(text) > MB or b"<!" in text.replace(b"<!--", b""):  # a document type could define entities
        raise ValueError("content types")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  no document type, so no entities
    except ElementTree.ParseError as trouble:
        raise ValueError("content types") from trouble
    return [element.get("ContentType", "") for element in root]


ROW_OR_CELL = re.compile(rb'<row[ >]|<c r="([A-Z]{1,3})[0-9]')


def _tables(archive: zipfile.ZipFile) -> None:
    """Count the rows and columns of each sheet while it is unpacked piece by piece: what it says of itself may lie."""
    unpacked = 0
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        rows, columns, rest = 0, b"", b""
        with archive.open(name) as sheet:
            while piece := sheet.read(MB):
                unpacked += len(piece)
                whole, tag, begun = (rest + piece).rpartition(b"<")
                for found in ROW_OR_CELL.finditer(whole):
                    if letters := found.group(1):
                        columns = max(columns, letters.rjust(3, b"@"))
                    else:
                        rows += 1
                rest = tag + begun
                if unpacked > UNPACKED or rows > ROWS + 1 or _number(columns) > COLUMNS:
                    raise _too_long_a_table()


def _number(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.lstrip(b"@"):
        number = number * 26 + letter - 64
    return number


def _too_long_a_table() -> NotAccepted:
    sentence = _("A table can have up to %(rows)s rows and %(columns)s columns. Split it into several files.")
    return NotAccepted(sentence % {"rows": ROWS, "columns": COLUMNS}, "rows")


def _csv(upload) -> None:
    raw = upload.read()
    if filetype.guess(raw[:8192]) is not None or b"\0" in raw or raw.lstrip()[:1] == b"<":
        raise _not_what_it_says("csv")
    text = decoded(raw)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""))):
            if number > ROWS or len(row) > COLUMNS or any(len(cell) > CELL for cell in row):
                raise _too_long_a_table()
    except csv.Error as trouble:
        raise _unreadable("csv") from trouble


def decoded(raw: bytes) -> str:
    """Return the text of a CSV file, which Chinese offices still write in GB18030. Raises NotAccepted."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    sentence = _("The letters of this table cannot be read. Save it as CSV in UTF-8 and add it again.")
    raise NotAccepted(sentence, "encoding")


LOOK_INSIDE = {
    "pdf": _pdf,
    "docx": _office("docx"),
    "xlsx": _office("xlsx"),
    "png": _picture("png", "PNG"),
    "jpg": _picture("jpg", "JPEG"),
    "webp": _picture("webp", "WEBP"),
    "csv": _csv,
}
