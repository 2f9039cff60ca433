"""An applicant's way: the guide, their applications, the task list of a draft, the tracker of what was sent."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from incubation.journey.path import path_before, path_for
from park.accounts.doors import row_by_row, signed_in
from park.pages.wording import local_date
from park.workflow.actions import MoveRefused

from . import access, actions
from .definition import Task
from .forms import AnswerForm, StartForm
from .models import Application, Call, TaskLease
from .pace import usual_now
from .progress import Draft
from .states import State
from .threads import thread
from .tracker import after_decision, tag, track

OWN = "the applicant"


def own(request, ref: str) -> Application:
    """Return an application that the reader takes part in, by the reference it has, or had as a draft; else 404."""
    mine = Application.objects.taken_part_in_by(request.user)
    rows = mine.select_related("call", "form", "talent__user", "officer", "tenant__organisation")
    return get_object_or_404(rows.filter(ref=ref) | rows.filter(draft_ref=ref))


def people_of(application: Application) -> dict[int, str]:
    """Return the names of all who take part in an application, or did once."""
    parts = application.co_applicants.select_related("user").order_by("pk")
    names = {each.user_id: each.user.display_name for each in parts}
    applicant = application.talent.user
    return names | ({applicant.pk: applicant.display_name} if applicant else {})


def to_application(application: Application) -> HttpResponse:
    return redirect("intake:application", application.ref)


def refused(request, refusal: MoveRefused, application: Application) -> HttpResponse:
    """Say why an act was refused, on the page that shows what is true now."""
    messages.warning(request, str(refusal))
    return to_application(application)


# --- Before an application --------------------------------------------------------------------------------------------
@signed_in("Everybody sees their own applications only.")
@require_safe
def applications(request):
    mine = Application.objects.taken_part_in_by(request.user).exclude(state=State.CLOSED, submitted_at=None)
    rows = [
        {
            "application": application,
            "title": application.title or _("Project without a title"),
            "url": reverse("intake:application", args=[application.ref]),
            "tag": tag(application),
        }
        for application in mine.select_related("call").order_by("-saved_at")
    ]
    page = {
        "rows": rows,
        "invitations": list(actions.invitations_for(request.user)),
        "crumbs": [(_("Your home"), reverse("desk:me")), (_("Applications"), "")],
    }
    return render(request, "intake/applications.html", page)


@signed_in("Everybody may start an application of their own.")
def new(request):
    """Ask three questions, then begin a draft."""
    form = StartForm(request.POST) if request.method == "POST" else StartForm.after_self_check(request.GET)
    call = get_object_or_404(Call, slug=request.GET["call"]) if "call" in request.GET else None
    advice = False
    if request.method == "POST" and form.is_valid():
        advice = form.cleaned_data["abroad"] == "no" and not form.cleaned_data["anyway"]
        if not advice:
            try:
                said = form.cleaned_data
                made = actions.start(by=request.user, call=call, sector=said["sector"], known=said["degree"])
                return to_application(made)
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
    page = {
        "form": form,
        "advice": advice,
        "answered": bool(form.initial),
        "call": call,
        "crumbs": [(_("Applications"), reverse("intake:applications")), (_("Start"), "")],
    }
    return render(request, "intake/new.html", page, status=422 if form.is_bound and form.errors else 200)


@row_by_row(OWN)
@require_POST
def copy(request, ref):
    """Begin a new application with the answers and papers of an earlier one, as far as they are still asked for."""
    record = own(request, ref)
    try:
        made = actions.start(by=request.user, like=record)
    except MoveRefused as refusal:
        return refused(request, refusal, record)
    words = {"ref": record.ref}
    messages.success(request, _("A new draft with the answers of %(ref)s. What is old is marked.") % words)
    return to_application(made)


# --- A draft, or what became of it ------------------------------------------------------------------------------------
@row_by_row(OWN)
@require_safe
def application(request, ref):
    """The task list of a draft; the tracker of what was sent."""
    record = own(request, ref)
    if record.ref != ref:
        return to_application(record)
    return task_list(request, record) if record.is_draft else tracker(request, record)


def task_list(request, record: Application):
    draft = Draft.of(record)
    states = {state.task.key: state for state in draft.states}
    leases = editors(record, request.user)
    names = people_of(record) if len(record.roles) > 1 else {}
    parts = [
        {"part": part, "rows": rows}
        for part in draft.definition.parts
        if (rows := [
            task_row(record, states[task.key]) | done_by(draft, task, names) | edited(leases.get(task.key))
            for task in part.tasks
            if task.key in states
        ])
    ]
    first = next(iter(draft.unfinished), None)
    page = {
        "application": record,
        "parts": parts,
        "done": len(states) - len(draft.unfinished),
        "total": len(states),
        "next": first and {"label": first.task.label, "url": task_url(record, first.task)},
        "send_number": len(parts) + 1,
        "team": [name for pk, name in names.items() if pk in record.roles],
        "may_lead": access.may_lead(request.user, record),
        "may_write": access.may_write(request.user, record),
        "crumbs": [(_("Applications"), reverse("intake:applications")), (_("Apply for a place"), "")],
    }
    return render(request, "intake/tasks.html", page)


def editors(record: Application, user) -> dict[str, TaskLease]:
    """Return which tasks somebody else edits now. Alone, one is never asked about."""
    if len(record.roles) < 2:
        return {}
    return {lease.task: lease for lease in TaskLease.objects.of_others(user).filter(application=record)}


def edited(lease: TaskLease | None) -> dict:
    """Return how the row of a task looks that somebody else edits: locked, with the name."""
    if lease is None:
        return {}
    words = _("%(name)s is editing") % {"name": lease.user.display_name}
    return {"status": words, "tone": "info", "icon": "lock"}


def done_by(draft: Draft, task: Task, names: dict[int, str]) -> dict:
    """Return who worked on a task last, where several write together."""
    saved = draft.saved(task)
    if not names or saved.get("by") not in names:
        return {}
    words = {"name": names[saved["by"]], "moment": local_date(dt.datetime.fromisoformat(saved["at"]), "moment")}
    return {"hint": _("%(name)s, %(moment)s Beijing time") % words}


def task_url(record: Application, task: Task) -> str:
    return reverse("intake:task", args=[record.ref, task.key])


def task_row(record: Application, state) -> dict:
    return {
        "label": state.task.label,
        "hint": state.task.hint,
        "url": task_url(record, state.task),
        "status": state.words,
        "tone": state.tone,
        "icon": state.icon,
    }


def tracker(request, record: Application):
    return render(request, "intake/tracker.html", tracker_page(request, record))


def tracker_page(request, record: Application) -> dict:
    """Return what the tracker shows to one of those who take part."""
    tenant, leads = getattr(record, "tenant", None), access.may_lead(request.user, record)
    return tracker_card(record) | {
        "path": path_for(tenant) if tenant else path_before(),
        "tenant": tenant,
        "decided": after_decision(record),
        "crumbs": [(_("Applications"), reverse("intake:applications")), (record.ref, "")],
        "answer_form": AnswerForm() if record.waits_for_applicant and leads else None,
        "leads": leads,
        "writes": access.may_write(request.user, record),
        "is_applicant": record.talent.user_id == request.user.pk,
        "thread": thread(request.user, record),
    }


def tracker_card(record: Application) -> dict:
    """Return what the card "Where it is now" shows."""
    seen = track(record)
    asked = []
    if seen.needs_you and seen.request:
        states = {state.task.key: state for state in Draft.of(record).states}
        asked = [task_row(record, each) for key, each in states.items() if seen.request.opens(key)]
    return {"application": record, "tracker": seen, "asked": asked, "tag": tag(record), "usual": usual_now(record)}


@row_by_row(OWN)
@require_GET
def state(request, ref):
    """The card of the tracker alone, for the page that looks again every minute."""
    record = own(request, ref)
    if record.is_draft:
        raise Http404
    return render(request, "intake/state_card.html", tracker_card(record))
