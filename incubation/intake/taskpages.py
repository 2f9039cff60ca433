"""What every page of a task has: the task itself, what stands around it, and who else is at it."""

import datetime as dt

from django.core.exceptions import BadRequest
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from . import access
from .definition import Task
from .models import Application, TaskLease
from .progress import Draft
from .views import own, people_of, task_url


def open_task(request, ref: str, key: str) -> tuple[Application, Draft, Task]:
    """Return one of the reader's applications with its draft and one of its tasks; else 404."""
    record = own(request, ref)
    draft = Draft.of(record)
    found = draft.definition.task(key)
    if found is None or not draft.is_shown(found):
        raise Http404
    return record, draft, found


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
    saved = draft.saved(this)
    siblings = [task.key for task in draft.tasks if task.part.key == this.part.key]
    return {
        "application": record,
        "task": this,
        "parts": len(draft.definition.parts),
        "siblings": len(siblings),
        "done": siblings.index(this.key),
        "saved": dt.datetime.fromisoformat(saved["at"]) if saved.get("at") else None,
        "writer": people_of(record).get(saved.get("by"), "") if saved.get("by") and len(record.roles) > 1 else "",
        "copied": copied(saved),
        "crumbs": [(_("Your application"), reverse("intake:application", args=[record.ref])), (this.label, "")],
    }


def copied(saved: dict) -> dict | None:
    """Return from where and from when a task's answers were copied; None once somebody has gone over them."""
    entry = saved.get("copied")
    return entry and {"ref": entry["ref"], "at": dt.datetime.fromisoformat(entry["at"]), "stale": entry["stale"]}


def editor_of(record: Application, this: Task, user) -> TaskLease | None:
    """Return who else edits this task now. Alone, one is never asked about."""
    if len(record.roles) < 2:
        return None
    return TaskLease.objects.of_others(user).filter(application=record, task=this.key).first()


def may_write(request, record: Application) -> bool:
    return access.may_write(request.user, record)


def posted_text(request) -> None:
    """Refuse what no keyboard sends."""
    if any("\0" in value for values in request.POST.lists() for value in values[1]):
        raise BadRequest(_("The text holds a character that cannot be kept."))


def whole(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 10 else None
