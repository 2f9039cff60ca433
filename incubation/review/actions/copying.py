"""Making the copy that experts read, and having a second person approve it."""

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from park.files import actions as files
from park.files import storage
from park.files.models import Document, DocumentState
from park.workflow.access import same_person
from park.workflow.actions import GuardFailed, NotYours, verb

from .. import access
from ..blinding import PAPERS, NotCleaned, blank, clean, names_of, pattern_of, texts_of, tidy
from ..models import CopyFile, ReadingCopy, RoundFile
from ..states import PREPARING

KIND = "review_copy"


def _editable(file: RoundFile, by) -> RoundFile:
    rows = RoundFile.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("round", "application__talent__user", "application__form").get(pk=file.pk)
    if not access.manages(by, locked.round):
        raise NotYours
    if locked.round.state != PREPARING:
        raise GuardFailed(_("Copies are made while the round is being prepared."), code="not-preparing")
    if ReadingCopy.objects.filter(file=locked, approved_at__isnull=False).exists():
        raise GuardFailed(_("This copy is approved already and stays as it is."), code="approved")
    return locked


@verb
def make_copy(*, file: RoundFile, by, title: str = "", extra_words: str = "") -> ReadingCopy:
    """Make the copy of a file from what was sent last; made again, it takes the place of the one before.

    In a round with hidden names nothing that tells who applies is in it. ``extra_words``, one a line, are left out too;
    ``title`` takes the place of the applicant's own. Raises MoveRefused.
    """
    locked = _editable(file, by)
    application = locked.application
    revision = application.revisions.first()
    if revision is None:
        raise GuardFailed(_("Nothing was sent yet."), code="not-sent")
    blind = locked.round.blind
    extra = [line.strip() for line in extra_words.splitlines() if line.strip()]
    names = pattern_of(names_of(application, extra)) if blind else None
    title = title.strip() or application.title
    user = application.talent.user
    ReadingCopy.objects.filter(file=locked).delete()
    copy = ReadingCopy.objects.create(
        file=locked, revision=revision, blind=blind, title=blank(title, names)[:200] if blind else title,
        sector=application.sector, language=user.language if user else "zh-hans", extra_words="\n".join(extra),
        texts=texts_of(application, revision, blind=blind, extra=extra), made_by=by,
    )  # fmt: skip
    for position, (document, kind) in enumerate(_papers(application, revision, blind), start=1):
        _add_clean(copy, document, kind, position, names, by)
    return copy


def _papers(application, revision, blind: bool) -> list[tuple[Document, str]]:
    """Return the papers that were sent and that experts get, with the paper of the form that each is."""
    sent = [(each["document"], each["paper"]) for task in revision.answers.values() if isinstance(task, list)
            for each in task if isinstance(each, dict) and "document" in each]  # fmt: skip
    known = Document.objects.filter(state=DocumentState.AVAILABLE, sensitive=False)
    found = {str(document.public_id): document for document in known.filter(public_id__in=[pk for pk, _kind in sent])}
    return [
        (found[pk], found[pk].kind)
        for pk, _paper in sent
        if pk in found and (not blind or found[pk].kind in PAPERS)
    ]


def _add_clean(copy: ReadingCopy, document: Document, kind: str, position: int, names, by) -> None:
    content = storage.path_of(document.storage_name).read_bytes()
    try:
        cleaned = clean(content, document.media_type)
    except NotCleaned:
        return  # left out: staff see that it is missing, and may add a redacted one
    finding = CopyFile.Finding.CLEAN
    if copy.blind:
        finding = _finding(cleaned.text, names)
    made = files.keep_made(
        by, f"{copy.file.code}-{position}-{kind.replace('_', '-')}.{cleaned.extension}", cleaned.content,
        cleaned.media_type, KIND,
    )  # fmt: skip
    CopyFile.objects.create(
        copy=copy, document=made, origin=document, kind=kind, finding=finding, pages=cleaned.pages
    )


def _finding(text: str | None, names) -> str:
    if text is None:
        return CopyFile.Finding.UNREAD
    return CopyFile.Finding.NAMES if names and names.search(tidy(text)) else CopyFile.Finding.CLEAN


@verb
def replace_paper(*, paper: CopyFile, upload: UploadedFile, by) -> CopyFile:
    """Put a redacted file in the place of a paper of a copy; it is cleaned and read through as well.

    Raises MoveRefused, NotAccepted.
    """
    locked = _editable(paper.copy.file, by)
    copy = ReadingCopy.objects.get(pk=paper.copy_id)
    looked = files.inspection.inspect(upload, files.Family.DOCUMENT)
    upload.seek(0)
    try:
        cleaned = clean(upload.read(), looked.media_type)
    except NotCleaned:
        sentence = _("This file cannot be cleaned. Save it as a new PDF and try again.")
        raise GuardFailed(sentence, code="unclean") from None
    names = pattern_of(names_of(locked.application, copy.extra_words.splitlines())) if copy.blind else None
    finding = _finding(cleaned.text, names)
    if finding == CopyFile.Finding.NAMES:
        sentence = _("Names can still be read in this file. Black them out so that no text is left.")
        raise GuardFailed(sentence, code="names")
    stem = paper.document.name.rpartition(".")[0]
    made = files.keep_made(by, f"{stem}.{cleaned.extension}", cleaned.content, cleaned.media_type, KIND)
    paper.document, paper.finding, paper.pages = made, CopyFile.Finding.REDACTED, cleaned.pages
    paper.save(update_fields=["document", "finding", "pages"])
    return paper


@verb
def drop_paper(*, paper: CopyFile, by) -> None:
    """Leave a paper out of the copy. Raises MoveRefused."""
    _editable(paper.copy.file, by)
    paper.delete()


@verb
def approve_copy(*, copy: ReadingCopy, by) -> ReadingCopy:
    """Say, as a second person who read it, that experts may have this copy. It stays as it is from then on.

    Raises MoveRefused while names are left in a paper.
    """
    _editable(copy.file, by)
    locked = ReadingCopy.objects.select_for_update(of=("self",)).select_related("made_by").get(pk=copy.pk)
    if same_person(by, locked.made_by):
        raise GuardFailed(_("A second person approves the copy: you made it."), code="second-person-needed")
    if locked.papers.filter(finding=CopyFile.Finding.NAMES).exists():
        raise GuardFailed(_("Names were found in a paper. Replace or drop it first."), code="names")
    locked.approved_by, locked.approved_at = by, timezone.now()
    locked.save(update_fields=["approved_by", "approved_at"])
    copy.refresh_from_db()
    return copy
