"""The questions of a task again, while it is filled in: what an answer brought up, one entry more or less."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from park.accounts.doors import row_by_row
from park.workflow.actions import MoveRefused

from . import actions
from .questionnaire import TaskForm, rearranged
from .taskpages import open_task, posted_text, whole
from .views import OWN


@row_by_row(OWN)
@require_POST
def questions(request, ref, task):
    """Answer with what depends on the answers as they stand on the page; keep them where entries come or go."""
    record, draft, this = open_task(request, ref, task)
    posted_text(request)
    if this.kind != "fields":
        raise Http404
    other_entries = rearranged(this, request.POST)
    if other_entries:
        try:
            actions.save_answers(
                application=record, task=this, data=other_entries, by=request.user,
                version=whole(request.POST.get("version", "")), edit=request.POST.get("edit", "")[:20],
            )  # fmt: skip
        except MoveRefused as refusal:
            return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain; charset=utf-8")
    return answer(request, draft.form(this, other_entries or request.POST), changed_group(request.POST))


def changed_group(data) -> str:
    """Return the name of the entries that a button was about; '' where none was pressed."""
    return data.get("add", "") or data.get("remove", "").rpartition("-")[0]


def answer(request, form: TaskForm, group: str):
    """Return the questions that may have come or gone; with ``group`` those entries alone, to replace what stood."""
    grown = group if "add" in request.POST else ""
    shown = {"rows": form.rows(), "group": group, "grown": grown, "again": request.path}
    if form.is_bound:
        form._errors, form.cleaned_data = type(form.errors)(), {}  # nobody has pressed continue yet
    return render(request, "intake/questions_again.html", shown)
