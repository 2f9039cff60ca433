"""Writing an application: a draft, its answers and its papers, until it is sent and again when the park asks."""

from collections.abc import Mapping

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.actions import (
    GuardFailed,
    MoveRefused,
    NotYours,
    Stale,
    apply_move,
    begin,
    bring_up_to_date,
    verb,
)
from park.workflow.models import TransitionLog
from talents.profiles import actions as profiles

from .. import access, reuse, team
from ..asked import is_asked, only_asked
from ..definition import Definition, Task, read
from ..models import Application, ApplicationDocument, Call, TaskLease, TeamAct
from ..progress import Draft
from ..questionnaire import kept, prefilled, typed
from ..states import MACHINE


class EditRefused(MoveRefused):
    """This part of the application cannot be changed now."""

    code = "not-open"
    sentence = _("This part cannot be changed any more: the application was sent.")


@verb
def start(
    *, by, call: Call | None = None, sector: str = "", known: dict | None = None, like: Application | None = None
) -> Application:
    """Begin a draft for a person who is signed in, filled with what is known of them: their profile and papers on file.

    Without ``call`` it is for the one that is open now. ``sector`` and ``known`` are what they said on the way here;
    they go into the answers only, the profile learns them when a task is saved. ``like`` is an earlier application of
    theirs whose answers and papers are taken over as far as the form still asks for them. Raises MoveRefused.
    """
    now = timezone.now()
    call = call or Call.objects.open_at(now).order_by("opens_at", "pk").first()
    form = call and call.form_version
    if call is None or form is None or not call.is_open(now):
        raise GuardFailed(_("No round is open now. You can prepare your profile and your papers."), code="no-call")
    if like is not None and like.talent.user_id != by.pk:
        raise NotYours
    talent = profiles.talent_of(by)
    for fact, value in (known or {}).items():
        if getattr(talent, fact) in (None, ""):
            setattr(talent, fact, value)
    talent.sector = sector or talent.sector
    application = Application(call=call, form=form, talent=talent, sector=talent.sector)
    application.ref = application.draft_ref
    definition = read(form)
    application.answers = _first_answers(definition, talent, like)
    if like is not None:
        application.title, application.sector = like.title, application.sector or like.sector
    application.save()
    _first_papers(application, definition, by, like)
    begin(MACHINE, application, "start", by=by, may=access.may_make, versions={"form": form.number})
    if like is not None:
        team.note(application, by, TeamAct.Kind.COPIED, like.ref)
    return application


def _first_answers(definition: Definition, talent, like: Application | None) -> dict:
    """Return what a new draft says: what an earlier one said, and over it what the profile knows."""
    copied = reuse.answers_of(like, definition) if like else {}
    answers = {}
    for task in definition.tasks:
        before = copied.get(task.key, {})
        raw = before.get("raw", {}) | (prefilled(task, talent) if task.kind == "fields" else {})
        if raw:
            mark = {"copied": before["copied"]} if before else {}
            answers[task.key] = kept(raw, version=0) | mark
    return answers


def _first_papers(application: Application, definition: Definition, by, like: Application | None) -> None:
    papers = reuse.papers_of(like, by, definition.papers) if like else []
    there = {paper for paper, _document in papers}
    papers += [each for each in reuse.papers_on_file(by, definition.papers).items() if each[0] not in there]
    ApplicationDocument.objects.bulk_create(
        [ApplicationDocument(application=application, document=each, paper=paper) for paper, each in papers],
        ignore_conflicts=True,
    )


class BeingEdited(MoveRefused):
    """Somebody else edits this task now. ``lease`` says who, and when it is free at the latest."""

    code = "being-edited"

    def __init__(self, lease: TaskLease):
        self.lease = lease
        words = {"name": lease.user.display_name}
        super().__init__(_("%(name)s is editing this task now. What you typed was not saved.") % words)


def _locked(application: Application, by) -> Application:
    rows = Application.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("form", "call", "talent__user").get(pk=application.pk)
    if not access.may_write(by, locked):
        raise NotYours
    return locked


def open_for(application: Application, task: Task, by, paper: str = "") -> Application:
    """Return the application, locked, if this person may change this task, or this paper of it, now.

    Raises NotYours, EditRefused.
    """
    locked = _locked(application, by)
    if not access.is_open(locked, task.key) or (paper and not is_asked(locked, task, paper)):
        raise EditRefused
    return locked


