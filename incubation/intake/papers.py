"""The papers of an application: a new file, one on file already, or the reason why there is none."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from park.accounts.doors import row_by_row
from park.files.actions import NotAccepted, NotStored
from park.files.models import Document, DocumentState
from park.pages.wording import local_date
from park.workflow.actions import MoveRefused

from . import actions
from .asked import is_asked
from .definition import Paper, Task
from .forms import ExcuseForm, PaperForm
from .models import Application, ApplicationDocument
from .progress import Draft
from .taskpages import after_task, posted_text, task_page
from .views import OWN, own, refused, task_url, to_application


def papers_task(request, record: Application, draft: Draft, this: Task):
    """Take a new file or one on file for a paper; "continue" goes on once all that is needed is there."""
    status, broken, unexcused = HTTPStatus.OK, {}, {}
    if request.method == "POST":
        posted_text(request)
        if "leave" in request.POST:
            return to_application(record)
        paper = draft.definition.paper(request.POST.get("paper", ""))
        if paper is None:
            if not draft.missing_papers(this):
                return redirect(after_task(record, draft, this))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        elif "excuse" in request.POST:
            form = excuse_form(paper, request)
            status = excuse(request, record, this, paper, form)
            if status == HTTPStatus.OK:
                words = {"paper": paper.label}
                messages.success(request, _("Noted: %(paper)s cannot be provided. Officers read why.") % words)
                return redirect(f"{task_url(record, this)}#{paper.key}")
            unexcused[paper.key] = form
        else:
            form = paper_form(paper, request)
            status = add_paper(request, record, this, paper, form)
            if status == HTTPStatus.OK:
                messages.success(request, _("Added: %(paper)s.") % {"paper": paper.label})
                return redirect(f"{task_url(record, this)}#{paper.key}")
            broken[paper.key] = form
    refused_one = broken or unexcused
    missing = draft.missing_papers(this) if status == HTTPStatus.UNPROCESSABLE_ENTITY and not refused_one else []
    papers = draft.papers(this)
    vault = list(usable(request.user).filter(kind__in=[paper.kind for paper in papers]).order_by("-uploaded_at"))
    page = task_page(record, draft, this) | {
        "papers": [
            paper_row(record, draft, paper, vault, broken.get(paper.key), missing)
            | excuse_row(draft, paper, unexcused.get(paper.key))
            for paper in papers
            if is_asked(record, this, paper.key)
        ],
        "forms": [*broken.values(), *unexcused.values()],
        "missing": [{"label": paper.label, "key": paper.key} for paper in missing],
        "has_errors": bool(broken or unexcused or missing),
        "saved": None,
    }
    return render(request, "intake/papers.html", page, status=status)


def paper_form(paper: Paper, request=None) -> PaperForm:
    data = (request.POST, request.FILES) if request else ()
    return PaperForm(*data, prefix=paper.key, hint=paper.hint, auto_id=f"{paper.key}-%s")


def add_paper(request, record: Application, this: Task, paper: Paper, form: PaperForm) -> int:
    """Add what was chosen, or put the reason why not into the form; return the status of the answer."""
    chosen = None
    if "document" in request.POST:
        chosen = own_file(request.user, request.POST["document"])
        form.is_bound = False
    elif not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        actions.add_document(
            application=record, task=this, paper=paper.key, by=request.user, document=chosen,
            upload=None if chosen else form.cleaned_data["file"],
        )  # fmt: skip
    except (NotAccepted, NotStored, MoveRefused) as refusal:
        form.is_bound = True
        form.add_error("file", str(refusal))
        return getattr(refusal, "status", HTTPStatus.SERVICE_UNAVAILABLE)
    return HTTPStatus.OK


def excuse_form(paper: Paper, request=None) -> ExcuseForm:
    data = (request.POST, request.FILES) if request else ()
    return ExcuseForm(*data, prefix=f"{paper.key}-excuse", auto_id=f"{paper.key}-excuse-%s")


def excuse(request, record: Application, this: Task, paper: Paper, form: ExcuseForm) -> int:
    """Note why a paper cannot be provided, or put the reason why not into the form; return the answer's status."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        actions.excuse_paper(
            application=record, task=this, paper=paper.key, by=request.user, reason=form.cleaned_data["reason"],
            upload=form.cleaned_data["file"],
        )  # fmt: skip
    except (NotAccepted, NotStored) as refusal:
        form.add_error("file", str(refusal))
        return getattr(refusal, "status", HTTPStatus.SERVICE_UNAVAILABLE)
    except MoveRefused as refusal:
        form.add_error("reason", str(refusal))
        return refusal.status
    return HTTPStatus.OK


