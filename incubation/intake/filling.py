"""Filling in a draft, one task a page: its questions, its papers, or the record of the time abroad."""

import re
import secrets
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from park.accounts.doors import row_by_row
from park.pages.wording import local_date
from park.workflow.actions import MoveRefused, Stale
from talents.profiles.timeline import gaps
from talents.profiles.views import stay_rows

from . import access, actions, reuse
from .asked import asked_in
from .definition import Task
from .models import Application
from .papers import papers_task
from .progress import Draft
from .questionnaire import entry_to_see, rearranged
from .questions import in_rows
from .reading import given, section_of
from .taskpages import after_task, editor_of, may_write, open_task, posted_text, task_page, whole
from .views import OWN, refused, task_url, to_application


@row_by_row(OWN)
def task(request, ref, task):
    """One task: its questions, its papers, or the record of the time abroad."""
    record, draft, this = open_task(request, ref, task)
    if record.ref != ref:
        return redirect(task_url(record, this))
    if not access.is_open(record, this.key):
        return refused(request, actions.EditRefused(), record)
    if request.method != "POST" and only_to_read(request, record, this):
        return task_to_read(request, record, draft, this)
    if this.kind == "stays":
        return stays_task(request, record, draft, this)
    if this.kind == "papers":
        return papers_task(request, record, draft, this)
    return fields_task(request, record, draft, this)


def belongs_to_applicant(request, record: Application, this: Task) -> bool:
    """Tell whether a task is the applicant's own record, which co-applicants read and never change."""
    return this.kind == "stays" and record.talent.user_id != request.user.pk


def only_to_read(request, record: Application, this: Task) -> bool:
    if not may_write(request, record) or belongs_to_applicant(request, record, this):
        return True
    return this.kind == "fields" and editor_of(record, this, request.user) is not None


def task_to_read(request, record: Application, draft: Draft, this: Task):
    """Show a task to somebody who reads along, or while somebody else edits it."""
    page = task_page(record, draft, this) | {
        "editor": editor_of(record, this, request.user),
        "of_applicant": belongs_to_applicant(request, record, this),
        "section": section_of(draft, this),
        "here": task_url(record, this),
    }
    return render(request, "intake/reading.html", page)


def fields_task(request, record: Application, draft: Draft, this: Task):
    status, conflict, busy = HTTPStatus.OK, None, None
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
                checked=not leaving and not other_entries, done=not other_entries,
                version=whole(request.POST.get("version", "")),
            )
        except actions.BeingEdited as refusal:
            busy, status = refusal.lease, HTTPStatus.CONFLICT
            form = draft.form(this, request.POST)
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
                return received(to_application(record), edit)
            if form.is_valid():
                return received(redirect(after_task(record, draft, this)), edit)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif not draft.saved(this).get("checked"):
        form = unbothered(form)
    asked = asked_in(record, this)
    known = reuse.known_facts(record, draft, this) if record.is_draft else {}
    page = task_page(record, draft, this) | {
        "form": form,
        "rows": [
            row | {"known": known.get(row["name"])} for row in form.rows() if asked is None or row["name"] in asked
        ],
        "as_sent": [] if asked is None else in_rows(this, given(draft, this), leaving_out=asked),
        "edit": edit,
        "version": version,
        "conflict": conflict,
        "busy": busy,
        "theirs": in_rows(this, given(draft, this)) if conflict or busy else [],
    }
    return render(request, "intake/task.html", page, status=status)


def received(answer: HttpResponse, edit: str) -> HttpResponse:
    """Tell the page that what it kept on the device has arrived and can be forgotten there."""
    if re.fullmatch(r"[\w-]{1,20}", edit):
        answer.set_cookie("saved", edit, max_age=600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return answer


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


@row_by_row(OWN)
@require_POST
def claim(request, ref, task):
    """Begin to edit: from now on the others read who it is. Says so too when somebody else was first (409)."""
    record, _draft, this = open_task(request, ref, task)
    try:
        actions.claim_task(application=record, task=this, by=request.user)
    except MoveRefused as refusal:
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


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
