"""What is known of a person already, and since when: facts of the profile, papers on file, an earlier application."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from park.files.models import Document, DocumentState
from park.pages.wording import local_date
from talents.profiles.models import Talent

from .definition import Definition, Field, Paper, Task
from .models import Application
from .progress import Draft
from .questionnaire import TaskForm, as_data, html_names, prefilled

ABOUT_THE_PERSON = {"degree_certificate", "employment_proof", "cv", "passport"}  # papers that serve every application
STALE_AFTER = dt.timedelta(days=180)


def ages(talent: Talent, facts) -> dict[str, dt.datetime]:
    """Return since when the profile says what it says, by fact: one question of the kept history."""
    names = sorted({fact for fact in facts if fact})
    since: dict[str, dt.datetime] = {}
    last: dict[str, object] = {}
    events = talent.history.order_by("pgh_id").values_list("pgh_created_at", *names) if names else ()
    for at, *values in events:
        for name, value in zip(names, values, strict=True):
            if name not in last or last[name] != value:
                last[name], since[name] = value, at
    return since


def known_facts(application: Application, draft: Draft, task: Task) -> dict[str, str]:
    """Return, by question, from when an answer is that the profile gave and nobody has changed here."""
    asked = {field.key: field.fact for field in task.fields if field.fact}
    saved = draft.saved(task)
    if not asked or not saved.get("raw"):
        return {}
    given = prefilled(task, application.talent)
    form = TaskForm(task)
    since = ages(application.talent, asked.values())
    found = {}
    for key, fact in asked.items():
        names = [name for name in html_names(form[key]) if name in given]
        if names and all(saved["raw"].get(name) == given[name] for name in names) and fact in since:
            found[key] = _("From your profile, saved %(day)s") % {"day": local_date(since[fact])}
    return found


def papers_on_file(user, papers: list[Paper]) -> dict[str, Document]:
    """Return, by paper, the newest of a person's own files that serves every application and still holds."""
    kinds = {paper.kind for paper in papers} & ABOUT_THE_PERSON
    rows = Document.objects.current().filter(owner=user, kind__in=kinds).exclude(state=DocumentState.QUARANTINED)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()))
    newest: dict[str, Document] = {}
    for document in rows.order_by("kind", "-uploaded_at", "-pk"):
        newest.setdefault(document.kind, document)
    return {paper.key: newest[paper.kind] for paper in papers if paper.kind in newest}


def papers_of(old: Application, user, papers: list[Paper]) -> list[tuple[str, Document]]:
    """Return the papers of an earlier application that a form still asks for, each in its newest version."""
    asked, found = {paper.key for paper in papers}, []
    for entry in old.documents.filter(instead=False).select_related("document").order_by("added_at", "pk"):
        document = entry.document
        while document.replaced_by_id:
            document = document.replaced_by
        over = document.valid_until and document.valid_until < timezone.localdate()
        held_back = document.state == DocumentState.QUARANTINED
        if entry.paper in asked and document.owner_id == user.pk and not (over or held_back):
            found.append((entry.paper, document))
    return found


def entries_of(group: Field, raw: dict) -> list[str]:
    """Return the names of what was typed into repeated entries."""
    return [name for name in raw if name.startswith(f"{group.key}-")]


def answers_of(old: Application, definition: Definition) -> dict[str, dict]:
    """Return what an earlier application answered of the tasks that a form still asks, as a draft keeps it.

    Only questions of the same name and type are taken over; ``stale`` marks tasks whose answers are older than half a
    year, or do not fit the form any more.
    """
    before, found = Draft(old), {}
    for task in definition.tasks:
        earlier = before.definition.task(task.key)
        saved = old.answers.get(task.key, {})
        if task.kind != "fields" or earlier is None or earlier.kind != "fields" or not saved.get("raw"):
            continue
        types = {field.key: field.type for field in earlier.fields}
        form = TaskForm(task)
        names = [
            name
            for field in task.fields
            if types.get(field.key) == field.type
            for name in (entries_of(field, saved["raw"]) if field.is_repeated else html_names(form[field.key]))
        ]
        raw = {name: saved["raw"][name] for name in names if name in saved["raw"]}
        if not raw:
            continue
        at = dt.datetime.fromisoformat(saved["at"])
        whole = TaskForm(task, as_data(raw), before.values).is_valid()
        stale = not whole or at < timezone.now() - STALE_AFTER
        found[task.key] = {"raw": raw, "copied": {"ref": old.ref, "at": saved["at"], "stale": stale}}
    return found