def excuse_row(draft: Draft, paper: Paper, form: ExcuseForm | None) -> dict:
    """Return what the page shows of a paper that cannot be provided, and the place to say so."""
    return {"excuse": draft.excuses.get(paper.key), "excuse_form": form or excuse_form(paper), "excusing": bool(form)}


def own_file(user, public_id: str) -> Document:
    """Return one of the reader's own files that can be used; else 404."""
    try:
        return get_object_or_404(usable(user), public_id=public_id)
    except ValidationError:  # not an id at all
        raise Http404 from None


def usable(user):
    return Document.objects.current().filter(owner=user).exclude(state=DocumentState.QUARANTINED)


def paper_row(
    record: Application, draft: Draft, paper: Paper, vault: list[Document], form: PaperForm | None, missing: list[Paper]
) -> dict:
    """Return what the page shows of one paper: what is there, what is on file, and the place to add one."""
    there = draft.files(paper)
    used = {entry.document_id for entry in there}
    return {
        "key": paper.key,
        "label": paper.label,
        "required": draft.is_required(paper),
        "missing": any(each.key == paper.key for each in missing),
        "field": (form or paper_form(paper))["file"],
        "files": [file_row(record, entry) for entry in there],
        "on_file": [
            {
                "id": document.public_id,
                "name": document.name,
                "since": document.uploaded_at,
                "until": document.valid_until,
            }
            for document in vault
            if document.kind == paper.kind and document.pk not in used
        ],
    }


def file_row(record: Application, entry: ApplicationDocument) -> dict:
    """Return a file as the component ``document_row`` takes it."""
    document = entry.document
    row = {
        "name": document.name,
        "url": document.get_absolute_url(),
        "size": document.size,
        "remove_url": reverse("intake:remove_paper", args=[record.ref, entry.pk]),
        "status": document.get_state_display(),
    }
    if document.state == DocumentState.QUARANTINED:
        return row | {"error": _("This file could not be used. Remove it and add another.")}
    if document.state == DocumentState.RECEIVED:
        return row | {"status": _("is being checked")}
    words = [_("on file since %(day)s") % {"day": local_date(document.uploaded_at)}]
    if document.valid_until:
        words.append(_("valid until %(day)s") % {"day": local_date(document.valid_until)})
    tag = _("In its place") if entry.instead else _("Added")
    return row | {"status": " · ".join(words), "tag": tag, "tone": "ask" if entry.instead else "met"}


@row_by_row(OWN)
@require_POST
def take_excuse_back(request, ref, paper):
    """Ask for a paper again after all."""
    record = own(request, ref)
    this = task_of(record, paper)
    try:
        actions.take_excuse_back(application=record, task=this, paper=paper, by=request.user)
    except MoveRefused as refusal:
        return refused(request, refusal, record)
    messages.success(request, _("Taken back. You can add the paper now."))
    return redirect(f"{task_url(record, this)}#{paper}")


def task_of(record: Application, paper: str) -> Task:
    """Return the task that asks for a paper; else 404."""
    tasks = Draft(record).definition.tasks
    found = next((task for task in tasks if any(each.key == paper for each in task.papers)), None)
    if found is None:
        raise Http404
    return found


@row_by_row(OWN)
@require_POST
def remove_paper(request, ref, pk):
    """Take a paper out of the application; the file stays with the person's documents."""
    record = own(request, ref)
    entry = get_object_or_404(record.documents, pk=pk)
    this = task_of(record, entry.paper)
    try:
        actions.remove_document(application=record, task=this, entry=entry, by=request.user)
    except MoveRefused as refusal:
        return refused(request, refusal, record)
    messages.success(request, _("Taken out. The file stays in your documents."))
    return redirect(task_url(record, this))
