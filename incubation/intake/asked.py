"""What of a sent application is open because the park asked for it: whole tasks, single fields, single papers.

The pages show no more than this, and the verbs take no more than this, whatever was posted.
"""

from collections.abc import Callable

from django.http import QueryDict

from .definition import Definition, Task
from .models import Application, InfoRequest
from .questionnaire import TaskForm, as_data, html_names


def open_request(application: Application) -> InfoRequest | None:
    """Return what the park waits for now."""
    if not application.waits_for_applicant:
        return None
    return application.requests.filter(closed_at=None).first()


def asked_in(application: Application, task: Task) -> set[str] | None:
    """Return the keys of a task that are open; None if all of it is.

    A question that only some answers bring up is open when one of those answers is.
    """
    request = open_request(application)
    if request is None or (asked := request.opened_in(task.key)) is None:
        return None
    found = set(asked)
    for field in task.fields:
        if task.form.deciding(field.data.get("when")) & set(request.fields):
            found.add(field.key)
    return found


def is_asked(application: Application, task: Task, key: str) -> bool:
    """Tell whether this field or paper of an open task can be changed now."""
    asked = asked_in(application, task)
    return asked is None or key in asked


def only_asked(application: Application, task: Task, form: Callable[[], TaskForm], data) -> QueryDict:
    """Return what was posted with every question that was not asked for as it was sent."""
    asked = asked_in(application, task)
    if asked is None:
        return data
    names = {name for bound in form() if bound.name in asked for name in html_names(bound)}
    prefixes = tuple(f"{key}-" for key in asked)
    raw = application.answers.get(task.key, {}).get("raw", {})
    kept = {name: texts for name, texts in raw.items() if name not in names and not name.startswith(prefixes)}
    given = {name: data.getlist(name) for name in data if name in names or name.startswith(prefixes)}
    return as_data(kept | given)


def known_keys(definition: Definition) -> set[str]:
    """Return everything of a form that can be asked for by itself, as ``task.field`` and ``task.paper``."""
    return {f"{task.key}.{each.key}" for task in definition.tasks for each in (*task.fields, *task.papers)}


def in_words(definition: Definition, request: InfoRequest) -> list[str]:
    """Return what a request opens, in the words of the form and in its order."""
    words = []
    for task in definition.tasks:
        if task.key in request.tasks:
            words.append(task.label)
        words += [each.label for each in (*task.fields, *task.papers) if f"{task.key}.{each.key}" in request.fields]
    return words
