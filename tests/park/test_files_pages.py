"""Files go out through one view, which asks each time."""

import pytest
from django.db.models import Q
from django.urls import reverse

from park.audit.models import ReadLog
from park.files import access
from park.files.models import Document, DocumentState
from tests.factories.accounts import make_staff, make_user
from tests.factories.files import make_document, pdf_bytes, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def officer(monkeypatch):
    """A member of staff whose duty lets them read business plans, by a rule as a room above registers it."""
    officer = make_staff()
    monkeypatch.setattr(access, "_readers", {})
    access.register_reader(
        lambda user: Q(kind__in=["business_plan", "passport"]) if user.pk == officer.pk else Q(pk=None),
        "papers of an application",
    )
    return officer


def get(client, document, **headers):
    return client.get(document.get_absolute_url(), headers=headers)


def test_the_owner_gets_the_file_as_an_attachment_that_no_page_can_run(client):
    document = make_document(name="计划书.pdf", content=pdf_bytes("Plan"))
    client.force_login(document.owner)

    answer = get(client, document)

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == pdf_bytes("Plan")
    assert {name: answer[name] for name in (
        "Content-Type", "Content-Disposition", "X-Content-Type-Options", "Cache-Control", "Content-Security-Policy",
        "Content-Length",
    )} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''%E8%AE%A1%E5%88%92%E4%B9%A6.pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Content-Length": str(len(pdf_bytes("Plan"))),
    }
    assert not ReadLog.objects.exists()


def test_a_stranger_finds_nothing_at_the_address_of_a_file(client):
    document = make_document()
    client.force_login(make_staff("files.view_document"))  # the right alone opens nobody's papers

    assert get(client, document).status_code == 404


def test_signed_out_the_address_leads_to_the_sign_in(client):
    document = make_document()

    answer = get(client, document)

    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={document.get_absolute_url()}")


def test_somebody_elses_reading_is_written_down(client, officer):
    document = make_document()
    client.force_login(officer)

    get(client, document)

    reading = ReadLog.objects.get()
    assert (reading.reader, reading.about, reading.object_id, reading.reason) == (
        officer, document.owner, str(document.public_id), "papers of an application",
    )


def test_a_sensitive_paper_opens_only_after_a_reason(client, officer):
    document = make_document(kind="passport")
    client.force_login(officer)

    asked = get(client, document)
    empty = client.post(document.get_absolute_url(), {"reason": ""})
    given = client.post(document.get_absolute_url(), {"reason": "Checking the name for A-2026-0001"})

    assert (asked["Content-Type"], empty.status_code, given["Content-Type"]) == (
        "text/html; charset=utf-8", 422, "application/pdf",
    )
    assert [reading.reason for reading in ReadLog.objects.all()] == ["Checking the name for A-2026-0001"]


def test_a_reason_that_has_ended_ends_the_reading_at_once(client, officer):
    document = make_document()
    client.force_login(officer)
    assert get(client, document).status_code == 200

    Document.objects.update(kind="other")

    assert get(client, document).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "part", "said"),
    [
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/{size}"),
        ("bytes=5-", 206, slice(5, None), "bytes 5-{last}/{size}"),
        ("bytes=-4", 206, slice(-4, None), "bytes {from4}-{last}/{size}"),
        ("bytes=0-999999", 206, slice(None), "bytes 0-{last}/{size}"),
        ("bytes=999999-", 416, slice(0, 0), "bytes */{size}"),
        ("bytes=9-3", 416, slice(0, 0), "bytes */{size}"),
        ("bytes=-0", 416, slice(0, 0), "bytes */{size}"),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(client, asked, status, part, said):
    document = make_document(content=pdf_bytes())
    client.force_login(document.owner)
    size = len(pdf_bytes())

    answer = get(client, document, range=asked)

    assert answer.status_code == status
    assert (b"".join(answer.streaming_content) if answer.streaming else answer.content) == pdf_bytes()[part]
    assert answer["Content-Range"] == said.format(size=size, last=size - 1, from4=size - 4)


def test_head_tells_the_size_and_sends_nothing(client):
    document = make_document()
    client.force_login(document.owner)

    answer = client.head(document.get_absolute_url())

    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, str(document.size), b"")


@pytest.mark.parametrize("state", [DocumentState.RECEIVED, DocumentState.QUARANTINED])
def test_what_was_not_found_clean_is_handed_to_nobody(client, state):
    document = make_document()
    Document.objects.update(state=state)
    client.force_login(document.owner)

    assert get(client, document).status_code == 409


def test_the_vault_lists_ones_own_papers_and_nobody_elses(client):
    mine, _other = make_document(name="mine.pdf"), make_document(name="other.pdf")
    client.force_login(mine.owner)

    answer = client.get(reverse("files:vault"))

    assert [row["document"] for row in answer.context["rows"]] == [mine]


def test_the_vault_costs_the_same_for_one_paper_and_for_three(client, django_assert_num_queries):
    owner = make_user()
    client.force_login(owner)
    make_document(owner=owner)
    client.get(reverse("files:vault"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(reverse("files:vault"))
    make_document(owner=owner)
    make_document(owner=owner)
    with django_assert_num_queries(len(one)):
        client.get(reverse("files:vault"))


def test_a_paper_is_added_in_the_vault(client):
    owner = make_user()
    client.force_login(owner)

    answer = client.post(
        reverse("files:vault"),
        {"kind": "passport", "file": upload("pass.pdf", pdf_bytes()), "valid_until": "2030-01-01"},
    )

    document = Document.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("files:vault"))
    assert (document.owner, document.kind, document.sensitive, str(document.valid_until)) == (
        owner, "passport", True, "2030-01-01",
    )


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("plan.exe", b"MZ", 422, "We cannot take EXE files. Save it as one of PDF, DOCX, PNG, JPG and add it again."),
        ("plan.pdf", b"", 422, "This file is empty. Open it, save it again and add it once more."),
    ],
)
def test_a_refused_file_is_told_beside_its_field_and_the_rest_stays(client, name, content, status, said):
    client.force_login(make_user())

    answer = client.post(
        reverse("files:vault"), {"kind": "business_plan", "file": upload(name, content), "valid_until": "2030-01-01"}
    )

    form = answer.context["form"]
    assert (answer.status_code, form.errors) == (status, {"file": [said]})
    assert (form["kind"].value(), form["valid_until"].value()) == ("business_plan", "2030-01-01")


def test_one_replaces_ones_own_paper_and_no_other(client):
    document, foreign = make_document(), make_document()
    client.force_login(document.owner)

    def post(of):
        return client.post(reverse("files:replace", args=[of.public_id]), {"file": upload("new.pdf", pdf_bytes("New"))})

    assert (post(document).status_code, post(foreign).status_code) == (302, 404)
    assert Document.objects.get(replaces=document).name == "new.pdf"
