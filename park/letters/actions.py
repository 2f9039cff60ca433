"""What happens to a letter: issued under the next number, replaced by a newer one, withdrawn. It is never changed."""

from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from park.pages.wording import local_date
from park.workflow.access import same_person
from park.workflow.actions import GuardFailed, NotYours, SecondPersonNeeded, verb
from park.workflow.calendar import beijing_day

from . import access, kinds
from .composing import compose
from .kinds import LetterKind
from .models import Letter, LetterNumber, LetterText, digest_of, new_check_code
from .tasks import make_after_commit


@verb
def issue(
    *, kind: str, subject, to, language: str, context: dict, about: str = "", name: str = "",
    replaces: Letter | None = None,
) -> Letter:  # fmt: skip
    """Issue a letter on ``subject`` to a person, in a language; its PDF follows.

    ``context`` fills the blanks of the kind (``name``, ``number``, ``about`` and ``day`` fill themselves); ``about`` is
    the reference of the case, printed on top; ``name`` whom it is addressed to, if not the name of ``to``. A letter
    that it ``replaces`` is no longer valid from then on. Call it inside the verb that the letter tells of: both stand,
    or neither.
    """
    known = kinds.find(kind)
    text = LetterText.objects.in_use(kind)
    if text is None:
        raise GuardFailed(_("No text is in use for the letter “%(kind)s”.") % {"kind": known.label}, code="no-text")
    if replaces is not None and replaces.is_valid:
        with translation.override(replaces.language):
            _withdraw(replaces, None, _("A newer letter stands in its place."))
    now = timezone.now()
    year, serial = _next_number(known, now)
    number = f"{known.prefix}-{year}-{serial:04d}"
    with translation.override(language):
        name = name or (to.display_name if to else "")
    content = write(known, text, language, context | {"name": name, "number": number, "about": about}, now)
    letter = Letter.objects.create(
        ref=f"{number}-{new_check_code()}", kind=kind, prefix=known.prefix, year=year, serial=serial, text=text,
        language=language, content=content, digest=digest_of(content), subject=subject, to=to, to_name=name,
        issued_at=now, replaces=replaces,
    )  # fmt: skip
    make_after_commit(letter.pk)
    return letter


def write(kind: LetterKind, text: LetterText, language: str, words: dict, at) -> dict:
    """Return the content of a letter, with every word of its frame, in its language."""
    with translation.override(language):
        day = local_date(beijing_day(at), "long")
        frame = {
            "language": language,
            "day": day,
            "number": words["number"],
            "about": words["about"],
            "name": words["name"],
            "kind": str(kind.label),
            "park": _("Overseas Talent Entrepreneurial Park"),
            "number_line": _("No. %(number)s") % {"number": words["number"]},
            "about_line": _("Ref. %(about)s") % {"about": words["about"]} if words["about"] else "",
            "signed": _("Admission Committee"),
            "genuine": _("Issued electronically. Scan to check that this letter is genuine."),
            "qr_label": _("QR code: check this letter"),
        }
    return frame | compose(*text.words(language), words | {"day": day})


def _next_number(kind: LetterKind, at) -> tuple[int, int]:
    """Take the next number of the year. Its row stays locked until the act ends: none is lost, none given twice."""
    year = beijing_day(at).year
    LetterNumber.objects.bulk_create([LetterNumber(prefix=kind.prefix, year=year)], ignore_conflicts=True)
    row = LetterNumber.objects.select_for_update().get(prefix=kind.prefix, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return year, row.last


@verb
def replace(*, letter: Letter, by, reason: str, context: dict) -> Letter:
    """Issue a letter in the place of one that was wrong. Both are kept; the old one says that it was replaced."""
    old = _withdraw(letter, by, reason)
    return issue(
        kind=old.kind, subject=old.subject, to=old.to, language=old.language, context=context,
        about=old.content.get("about", ""), name=old.to_name, replaces=old,
    )  # fmt: skip


@verb
def withdraw(*, letter: Letter, by, reason: str) -> Letter:
    """Withdraw a letter. It is kept, and whoever checks it reads that it is no longer valid. Raises MoveRefused."""
    if not access.may_withdraw(by, letter):
        raise NotYours
    return _withdraw(letter, by, reason)


@verb
def revoke(*, letter: Letter, reason: str) -> Letter:
    """Say of a letter that it no longer holds, because of what happened to its case: called inside the room's verbs.

    It shows as a withdrawn one does, and no person's name with it. Raises MoveRefused.
    """
    return _withdraw(letter, None, reason)


def _withdraw(letter: Letter, by, reason: str) -> Letter:
    locked = Letter.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
    if locked.withdrawn_at:
        raise GuardFailed(_("This letter is withdrawn already."), code="withdrawn-already")
    if not reason.strip():
        raise GuardFailed(_("Say why the letter is withdrawn."), code="no-reason")
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = timezone.now(), by, reason.strip()[:300]
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    letter.refresh_from_db()
    return locked


# --- Texts ------------------------------------------------------------------------------------------------------------
@verb
def write_text(*, text: LetterText, by) -> LetterText:
    """Keep a text as it was written: a new one under the next number of its kind, or a draft once more.

    Who wrote last is its author, and does not put it in use. Raises MoveRefused.
    """
    if not by.has_perm(access.CHANGE_TEXTS if text.pk else access.ADD_TEXTS):
        raise NotYours
    before = _draft(text) if text.pk else None
    if before is None or before.kind != text.kind:
        text.number = _next_version(text.kind)
    text.author, text.published_at, text.published_by = by, None, None
    text.save(force_insert=before is None)
    return text


@verb
def new_text(*, like: LetterText, by) -> LetterText:
    """Begin a draft with the words of a version that is there. Raises MoveRefused."""
    words = {name: getattr(like, name) for name in ("kind", "title_en", "title_zh", "body_en", "body_zh")}
    return write_text(text=LetterText(**words), by=by)


@verb
def publish_text(*, text: LetterText, by) -> LetterText:
    """Put a version of a text in use; never by its author. Letters that were issued keep theirs. Raises MoveRefused."""
    if not by.has_perm(access.PUBLISH_TEXTS):
        raise NotYours
    locked = _draft(text)
    if locked.author_id is None:
        raise GuardFailed(_("Save it once more: then it is known who wrote it."), code="no-author")
    if locked.author_id == by.pk or same_person(locked.author, by):
        raise SecondPersonNeeded
    locked.published_at, locked.published_by = timezone.now(), by
    locked.save(update_fields=["published_at", "published_by"])
    return locked


def _draft(text: LetterText) -> LetterText:
    locked = LetterText.objects.select_for_update(of=("self",), no_key=True).select_related("author").get(pk=text.pk)
    if locked.published_at:
        raise GuardFailed(_("This version is in use already."), code="in-use")
    return locked


def _next_version(kind: str) -> int:
    """Return the next number of a kind. Its rows stay locked until the act ends: two drafts never share one."""
    list(LetterText.objects.select_for_update(no_key=True).filter(kind=kind).order_by("pk").values("pk"))
    return (LetterText.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0) + 1
