"""What is taken of a file is decided by what is in it."""

import io
import os
import zipfile

import pytest
from PIL import Image

from park.files import actions, inspection, scanner, scanning, storage
from park.files.actions import NotAccepted
from park.files.integrity import check
from park.files.kinds import Family
from park.files.models import Document, DocumentState
from tests.factories.accounts import make_user
from tests.factories.files import (
    EXCEL,
    excel_bytes,
    make_document,
    office_bytes,
    pdf_bytes,
    picture_bytes,
    upload,
)

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00" + b"\x00" * 200
BILLION_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Types>&b;</Types>'


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.mark.parametrize(
    ("name", "content", "family", "media_type"),
    [
        ("plan.pdf", pdf_bytes(), Family.DOCUMENT, "application/pdf"),
        ("计划书.PDF", pdf_bytes(), Family.DOCUMENT, "application/pdf"),
        ("plan.docx", office_bytes(), Family.DOCUMENT, inspection.MEDIA_TYPES["docx"]),
        ("degree.png", picture_bytes("PNG"), Family.DOCUMENT, "image/png"),
        ("degree.jpeg", picture_bytes("JPEG"), Family.DOCUMENT, "image/jpeg"),
        ("me.webp", picture_bytes("WEBP"), Family.IMAGE, "image/webp"),
        ("figures.xlsx", excel_bytes(), Family.SHEET, inspection.MEDIA_TYPES["xlsx"]),
        ("figures.csv", "name,share\n李,30\n".encode(), Family.SHEET, "text/csv"),
        ("figures.csv", "name,share\n李,30\n".encode("gb18030"), Family.SHEET, "text/csv"),
    ],
)
def test_a_whole_file_of_a_type_on_the_list_is_kept(name, content, family, media_type):
    document = actions.receive(make_user(), upload(name, content), "other", family=family)

    assert (document.media_type, document.state) == (media_type, DocumentState.AVAILABLE)
    assert storage.path_of(document.storage_name).stat().st_size == document.size


def zip_of(parts: dict) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "family", "code"),
    [
        ("plan.pdf", b"", Family.DOCUMENT, "empty"),
        ("plan.pdf", EXE, Family.DOCUMENT, "content"),
        ("plan.pdf", SVG, Family.DOCUMENT, "content"),
        ("plan.pdf", picture_bytes(), Family.DOCUMENT, "content"),
        ("plan.pdf", pdf_bytes()[:-200], Family.DOCUMENT, "damaged"),
        ("plan.pdf", b"%PDF-", Family.DOCUMENT, "content"),
        ("plan.docx", pdf_bytes(), Family.DOCUMENT, "content"),
        ("plan.docx", office_bytes(EXCEL, "xl"), Family.DOCUMENT, "content"),
        ("plan.docx", zip_of({"a.txt": b"a"}), Family.DOCUMENT, "damaged"),
        ("plan.docx", zip_of({"[Content_Types].xml": BILLION_LAUGHS}), Family.DOCUMENT, "damaged"),
        ("plan.docx", office_bytes()[:300], Family.DOCUMENT, "damaged"),
        ("plan.docx", office_bytes(parts={"word/vbaProject.bin": b"x"}), Family.DOCUMENT, "macros"),
        ("plan.docx", office_bytes(parts={"word/embeddings/a.exe": EXE}), Family.DOCUMENT, "macros"),
        ("plan.docx", office_bytes(parts={"../../etc/passwd": b"x"}), Family.DOCUMENT, "damaged"),
        ("plan.docx", office_bytes(parts={"/etc/passwd": b"x"}), Family.DOCUMENT, "damaged"),
        ("plan.docx", office_bytes(parts={"word/media/a.bmp": b"\0" * 101 * 1024 * 1024}), Family.DOCUMENT, "bomb"),
        ("plan.docx", office_bytes(parts={f"word/{n}.xml": b"" for n in range(2001)}), Family.DOCUMENT, "bomb"),
        ("plan.docm", office_bytes(), Family.DOCUMENT, "type"),
        ("plan.zip", zip_of({"a": b"a"}), Family.DOCUMENT, "type"),
        ("plan.svg", SVG, Family.DOCUMENT, "type"),
        ("plan.html", b"<html></html>", Family.DOCUMENT, "type"),
        ("plan", pdf_bytes(), Family.DOCUMENT, "type"),
        ("plan.pdf.exe", EXE, Family.DOCUMENT, "type"),
        ("degree.heic", b"\0\0\0\x18ftypheic", Family.DOCUMENT, "type"),
        ("degree.png", picture_bytes("JPEG"), Family.DOCUMENT, "content"),
        ("degree.png", picture_bytes()[:40], Family.DOCUMENT, "damaged"),
        ("degree.png", picture_bytes(size=(8000, 5001)), Family.DOCUMENT, "too-big"),
        ("me.pdf", pdf_bytes(), Family.IMAGE, "type"),
        ("figures.xlsx", excel_bytes(rows=20_002), Family.SHEET, "rows"),
        ("figures.xlsx", excel_bytes(columns=201), Family.SHEET, "rows"),
        ("figures.csv", b"a,b\0", Family.SHEET, "content"),
        ("figures.csv", b"<html><script>", Family.SHEET, "content"),
        ("figures.csv", pdf_bytes(), Family.SHEET, "content"),
        ("figures.csv", b"\xff\xff\xff\xff", Family.SHEET, "encoding"),
        ("figures.csv", b"x" * 32_001, Family.SHEET, "rows"),
    ],
)
def test_any_other_file_is_refused_and_leaves_nothing(name, content, family, code):
    with pytest.raises(NotAccepted) as refusal:
        actions.receive(make_user(), upload(name, content, "application/pdf"), "other", family=family)

    assert refusal.value.code == code
    assert not Document.objects.exists()
    assert list(storage.everything()) == []


