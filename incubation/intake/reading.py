"""Answers in words, by task: for the check page, the receipt and the officer's desk."""

from django.urls import reverse
from django.utils.translation import gettext as _

from talents.profiles.countries import name_of
from talents.profiles.models import Stay

from .definition import Definition, Task, read
from .models import Application
from .progress import Draft, stay_as_data
from .questions import in_rows


def given(draft: Draft, task: Task) -> dict:
    """Return what is right of a task so far, as JSON carries it."""
    form = draft.form(task)
    if not form.is_bound:
        return {}
    form.is_valid()
    return form.answers()


def sections(application: Application, answers: dict, change: bool = False) -> list[dict]:
    """Return everything that was answered, by task, in words. ``change`` adds the way to change it."""
    definition = read(application.form)
    found = []
    for task in definition.tasks:
        if task.key not in answers:
            continue  # was not asked of this person
        content = answers[task.key] or {}
        if task.kind == "stays":
            rows = [stay_row(stay) for stay in content]
        elif task.kind == "papers":
            rows = paper_rows(definition, content)
        else:
            rows = in_rows(task, content)
        if change:
            url = reverse("intake:task", args=[application.ref, task.key])
            rows = [row | {"url": url} for row in rows]
        found.append({"label": task.label, "rows": rows})
    return found


def section_of(draft: Draft, task: Task) -> dict:
    """Return one task as it stands, in words, for somebody who reads along."""
    definition = draft.definition
    if task.kind == "stays":
        return {"label": task.label, "rows": [stay_row(stay_as_data(stay)) for stay in draft.stays]}
    if task.kind == "papers":
        return {"label": task.label, "rows": paper_rows(definition, draft.papers_as_data(task))}
    return {"label": task.label, "rows": in_rows(task, given(draft, task))}


def stay_row(stay: dict) -> dict:
    words = {
        "from": stay["began_on"][:4],
        "until": stay["ended_on"][:4] if stay["ended_on"] else _("today"),
        "country": name_of(stay["country"]),
    }
    what = stay["what"] or Stay.Kind(stay["kind"]).label
    return {"label": _("%(from)s–%(until)s, %(country)s") % words, "value": f"{what}\n{stay['place']}"}


def paper_rows(definition: Definition, papers: list[dict]) -> list[dict]:
    """Return the papers in the order of the form: the names of the files, or why there is none."""
    rows = []
    for paper in definition.papers:
        of_it = [each for each in papers if each["paper"] == paper.key]
        names = [each["name"] for each in of_it if each["name"] and not each.get("instead")]
        reason = next((each["cannot"] for each in of_it if each.get("cannot")), "")
        if reason:
            names.append(_("Cannot be provided: %(reason)s") % {"reason": reason})
            names += [_("Instead: %(file)s") % {"file": each["name"]} for each in of_it if each.get("instead")]
        if names:
            rows.append({"label": paper.label, "value": "\n".join(names)})
    return rows


def changes(application: Application, before: dict, after: dict) -> list[dict]:
    """Return what differs between two revisions, by task: each question with its old and its new words."""
    found = []
    for old, new in zip(sections(application, before), sections(application, after), strict=True):
        was, now = by_label(old["rows"]), by_label(new["rows"])
        rows = [
            {"label": label, "old": was.get(label, ""), "new": now.get(label, "")}
            for label in dict.fromkeys([*was, *now])
            if was.get(label) != now.get(label)
        ]
        if rows:
            found.append({"label": new["label"], "rows": rows})
    return found


def by_label(rows: list[dict]) -> dict[str, str]:
    """Return rows by what was asked; what stands there twice (two stays in one country, say) is put together."""
    found: dict[str, str] = {}
    for row in rows:
        found[row["label"]] = f"{found[row['label']]}\n{row['value']}" if row["label"] in found else row["value"]
    return found
