"""Nothing that tells who applies reaches an expert: canaries are put everywhere, and looked for everywhere."""

import io
import zipfile
from urllib.parse import quote

import pytest
from django.core import mail
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from incubation.intake.models import Application
from incubation.review import actions, blinding
from incubation.review.models import CopyFile, Review
from park.files.models import Document
from park.notices.models import Notice
from park.notices.tasks import deliver
from park.workflow.actions import GuardFailed
from tests.factories.accounts import make_user
from tests.factories.files import WORD, make_document, office_bytes, pdf_bytes, upload
from tests.factories.intake import ANSWERS, make_draft
from tests.factories.profiles import make_talent
from tests.factories.review import GOOD, bring, make_chair, make_expert, make_organiser, make_round, score, typed

pytestmark = pytest.mark.django_db
NAME, NAME_ZH, MAIL, PLACE = "Qindora Velmontez", "覃朵拉蓝", "qindora.v@talent.example", "Zweibrückstein Institute"
TRACES = [
    "qindora",
    "velmontez",
    "覃朵拉",
    "朵拉蓝",
    "zweibrückstein",
    "vel@mont.example",
    "13800138000",
    "202310045678",
]
DRESSED = (
    "Dr. QINDORA  Velmontez (覃 朵拉蓝, Ｑｉｎｄｏｒａ, Qin\u200bdora), Velmontez, Qindora; "
    "write to vel@mont.example or "
    "+86 13800138000; patent ZL202310045678.9; formerly Zweibrückstein Institute."
)