def test_a_file_above_its_limit_is_told_its_size_and_the_limit():
    too_big = upload("plan.pdf", pdf_bytes())
    too_big.size = 31 * 1024 * 1024

    with pytest.raises(NotAccepted) as refusal:
        actions.receive(make_user(), too_big, "business_plan")

    assert str(refusal.value) == (
        'This file is 31 MB. Files can be up to 20 MB. Try "reduce file size" in your PDF reader.'
    )
    assert refusal.value.status == 413


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/pass wd.pdf", "pass wd.pdf"),
        ("C:\\Users\\Li\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.exe.pdf", "planfdp.exe.pdf"),
        ("pla\x00n\r\nSet-Cookie: a.pdf", "planSet-Cookie: a.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("计划书.pdf", "计划书.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("", "file"),
        (".pdf", "pdf"),
    ],
)
def test_a_file_name_is_kept_as_text_only(given, kept):
    assert inspection.clean_name(given) == kept


def test_a_picture_for_a_page_is_drawn_anew_without_metadata():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    original = picture_bytes("JPEG", exif=exif)

    document = actions.receive(make_user(), upload("me.jpg", original), "other", family=Family.IMAGE)

    kept = storage.path_of(document.storage_name).read_bytes()
    assert b"taken at home" in original
    assert b"taken at home" not in kept


def test_a_passport_is_sensitive_whatever_is_said():
    assert make_document(kind="passport", sensitive=False).sensitive is True


def test_the_same_name_twice_is_two_files_and_names_tell_nothing():
    one, two = make_document(name="plan.pdf"), make_document(name="plan.pdf")

    assert one.storage_name != two.storage_name
    assert "plan" not in one.storage_name


def test_a_newer_version_takes_the_place_of_the_older_once():
    old = make_document()

    newer = actions.replace(old, upload("plan 2.pdf", pdf_bytes("Second")))

    assert list(Document.objects.current()) == [newer]
    with pytest.raises(actions.Replaced):
        actions.replace(old, upload("plan 3.pdf", pdf_bytes("Third")))


def test_a_full_disk_stores_nothing_and_says_so(monkeypatch, settings):
    settings.FSYNC = True
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(actions.NotStored):
        make_document()
    assert not Document.objects.exists()
    assert list(storage.everything()) == []


def test_a_person_adds_sixty_files_an_hour_at_most(monkeypatch):
    owner = make_user()
    monkeypatch.setitem(actions.limits.PERSONAL, "upload", 2)
    make_document(owner=owner)
    make_document(owner=owner)

    with pytest.raises(NotAccepted) as refusal:
        make_document(owner=owner)

    assert refusal.value.status == 429
    make_document()


class TestWithAScanner:
    """A scanner that speaks clamd's protocol over a real socket; `tests/clamd.py` is its other end."""

    @pytest.fixture(autouse=True)
    def clamd(self, settings):
        from tests.clamd import Clamd

        with Clamd() as peer:
            settings.SCANNER_URL = peer.url
            yield peer

    def test_a_file_waits_until_it_was_scanned(self):
        document = make_document()

        assert document.state == DocumentState.RECEIVED

    def test_a_clean_file_becomes_available(self, clamd):
        document = make_document()

        scanning.scan_one(document.pk)

        document.refresh_from_db()
        assert document.state == DocumentState.AVAILABLE
        assert clamd.seen == [storage.path_of(document.storage_name).read_bytes()]

    def test_an_infected_file_is_held_back_with_what_was_found(self, clamd):
        document = make_document(content=pdf_bytes("EICAR"))

        scanning.scan_one(document.pk)

        document.refresh_from_db()
        assert (document.state, document.held_because) == (DocumentState.QUARANTINED, "Eicar-Test-Signature")

    def test_while_the_scanner_is_away_files_wait_and_are_found_again(self, clamd, settings):
        document = make_document()
        address, settings.SCANNER_URL = settings.SCANNER_URL, "clamd:///nowhere/clamd.sock"
        scanning.scan_one(document.pk)
        document.refresh_from_db()
        assert document.state == DocumentState.RECEIVED

        settings.SCANNER_URL = address
        Document.objects.update(uploaded_at="2026-01-01T00:00Z")
        scanning.scan_waiting()

        document.refresh_from_db()
        assert document.state == DocumentState.AVAILABLE

    def test_an_answer_that_is_no_verdict_is_no_all_clear(self, clamd):
        clamd.answer = "INSTREAM size limit exceeded. ERROR"
        document = make_document()

        with pytest.raises(scanner.ScannerAway):
            scanner.scan(storage.path_of(document.storage_name))


def test_a_missing_a_changed_and_a_stray_file_are_named():
    missing, changed, sound = make_document(), make_document(), make_document()
    storage.path_of(missing.storage_name).unlink()
    path = storage.path_of(changed.storage_name)
    path.write_bytes(path.read_bytes().replace(b"Paper", b"Taper"))
    name, _digest, _size = storage.keep([b"stray"])
    os.utime(storage.path_of(name), (0, 0))

    found = check(deep=True)

    assert found.as_dict() == {
        "documents": 3, "files_without_rows": [name], "rows_without_files": [missing.storage_name],
        "changed_files": [changed.storage_name],
    }
    assert storage.path_of(sound.storage_name).exists()


def test_the_sweep_takes_strays_only():
    document = make_document()
    name, _digest, _size = storage.keep([b"stray"])
    os.utime(storage.path_of(name), (0, 0))
    fresh, _digest, _size = storage.keep([b"on its way to a row"])

    check(sweep=True)

    assert sorted(path for path, _stat in storage.everything()) == sorted([document.storage_name, fresh])
