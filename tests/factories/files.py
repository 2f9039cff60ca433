"""Real files, made here: whole ones, and ones that are not what they say."""

import io
import zipfile
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from park.files.models import Document
from tests.factories.accounts import make_user

number = count(1)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def pdf_bytes(text: str = "Business plan") -> bytes:
    """A PDF of one page that any reader opens."""
    content = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    out, places = b"%PDF-1.4\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(out),
    )


def office_bytes(
    main: str = WORD, folder: str = "word", parts: dict[str, bytes] | None = None, packing: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A Word file (or, by its main part, another Office file), with more parts if any are named."""
    kind = "document" if folder == "word" else "workbook"
    types = (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{folder}/{kind}.xml" ContentType="{main}"/></Types>'
    )
    rels = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Target="{folder}/{kind}.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument"/></Relationships>'
    )
    body = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", rels)
        archive.writestr(f"{folder}/{kind}.xml", body)
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return held.getvalue()


def excel_bytes(rows: int = 3, columns: int = 2) -> bytes:
    """An Excel file of one sheet with so many rows and columns."""
    letters = [_letters(n) for n in range(1, columns + 1)]
    cells = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{letter}{row}"><v>{row}</v></c>' for letter in letters) + "</row>"
        for row in range(1, rows + 1)
    )
    spreadsheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{spreadsheet}"><sheetData>%s</sheetData></worksheet>'
    # Stored, not squeezed: thousands of rows that differ by a number would look like a bomb.
    return office_bytes(EXCEL, "xl", {"xl/worksheets/sheet1.xml": (sheet % cells).encode()}, zipfile.ZIP_STORED)


def _letters(number: int) -> str:
    number, letter = divmod(number - 1, 26)
    return (_letters(number) if number else "") + chr(65 + letter)


def picture_bytes(form: str = "PNG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, "seagreen").save(held, form, **options)
    return held.getvalue()


def upload(name: str, content: bytes, content_type: str = "application/octet-stream") -> SimpleUploadedFile:
    held = SimpleUploadedFile("x", content, content_type)
    held._name = name  # as a browser could send it, not as Django's own cleaning leaves it
    return held


def make_document(**fields) -> Document:
    """A paper on file, received as a person would send it."""
    from park.files import actions

    owner = fields.pop("owner", None) or make_user()
    content = fields.pop("content", None) or pdf_bytes(f"Paper {next(number)}")
    name = fields.pop("name", "business plan.pdf")
    kind = fields.pop("kind", "business_plan")
    return actions.receive(owner, upload(name, content), kind, **fields)