def dressed_pdf(text: str = "A plan without names") -> bytes:
    """A PDF whose properties, comments and attachments name the applicant; its text as given."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_bytes(text))))
    writer.add_metadata({"/Author": NAME, "/Title": f"Plan of {NAME}"})
    writer.add_attachment("cv-velmontez.txt", NAME.encode())
    writer.pages[0][NameObject("/PieceInfo")] = TextStringObject(NAME)
    writer.root_object[NameObject("/Metadata")] = TextStringObject(NAME)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def dressed_word() -> bytes:
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
        f'<w:ins w:id="1" w:author="{NAME}"><w:r><w:t>A plan</w:t></w:r></w:ins></w:p></w:body></w:document>'
    )
    parts = {"docProps/core.xml": f"<cp:creator>{NAME}</cp:creator>".encode(), "word/comments.xml": NAME.encode()}
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office_bytes(WORD, parts=parts))) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            new.writestr(name, body if name == "word/document.xml" else old.read(name))
    return held.getvalue()


def traces_in(*texts) -> list[str]:
    """Return the canaries that can be read in these texts or bytes, however they are written."""
    joined = " ".join(text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text) for text in texts)
    joined += " ".join(text.decode("utf-16-be", "ignore") for text in texts if isinstance(text, bytes))
    joined = blinding.tidy(joined).casefold()
    return [trace for trace in TRACES if trace in joined or quote(trace).casefold() in joined]


@pytest.fixture
def candidate():
    """An application that names its applicant wherever a person could."""
    user = make_user(email=MAIL, name=NAME, name_zh=NAME_ZH)
    talent = make_talent(user=user, name=NAME, name_zh=NAME_ZH)
    talent.stays.create(kind="work", country="DEU", place=PLACE, began_on="2015-01-01")
    changes = {"personal": {"name": NAME, "name_zh": NAME_ZH}}
    changes |= {
        task: {key: DRESSED if key in {"product", "novelty", "customers", "team", "milestones"} else value}
        for task, answers in ANSWERS.items() if task != "personal" for key, value in list(answers.items())[-1:]
    }  # fmt: skip
    changes["idea"] = {"product": DRESSED, "title": "Lumen Weave by Velmontez"}
    changes["technology"] = {"novelty": DRESSED}
    changes["people"] = {"team": DRESSED}
    application = make_draft(talent, filled=True, **changes)
    plan = make_document(owner=user, kind="business_plan", name="velmontez-plan.pdf", content=dressed_pdf())
    Document.objects.filter(pk=plan.pk).update(name="velmontez-plan.pdf")
    application.documents.filter(paper="business_plan").delete()
    application.documents.create(document=plan, paper="business_plan")
    from incubation.intake import actions as intake
    from tests.factories.intake import make_officer

    intake.submit(application=application, by=user, says_true=True, agrees_to_storage=True)
    officer = make_officer()
    intake.take(application=application, by=officer)
    intake.pass_on(application=application, by=officer)
    return application


@pytest.fixture
def round(candidate):
    by = make_organiser()
    made = make_round(by)
    Application.objects.filter(pk=candidate.pk).update(call=made.call)
    candidate.refresh_from_db()
    make_expert(), make_expert()
    file = actions.add_files(round=made, by=by)[0]
    actions.approve_copy(copy=actions.make_copy(file=file, by=by), by=make_organiser())
    actions.ready(round=made, by=by)
    actions.make_plan(round=made, by=by)
    actions.confirm_plan(round=made, by=by)
    return made


def test_the_canaries_are_in_what_was_sent(candidate):
    found = traces_in(str(candidate.revisions.get().answers), candidate.title)

    assert {"qindora", "velmontez", "vel@mont.example"} <= set(found)


def test_nothing_of_the_row_that_experts_read_tells_who_applies(round):
    copy = round.files.get().copy

    assert traces_in(copy.title, str(copy.texts), copy.extra_words) == []
    assert "Printed" not in str(copy.texts) and "[name]" in str(copy.texts)
    labels = [row["label"] for section in copy.texts["en"] for row in section["rows"]]
    assert "In two sentences" in labels
    assert not {"Name as in the passport", "Date of birth", "Nationality"} & set(labels)


def test_no_page_list_search_order_count_mail_notice_or_file_tells_who_applies(client, round, candidate):
    review, other = round.files.get().reviews.order_by("pk")
    expert = review.expert.user
    client.force_login(expert)
    pages = [reverse("review:queue"), reverse("review:done"), reverse("review:guide")]
    pages += [f"{pages[0]}?sort={sort}" for sort in ("due", "code", "field", "talent", "-application")]
    own = [reverse(f"review:{name}", args=[review.ref]) for name in ("conflict", "score")]
    seen, headers = [], []

    def look(*addresses):
        for address in addresses:
            for prefix in ("", "/zh-hans"):
                answer = client.get(prefix + address, follow=True)
                seen.append(answer.content)
                headers.append(answer.headers)

    look(*pages, own[0])
    bring(review, "open")
    look(*pages, *own)
    score(review)
    bring(other, "sent")
    look(*pages, *own)
    actions.call_panel(round=round, by=make_chair())
    look(*pages, *own, reverse("review:standing", args=[round.slug]))
    for words in (NAME, NAME_ZH, "velmontez", MAIL, candidate.ref, "Zweibrückstein"):
        found = client.get(reverse("review:queue"), {"q": words})
        assert found.context["rows"] == [], words
    deliver()
    told = [str(notice.context) + str(notice.letter) for notice in Notice.objects.filter(recipient=expert)]
    letters = [str(message.message()) for message in mail.outbox if expert.email in message.to]
    papers = [client.get(paper.document.get_absolute_url()) for paper in round.files.get().copy.papers.all()]
    bodies = [b"".join(paper.streaming_content) for paper in papers]

    assert traces_in(*seen, *told, *letters) == []
    assert traces_in(*map(str, headers), *(str(paper.headers) for paper in papers)) == []
    assert traces_in(*bodies, *(PdfReader(io.BytesIO(body)).metadata for body in bodies)) == []
    assert told and letters and len(bodies) == 1
    assert not any("ETag" in each or "Last-Modified" in each for each in headers)
    assert candidate.ref not in " ".join(page.decode() for page in seen)


def test_names_of_experts_and_scores_never_reach_the_applicant(client, round, candidate):
    review, other = round.files.get().reviews.order_by("pk")
    bring(review, "open")
    actions.save_scores(review=review, by=review.expert.user, scores=typed(GOOD), note="CANARY-NOTE")
    actions.send(review=review, by=review.expert.user)
    bring(other, "sent")
    client.force_login(candidate.talent.user)

    page = client.get(reverse("intake:application", args=[candidate.ref])).content.decode()
    told = str(list(Notice.objects.filter(recipient=candidate.talent.user).values_list("context", "letter")))

    for canary in ("CANARY", review.expert.user.name, other.expert.user.name, "69.00", "Reason for"):
        assert canary not in page + told
    assert client.get(reverse("review:score", args=[review.ref])).status_code == 404


def test_the_original_papers_and_those_of_a_file_one_left_are_not_there(client, round, candidate):
    review = round.files.get().reviews.first()
    paper = round.files.get().copy.papers.get()
    client.force_login(review.expert.user)
    original = candidate.documents.get(paper="business_plan").document.get_absolute_url()

    def statuses():
        return [client.get(address).status_code for address in (paper.document.get_absolute_url(), original)]

    assert statuses() == [404, 404]  # nothing opens before the declaration
    bring(review, "open")
    assert statuses() == [200, 404]
    round.rules.filter(phase="scoring").update(files=False)
    assert statuses() == [404, 404]
    round.rules.filter(phase="scoring").update(files=True)
    bring(review, "recused")
    assert statuses() == [404, 404]


def test_papers_get_names_of_their_own_and_lose_what_programs_wrote_into_them(round):
    paper = round.files.get().copy.papers.get()

    assert paper.document.name == f"{round.files.get().code}-1-business-plan.pdf"
    assert (paper.finding, paper.pages) == ("clean", 1)
    assert Document.objects.in_vault().filter(pk=paper.document_id).exists() is False


def test_word_files_and_pictures_are_cleaned_too():
    word = blinding.clean(dressed_word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    picture = Image.new("RGB", (20, 20), "seagreen")
    told = Image.Exif()
    told[0x013B] = NAME
    held = io.BytesIO()
    picture.save(held, "JPEG", exif=told)

    with zipfile.ZipFile(io.BytesIO(word.content)) as archive:
        assert traces_in(*(archive.read(name) for name in archive.namelist())) == []
        assert "word/document.xml" in archive.namelist() and "A plan" in word.text
    assert traces_in(held.getvalue()) != []
    assert traces_in(blinding.clean(held.getvalue(), "image/jpeg").content) == []


def test_a_paper_with_a_name_inside_holds_the_copy_back_until_it_is_replaced(candidate):
    by, second = make_organiser(), make_organiser()
    made = make_round(by)
    Application.objects.filter(pk=candidate.pk).update(call=made.call)
    entry = candidate.documents.get(paper="business_plan")
    from park.files import storage

    storage.path_of(entry.document.storage_name).write_bytes(dressed_pdf(f"Plan of {NAME}"))
    copy = actions.make_copy(file=actions.add_files(round=made, by=by)[0], by=by)
    paper = copy.papers.get()

    assert paper.finding == CopyFile.Finding.NAMES
    with pytest.raises(GuardFailed, match="Names were found"):
        actions.approve_copy(copy=copy, by=second)
    with pytest.raises(GuardFailed, match="still be read"):
        actions.replace_paper(paper=paper, upload=upload("x.pdf", pdf_bytes("By Velmontez")), by=by)

    actions.replace_paper(paper=paper, upload=upload("velmontez.pdf", dressed_pdf("Redacted")), by=by)
    actions.approve_copy(copy=copy, by=second)
    assert (paper.finding, "velmontez" in paper.document.name) == ("redacted", False)


def test_staff_can_have_further_words_left_out(candidate):
    by = make_organiser()
    made = make_round(by)
    Application.objects.filter(pk=candidate.pk).update(call=made.call)

    copy = actions.make_copy(
        file=actions.add_files(round=made, by=by)[0], by=by, title="A lens, printed", extra_words="clinic\nHospitals"
    )

    assert copy.title == "A lens, printed"
    assert "hospitals" not in str(copy.texts).casefold()


def test_in_an_open_round_the_copy_keeps_the_names_and_the_phase_shows_them(client, candidate):
    by = make_organiser()
    made = make_round(by, blind=False)
    Application.objects.filter(pk=candidate.pk).update(call=made.call)

    copy = actions.make_copy(file=actions.add_files(round=made, by=by)[0], by=by)

    assert "qindora" in traces_in(str(copy.texts))
    assert Review.objects.count() == 0
