"""Filling in a draft, one task a page: its questions, its papers, or the record of the time abroad."""

import datetime as dt
import secrets
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from park.accounts.doors import row_by_row
from park.files.actions import NotAccepted, NotStored
from park.files.models import Document, DocumentState
from park.pages.wording import local_date
from park.workflow.actions import MoveRefused, Stale
from talents.profiles.timeline import gaps
from talents.profiles.views import stay_rows

from . import access, actions
from .asked import asked_in, is_asked
from .definition import Paper, Task
from .forms import PaperForm
from .models import Application, ApplicationDocument
from .progress import Draft
from .questionnaire import entry_to_see, rearranged
from .questions import in_rows
from .reading import given
from .views import OWN, own, refused, task_url, to_application


def open_task(request, ref: str, key: str) -> tuple[Application, Draft, Task]:
    record = own(request, ref)
    draft = Draft.of(record)
    found = draft.definition.task(key)
    if found is None or not draft.is_shown(found):
        raise Http404
    return record, draft, found


@row_by_row(OWN)
def task(request, ref, task):
    """One task: its questions, its papers, or the record of the time abroad."""
    record, draft, this = open_task(request, ref, task)
    if record.ref != ref:
        return redirect(task_url(record, this))
    if not access.is_open(record, this.key):
        return refused(request, actions.EditRefused(), record)
    if this.kind == "stays":
        return stays_task(request, record, draft, this)
    if this.kind == "papers":
        return papers_task(request, record, draft, this)
    return fields_task(request, record, draft, this)


def after_task(record: Application, draft: Draft, this: Task) -> str:
    """Return where "continue" leads: the next task that is not done, else the check page or the tracker."""
    if not record.is_draft:
        return reverse("intake:application", args=[record.ref])
    states = [each for each in draft.states if each.task.key != this.key and not each.is_done]
    later = [each for each in states if (each.task.part.number, each.task.number) > (this.part.number, this.number)]
    following = next(iter(later or states), None)
    return task_url(record, following.task) if following else reverse("intake:check", args=[record.ref])


def task_page(record: Application, draft: Draft, this: Task) -> dict:
    """Return what every task page shows around its questions."""
    siblings = [task.key for task in draft.tasks if task.part.key == this.part.key]
    saved = draft.saved(this)
    return {
        "application": record,
        "task": this,
        "parts": len(draft.definition.parts),
        "siblings": len(siblings),
        "done": siblings.index(this.key),
        "saved": dt.datetime.fromisoformat(saved["at"]) if saved.get("at") else None,
        "crumbs": [(_("Your application"), reverse("intake:application", args=[record.ref])), (this.label, "")],
    }


def posted_text(request) -> None:
    """Refuse what no keyboard sends."""
    if any("\0" in value for values in request.POST.lists() for value in values[1]):
        raise BadRequest(_("The text holds a character that cannot be kept."))


