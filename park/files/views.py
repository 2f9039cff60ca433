"""The vault, and the one view through which files go out."""

import re
from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from park.accounts.doors import row_by_row, signed_in
from park.audit.actions import log_read

from . import access, actions, kinds, storage
from .forms import FileForm, ReasonForm, UploadForm
from .models import Document, DocumentState

BLOCK = 64 * 1024


@signed_in("Everybody has papers of their own.")
@require_http_methods(["GET", "HEAD", "POST"])
def vault(request: HttpRequest) -> HttpResponse:
    """All papers of the person who is signed in, what each is used for, and the place to add one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                document = actions.receive(
                    request.user, form.cleaned_data["file"], form.cleaned_data["kind"],
                    valid_until=form.cleaned_data["valid_until"],
                )
            except (actions.NotAccepted, actions.NotStored) as refusal:
                form.add_error("file", str(refusal))
                status = getattr(refusal, "status", HTTPStatus.SERVICE_UNAVAILABLE)
            else:
                messages.success(request, _("“%(name)s” is on file.") % {"name": document.name})
                return redirect("files:vault")
    documents = list(Document.objects.in_vault().filter(owner=request.user).order_by("kind", "-uploaded_at"))
    uses = access.uses_of(documents)
    rows = [
        {"document": document, "label": kinds.label(document.kind), "uses": uses[document.pk]} for document in documents
    ]
    return render(request, "files/vault.html", {"form": form, "rows": rows}, status=status)


@row_by_row("the owner", "A paper is replaced by the person it belongs to.")
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, public_id) -> HttpResponse:
    """Put a newer version in the place of one of one's papers."""
    document = get_object_or_404(Document.objects.in_vault(), public_id=public_id, owner=request.user)
    form = FileForm(request.POST or None, request.FILES or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                actions.replace(document, form.cleaned_data["file"], valid_until=form.cleaned_data["valid_until"])
            except (actions.NotAccepted, actions.NotStored) as refusal:
                form.add_error("file", str(refusal))
                status = getattr(refusal, "status", HTTPStatus.SERVICE_UNAVAILABLE)
            except actions.Replaced as refusal:
                messages.warning(request, str(refusal))
                return redirect("files:vault")
            else:
                messages.success(request, _("The newer version is on file."))
                return redirect("files:vault")
    context = {"form": form, "document": document, "label": kinds.label(document.kind)}
    return render(request, "files/replace.html", context, status=status)


@row_by_row("the owner, and who has a reason that a room above names", "The right is asked at each request, Range too.")
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, public_id) -> HttpResponse:
    """Hand out a paper to somebody who may read it now; write down who else than its owner read it, and why."""
    document = get_object_or_404(access.readable_by(request.user).select_related("owner"), public_id=public_id)
    if document.state != DocumentState.AVAILABLE:
        return render(request, "files/not_ready.html", {"document": document}, status=HTTPStatus.CONFLICT)
    if document.owner_id != request.user.pk:
        why = access.reason_of(request.user, document)
        if document.sensitive:
            form = ReasonForm(request.POST or None)
            if not form.is_valid():
                status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
                return render(request, "files/reason.html", {"form": form, "document": document}, status=status)
            why = form.cleaned_data["reason"]
        if request.method != "HEAD":
            log_read(by=request.user, record=document, about=document.owner, reason=why)
    return _handed_out(request, document)


def _handed_out(request: HttpRequest, document: Document) -> HttpResponse:
    path = storage.path_of(document.storage_name)
    size = path.stat().st_size
    span = _span(request.headers.get("Range", ""), size) if request.method == "GET" else None
    if span == ():
        outside = {"Content-Range": f"bytes */{size}"}
        return _guarded(HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=outside))
    first, last = span or (0, size - 1)
    if request.method == "HEAD":
        response = HttpResponse(content_type=document.media_type)
    else:
        response = FileResponse(_blocks(path, first, last), content_type=document.media_type)
    if span:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=document.name)
    return _guarded(response)


def _guarded(response: HttpResponse) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def _span(header: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """Read a Range of one part: the first and last byte, () if it lies outside, None if all of the file is wanted."""
    asked = re.fullmatch(r"bytes=(\d{0,12})-(\d{0,12})", header.strip())
    if not asked or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if first == "":  # the last so many bytes
        return (max(0, size - int(last)), size - 1) if int(last) else ()
    if int(first) >= size or (last and int(last) < int(first)):
        return ()
    return int(first), min(int(last), size - 1) if last else size - 1


def _blocks(path, first: int, last: int):
    left = last - first + 1
    with path.open("rb") as file:
        file.seek(first)
        while left > 0 and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block

