"""The PDF of a letter, by typst: one A4 page where it fits. Data reaches the source through ``sys_inputs`` only."""

import hashlib
import io
import json
from pathlib import Path

import pylopdf_fonts_zh_cn
import segno
import structlog
import typst

from .models import Letter, LetterFile

SOURCE = Path(__file__).parent / "data" / "letter.typ"
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
WORDMARKS = Path(__file__).parent.parent.parent / "static" / "brand"
AT_ONCE = 50
log = structlog.get_logger(__name__)


def qr_svg(address: str) -> str:
    """Return the QR code of an address as a whole SVG, black on nothing."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=0, xmldecl=False, dark="#0E1C1E")
    return out.getvalue().decode()


def qr_path(address: str) -> dict:
    """Return the QR code of an address for a page: the side of its square, and one path in its own colour."""
    rows = [list(row) for row in segno.make(address, error="m").matrix_iter()]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"side": len(rows), "path": path}


def draw(content: dict, check_url: str) -> bytes:
    """Return a letter as PDF/A."""
    wordmark = WORDMARKS / ("wordmark-zh.svg" if content["language"] == "zh-hans" else "wordmark-en.svg")
    data = content | {
        "check_url": check_url, "qr": qr_svg(check_url), "wordmark": wordmark.read_text(encoding="utf-8"),
    }  # fmt: skip
    return typst.compile(
        str(SOURCE), font_paths=[str(FONTS)], ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_standards=["a-2b"],
    )  # fmt: skip


def make(letter_id: int) -> None:
    """Make the PDF of a letter that has none. Twice at once does no harm: the first one stays."""
    letter = Letter.objects.without_pdf().filter(pk=letter_id).first()
    if letter is None:
        return
    content = draw(letter.content, letter.check_url)
    LetterFile.objects.bulk_create(
        [LetterFile(letter=letter, content=content, sha256=hashlib.sha256(content).hexdigest())], ignore_conflicts=True
    )


def make_missing() -> None:
    """Make the PDFs that a lost nudge or a dead worker left out."""
    for letter_id in Letter.objects.without_pdf().order_by("-pk").values_list("pk", flat=True)[:AT_ONCE]:
        make(letter_id)