def _hold(locked: Application, task: Task, by) -> None:
    """Make this person the task's editor. The application is locked, so two cannot both be. Raises BeingEdited."""
    lease = TaskLease.objects.filter(application=locked, task=task.key).select_related("user").first()
    now = timezone.now()
    if lease and lease.user_id == by.pk and lease.is_live:
        TaskLease.objects.filter(pk=lease.pk).update(touched_at=now)
        return
    if lease and lease.is_live:
        raise BeingEdited(lease)
    TaskLease.objects.update_or_create(
        application=locked, task=task.key, defaults={"user": by, "since": now, "touched_at": now}
    )
    team.note(locked, by, TeamAct.Kind.WROTE, task.key)


@verb
def claim_task(*, application: Application, task: Task, by) -> None:
    """Begin to edit a task: others read that, and wait, until it is saved or ten minutes are idle.

    Raises BeingEdited, EditRefused, NotYours.
    """
    _hold(open_for(application, task, by), task, by)


@verb
def save_answers(
    *, application: Application, task: Task, data, by, version: int | None = None, edit: str = "",
    checked: bool = False, done: bool = False,
) -> Application:
    """Keep what was typed into one task, right or wrong. ``data`` is what was posted (a QueryDict).

    ``version`` is that of the task as the page showed it; ``edit`` marks the open page, whose own saves never collide.
    ``checked`` says that the person pressed continue: then what is right goes into the applicant's own profile too.
    ``checked`` or ``done`` leave the task free for others. Raises Stale if another page saved the task meanwhile,
    BeingEdited, EditRefused, NotYours.
    """
    locked = open_for(application, task, by)
    _hold(locked, task, by)
    saved = locked.answers.get(task.key, {})
    own_page = edit and saved.get("edit") == edit
    if version is not None and version != saved.get("version", 0) and not own_page:
        raise Stale
    draft = Draft(locked)
    data = only_asked(locked, task, lambda: draft.form(task), data)
    form, columns = _write(locked, draft, task, data, by=by, edit=edit, checked=checked)
    locked.saved_at = timezone.now()
    locked.save(update_fields=["answers", "saved_at", *columns])
    if checked or done:
        TaskLease.objects.filter(application=locked, task=task.key, user=by).delete()
    if checked and form.is_valid() and locked.talent.user_id == by.pk and (facts := form.facts()):
        profiles.save_profile(talent=locked.talent, by=by, **facts)
    bring_up_to_date(application, locked)
    return application


def _write(locked: Application, draft: Draft, task: Task, data, *, by, edit: str, checked: bool):
    """Put what was typed into one task into an application, still unsaved; return its form and the columns it fills."""
    saved = draft.saved(task)
    form = draft.form(task, data)
    entry = kept(
        typed(form, data), version=saved.get("version", 0), checked=checked or saved.get("checked", False), edit=edit
    ) | {"by": by.pk}
    if "copied" in saved and not checked:
        entry["copied"] = saved["copied"]  # until somebody has said that it still holds
    locked.answers = locked.answers | {task.key: entry}
    form.is_valid()
    columns = {
        field.data["column"]: str(form.cleaned_data.get(field.key) or "")
        for field in task.fields
        if "column" in field.data
    }
    for column, value in columns.items():
        setattr(locked, column, value)
    return form, columns


@verb
def save_all(*, application: Application, data: Mapping[str, QueryDict], by) -> Application:
    """Keep what was typed into several tasks of a draft at once, each as if its writer had pressed continue.

    ``data`` is what ``save_answers`` takes, by the key of the task; a task that the answers before it leave out is
    kept too, and does not count. Raises BeingEdited, EditRefused, NotYours.
    """
    locked = _locked(application, by)
    if not locked.is_draft:
        raise EditRefused
    leases = TaskLease.objects.filter(application=locked, task__in=data)
    for lease in leases.exclude(user=by).select_related("user"):
        if lease.is_live:
            raise BeingEdited(lease)
    leases.delete()
    draft, fields, facts, written = Draft(locked), {"answers", "saved_at"}, {}, []
    for task in draft.definition.tasks:
        if task.kind == "fields" and task.key in data:
            form, columns = _write(locked, draft, task, data[task.key], by=by, edit="", checked=True)
            fields |= columns.keys()
            facts |= form.facts() if form.is_valid() else {}
            written.append(task.key)
    locked.saved_at = timezone.now()
    locked.save(update_fields=fields)
    team.note_all(locked, by, TeamAct.Kind.WROTE, written)
    if facts and locked.talent.user_id == by.pk:
        profiles.save_profile(talent=locked.talent, by=by, **facts)
    bring_up_to_date(application, locked)
    return application


@verb
def discard(*, application: Application, by) -> TransitionLog:
    """Close a draft that its writer does not want any more. Their papers stay on file. Raises MoveRefused."""
    return apply_move(MACHINE, application, "discard", by=by, may=access.may_make)