def whole(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 10 else None


def fields_task(request, record: Application, draft: Draft, this: Task):
    status, conflict = HTTPStatus.OK, None
    form = draft.form(this)
    edit = secrets.token_urlsafe(8)
    version = draft.saved(this).get("version", 0)
    if request.method == "POST":
        posted_text(request)
        leaving, other_entries = "leave" in request.POST, rearranged(this, request.POST)
        edit = request.POST.get("edit", "")[:20] or edit
        try:
            record = actions.save_answers(
                application=record, task=this, data=other_entries or request.POST, by=request.user, edit=edit,
                checked=not leaving and not other_entries,
                version=whole(request.POST.get("version", "")),
            )
        except Stale as refusal:
            conflict, status = refusal, HTTPStatus.CONFLICT
            form = draft.form(this, request.POST)
        except MoveRefused as refusal:
            return refused(request, refusal, record)
        else:
            draft = Draft.of(record)
            form = draft.form(this)
            version = draft.saved(this)["version"]
            if other_entries:
                return redirect(f"{task_url(record, this)}#{entry_to_see(request.POST)}")
            if leaving:
                messages.success(request, _("Saved. Go on whenever you like."))
                return to_application(record)
            if form.is_valid():
                return redirect(after_task(record, draft, this))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif not draft.saved(this).get("checked"):
        form = unbothered(form)
    asked = asked_in(record, this)
    page = task_page(record, draft, this) | {
        "form": form,
        "rows": [row for row in form.rows() if asked is None or row["name"] in asked],
        "as_sent": [] if asked is None else in_rows(this, given(draft, this), leaving_out=asked),
        "edit": edit,
        "version": version,
        "conflict": conflict,
        "theirs": in_rows(this, given(draft, this)) if conflict else [],
    }
    return render(request, "intake/task.html", page, status=status)


def unbothered(form):
    """Show what was typed so far without calling anything wrong: nobody has pressed continue yet."""
    if form.is_bound:
        form._errors, form.cleaned_data = type(form.errors)(), {}
    return form


@row_by_row(OWN)
@require_POST
def autosave(request, ref, task):
    """Keep what is typed while it is typed; says so, or that somebody else changed it (409)."""
    record, _draft, this = open_task(request, ref, task)
    posted_text(request)
    if this.kind != "fields":
        raise Http404
    try:
        actions.save_answers(
            application=record, task=this, data=request.POST, by=request.user,
            version=whole(request.POST.get("version", "")), edit=request.POST.get("edit", "")[:20],
        )  # fmt: skip
    except MoveRefused as refusal:
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain; charset=utf-8")
    text = _("Draft saved %(time)s your time") % {"time": local_date(timezone.localtime().replace(tzinfo=None), "time")}
    return render(request, "components/save_state.html", {"text": text})


def stays_task(request, record: Application, draft: Draft, this: Task):
    if request.method == "POST":
        if "leave" in request.POST:
            return to_application(record)
        if draft.stays:
            return redirect(after_task(record, draft, this))
    page = task_page(record, draft, this) | {
        "stays": stay_rows(draft.stays),
        "gaps": gaps(draft.stays, timezone.localdate()),
        "missing": request.method == "POST",
        "here": task_url(record, this),
        "saved": None,
    }
    return render(request, "intake/abroad.html", page, status=422 if page["missing"] else 200)


# --- Papers -----------------------------------------------------------------------------------------------------------
def papers_task(request, record: Application, draft: Draft, this: Task):
    """Take a new file or one on file for a paper; "continue" goes on once all that is needed is there."""
    status, broken = HTTPStatus.OK, {}
    if request.method == "POST":
        if "leave" in request.POST:
            return to_application(record)
        paper = draft.definition.paper(request.POST.get("paper", ""))
        if paper is None:
            if not draft.missing_papers(this):
                return redirect(after_task(record, draft, this))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            form = paper_form(paper, request)
            status = add_paper(request, record, this, paper, form)
            if status == HTTPStatus.OK:
                messages.success(request, _("Added: %(paper)s.") % {"paper": paper.label})
                return redirect(f"{task_url(record, this)}#{paper.key}")
            broken[paper.key] = form
    missing = draft.missing_papers(this) if status == HTTPStatus.UNPROCESSABLE_ENTITY and not broken else []
    papers = draft.papers(this)
    vault = list(usable(request.user).filter(kind__in=[paper.kind for paper in papers]).order_by("-uploaded_at"))
    page = task_page(record, draft, this) | {
        "papers": [
            paper_row(record, draft, paper, vault, broken.get(paper.key), missing)
            for paper in papers
            if is_asked(record, this, paper.key)
        ],
        "forms": list(broken.values()),
        "missing": [{"label": paper.label, "key": paper.key} for paper in missing],
        "has_errors": bool(broken or missing),
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
    since = _("on file since %(day)s") % {"day": local_date(document.uploaded_at)}
    return row | {"status": since, "tag": _("Added"), "tone": "met"}


@row_by_row(OWN)
@require_POST
def remove_paper(request, ref, pk):
    """Take a paper out of the application; the file stays with the person's documents."""
    record = own(request, ref)
    entry = get_object_or_404(record.documents, pk=pk)
    tasks = [task for task in Draft(record).definition.tasks if task.kind == "papers"]
    this = next((task for task in tasks if any(paper.key == entry.paper for paper in task.papers)), tasks[0])
    try:
        actions.remove_document(application=record, task=this, entry=entry, by=request.user)
    except MoveRefused as refusal:
        return refused(request, refusal, record)
    messages.success(request, _("Taken out. The file stays in your documents."))
    return redirect(task_url(record, this))
