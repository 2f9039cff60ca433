"""Letters: numbered, kept, drawn, checked by strangers, withdrawn."""

import io

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from park.audit.models import ReadLog
from park.letters import access, actions, composing, kinds, pdfs
from park.letters.masking import masked
from park.letters.models import Letter, LetterFile, LetterNumber, LetterText
from park.workflow.actions import GuardFailed, MoveRefused, NotYours
from tests.factories.accounts import make_staff, make_user
from tests.factories.letters import KIND, make_kind, make_letter

pytestmark = pytest.mark.django_db
SCORES = {"head": ["Criterion", "Of 5"], "rows": [["Novelty", "4.3"]]}


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


# --- The words --------------------------------------------------------------------------------------------------------
def test_blanks_are_filled_and_what_is_empty_is_left_out():
    made = composing.compose(
        "Decision: {outcome}",
        "Dear {name},\n\nOnly if {until}.\n\n## Conditions\n- {conditions}\n\n## Why\n{scores}",
        {"outcome": "accepted", "name": "Zhao", "until": "", "conditions": ["One", "Two"], "scores": SCORES},
    )

    assert made["title"] == "Decision: accepted"
    assert [block["type"] for block in made["blocks"]] == ["p", "h", "ul", "h", "table"]
    assert made["blocks"][2]["items"] == [[["One", False]], [["Two", False]]]


def test_a_heading_without_anything_under_it_goes_too():
    made = composing.compose("T", "## Conditions\n- {conditions}\n\n## Why\nBecause.", {"conditions": []})

    assert [block["type"] for block in made["blocks"]] == ["h", "p"]


def test_what_somebody_typed_is_never_read_as_layout():
    made = composing.compose("T", "{words}", {"words": "## **Not** a {heading}\n- #import \"x\""})

    assert made["blocks"] == [{"type": "p", "runs": [["## **Not** a {heading}\n- #import \"x\"", False]]}]


@pytest.mark.parametrize(
    ("title", "body", "said"),
    [
        ("T {outcome}", "{nothing}", "There is no blank {nothing}"),
        ("T", "Words.", "has to use the blank {outcome}"),
        ("T {outcome}", "An open { brace", "brace is left open"),
        ("T {outcome}", "So: {scores}", "stands on a line of its own"),
        ("T {outcome}", "So: {conditions}", "holds several lines"),
        ("", "{outcome}", "title is one line"),
    ],
)
def test_a_text_that_cannot_be_filled_is_refused_with_a_sentence(title, body, said):
    assert any(said in fault for fault in composing.faults(KIND, title, body))


def test_every_first_text_can_be_filled_in_both_languages():
    make_kind()

    for kind in kinds.registered():
        text = LetterText.objects.in_use(kind.name)
        for language in ("en", "zh-hans"):
            title, body = text.words(language)
            assert composing.faults(kind, title, body) == []
            assert composing.compose(title, body, kind.sample(language))["blocks"]


# --- Issuing ----------------------------------------------------------------------------------------------------------
def test_letters_are_numbered_by_kind_and_year_and_say_so():
    first, second = make_letter(), make_letter()

    assert (first.serial, second.serial) == (1, 2)
    assert first.number == f"TL-{first.year}-0001"
    assert first.ref.startswith(first.number + "-")
    assert first.content["number_line"] == f"No. {first.number}"
    assert first.content["title"] == "Decision: accepted"
    assert first.is_whole


def test_a_letter_is_in_the_language_it_was_asked_in():
    letter = make_letter(language="zh-hans")

    assert letter.content["title"] == "决定：accepted"
    assert letter.to_name == "赵铭"


def test_an_act_that_fails_takes_no_number():
    make_letter()

    with pytest.raises(RuntimeError), transaction.atomic():
        make_letter()
        raise RuntimeError

    assert LetterNumber.objects.get(prefix="TL").last == 1


@pytest.mark.parametrize("field", ["content", "digest", "serial", "to_name", "kind"])
def test_what_was_issued_is_never_rewritten(field):
    letter = make_letter()

    with pytest.raises(DatabaseError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**{field: 7 if field == "serial" else "other"})
    with pytest.raises(DatabaseError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).delete()


def test_a_text_in_use_is_never_rewritten():
    make_kind()

    with pytest.raises(DatabaseError), transaction.atomic():
        LetterText.objects.filter(kind="test-letter").update(body_en="Other")


# --- The PDF ----------------------------------------------------------------------------------------------------------
def test_the_pdf_is_made_once_says_what_the_letter_says_and_fits_a_page():
    letter = make_letter(conditions=["Show *it* by #today."], scores=SCORES, until="25 November")

    pdfs.make(letter.pk)
    pdfs.make(letter.pk)

    file = LetterFile.objects.get(letter=letter)
    said = text_of(bytes(file.content))
    assert len(PdfReader(io.BytesIO(bytes(file.content))).pages) == 1
    for words in ("Decision: accepted", "Show *it* by #today.", "Novelty", letter.number, letter.ref):
        assert words in said


def test_the_pdf_writes_chinese():
    letter = make_letter(language="zh-hans", title="柔性透镜")

    pdfs.make_missing()

    assert "柔性透镜" in text_of(bytes(letter.file.content))


