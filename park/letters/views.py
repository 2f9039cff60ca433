"""A letter on a page and as a PDF for whoever may read it, and for everybody the word whether it is genuine."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from park.accounts.doors import open_to_all, row_by_row
from park.accounts.post import nudge
from park.audit.actions import log_read

from . import access, kinds, pdfs
from .masking import masked
from .models import Letter
from .tasks import make_pdf

READERS = "whoever the letter is to, and staff"


def own(request: HttpRequest, ref: str) -> Letter:
    """Return a letter that this person may read; that somebody else's was read is written down."""
    letter = access.readable_by(request.user).select_related("to", "replaced_by").filter(ref=ref.upper()).first()
    if letter is None:
        raise Http404
    if letter.to_id and letter.to_id != request.user.pk:
        log_read(by=request.user, record=letter, about=letter.to, reason="a letter")
    return letter


@row_by_row(READERS)
@require_safe
def letter(request: HttpRequest, ref: str) -> HttpResponse:
    """A letter as it was issued. Prints to one page."""
    return render(request, "letters/letter.html", page_of(own(request, ref)))


def page_of(letter: Letter) -> dict:
    return {
        "letter": letter,
        "content": letter.content,
        "qr": pdfs.qr_path(letter.check_url),
        "check_url": letter.check_url,
        "newer": getattr(letter, "replaced_by", None),
    }


@row_by_row(READERS)
@require_safe
def pdf(request: HttpRequest, ref: str) -> HttpResponse:
    """The PDF of a letter; while it is being made, the letter itself with a word about it."""
    record = own(request, ref)
    file = getattr(record, "file", None)
    if file is None:
        nudge(make_pdf, record.pk)
        messages.info(request, _("The PDF is being made. Try again in a minute."))
        return redirect(record)
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{record.number}.pdf")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@open_to_all("Whoever holds a letter may ask whether it is genuine.")
@never_cache
@require_safe
def check(request: HttpRequest, ref: str) -> HttpResponse:
    """Genuine or not, kind, day, masked name, valid or withdrawn. Nothing of what the letter says."""
    record = Letter.objects.select_related("replaced_by").filter(ref=ref.upper()).first()
    found = None
    if record is not None:
        found = {
            "kind": kinds.find(record.kind).public_label,
            "number": record.number,
            "day": record.issued_at,
            "name": masked(record.to_name),
            "withdrawn_at": record.withdrawn_at,
            "replaced": hasattr(record, "replaced_by"),
        }
    page = {"found": found, "asked": ref[:40]}
    answer = render(request, "letters/check.html", page, status=200 if found else 404)
    answer["X-Robots-Tag"] = "noindex"
    return answer