def test_the_pdf_is_never_exchanged():
    letter = make_letter()
    pdfs.make(letter.pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        LetterFile.objects.update(sha256="0" * 64)


# --- Reading ----------------------------------------------------------------------------------------------------------
def test_a_letter_is_read_by_whoever_it_is_to_and_by_staff_with_the_right(client):
    letter = make_letter()
    staff = make_staff("letters.view_letter")

    assert set(access.readable_by(letter.to)) == {letter}
    assert not access.readable_by(make_user()).exists()
    client.force_login(make_user())
    assert client.get(letter.get_absolute_url()).status_code == 404
    assert client.get(reverse("letters:pdf", args=[letter.ref])).status_code == 404
    client.force_login(letter.to)
    assert "Flat lenses" in client.get(letter.get_absolute_url()).text
    assert not ReadLog.objects.exists()
    client.force_login(staff)
    assert client.get(letter.get_absolute_url()).status_code == 200
    assert ReadLog.objects.get().about == letter.to


def test_the_pdf_is_handed_out_under_its_number_and_kept_nowhere(client):
    letter = make_letter()
    client.force_login(letter.to)

    assert client.get(reverse("letters:pdf", args=[letter.ref])).status_code in (200, 302)  # being made
    pdfs.make(letter.pk)
    answer = client.get(reverse("letters:pdf", args=[letter.ref]))

    assert answer.content.startswith(b"%PDF")
    assert letter.number in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"


# --- Checking ---------------------------------------------------------------------------------------------------------
def test_a_stranger_learns_whether_it_is_genuine_and_nothing_that_it_says(client):
    letter = make_letter()

    answer = client.get(f"/v/{letter.ref}/")

    assert answer.status_code == 200
    assert "This letter is genuine" in answer.text
    assert "Z** M**" in answer.text
    for secret in ("Zhao", "Ming", "Flat lenses", "accepted", "LJ-2026-0391"):
        assert secret not in answer.text


def test_a_number_without_its_code_is_no_letter(client):
    letter = make_letter()

    for asked in (letter.number, f"{letter.number}-AAAAAAAA", "nonsense"):
        answer = client.get(f"/v/{asked}/")
        assert answer.status_code == 404
        assert "did not issue" in answer.text
    assert client.get(f"/v/{letter.ref.lower()}/").status_code == 200


@pytest.mark.parametrize(
    ("name", "shown"), [("Zhao Ming", "Z** M**"), ("赵铭", "赵*"), ("欧阳修文", "欧***"), ("  Anna  ", "A**")]
)
def test_a_name_is_masked(name, shown):
    assert masked(name) == shown


# --- Withdrawing and replacing ----------------------------------------------------------------------------------------
def test_a_withdrawn_letter_is_kept_and_says_so(client):
    letter, manager = make_letter(), make_staff("letters.withdraw_letter")

    with pytest.raises(NotYours):
        actions.withdraw(letter=letter, by=make_staff(), reason="A wrong day.")
    with pytest.raises(GuardFailed):
        actions.withdraw(letter=letter, by=manager, reason=" ")
    actions.withdraw(letter=letter, by=manager, reason="A wrong day.")

    assert "no longer valid" in client.get(f"/v/{letter.ref}/").text
    with pytest.raises(MoveRefused):
        actions.withdraw(letter=letter, by=manager, reason="Again.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(withdrawn_at=None, withdrawn_because="", withdrawn_by=None)


def test_a_letter_is_replaced_by_a_newer_one_and_both_stay(client):
    letter, manager = make_letter(), make_staff("letters.withdraw_letter")

    newer = actions.replace(
        letter=letter, by=manager, reason="A wrong title.", context={"title": "Flat mirrors", "outcome": "accepted"}
    )

    assert (newer.replaces, newer.serial) == (letter, 2)
    assert "A newer letter stands in its place." in client.get(f"/v/{letter.ref}/").text
    client.force_login(letter.to)
    assert newer.get_absolute_url() in client.get(letter.get_absolute_url()).text


# --- The desk ---------------------------------------------------------------------------------------------------------
def test_staff_write_a_new_version_and_a_second_person_puts_it_in_use(client):
    make_kind()
    write = ("letters.view_lettertext", "letters.add_lettertext", "letters.change_lettertext")
    author, second = make_staff(*write, "letters.publish_lettertext"), make_staff(*write, "letters.publish_lettertext")
    client.force_login(author)
    old = LetterText.objects.get(kind="test-letter")
    old_page = reverse("admin:letters_lettertext_change", args=[old.pk])

    client.post(f"{old_page.removesuffix('change/')}new-version/")
    draft = LetterText.objects.get(kind="test-letter", number=2)
    page = reverse("admin:letters_lettertext_change", args=[draft.pk])
    use = f"{page.removesuffix('change/')}put-in-use/"
    words = {"kind": "test-letter", "title_en": "New: {outcome}", "title_zh": "新：{outcome}", "body_zh": "{title}"}
    refused = client.post(page, words | {"body_en": "{nothing}"})
    assert "There is no blank {nothing}" in refused.text
    client.post(page, words | {"body_en": "{title}"})
    preview = client.get(f"{page.removesuffix('change/')}preview/")
    assert "New: some words" in preview.text
    assert "A second person has to take this step" in client.post(use, follow=True).text
    assert make_letter().content["title"] == "Decision: accepted"
    with pytest.raises(DatabaseError), transaction.atomic():
        LetterText.objects.filter(pk=draft.pk).update(published_at=timezone.now(), published_by=author)
    client.force_login(second)
    client.post(use)

    assert make_letter().content["title"] == "New: accepted"
    assert LetterText.objects.values_list("author", "published_by").get(pk=draft.pk) == (author.pk, second.pk)


def test_the_list_of_letters_asks_the_same_however_many_there_are(client, django_assert_num_queries):
    client.force_login(make_staff("letters.view_letter"))
    page = reverse("admin:letters_letter_changelist")
    make_letter()
    client.get(page)
    with django_assert_num_queries(ASKED):
        client.get(page)
    for _one in range(4):
        make_letter()

    with django_assert_num_queries(ASKED):
        client.get(page)


ASKED = 11
