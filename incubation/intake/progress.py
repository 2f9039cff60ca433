"""How far a draft is: each task's state, and everything that was answered, read in one go."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from park.files.models import DocumentState
from talents.profiles.models import Stay

from .definition import Definition, Paper, Task, read
from .models import Application, ApplicationDocument, PaperExcuse
from .questionnaire import TaskForm, as_data
from .vocabulary import known_of

TODO, PROGRESS, FIX, CHECK, DONE = "todo", "progress", "fix", "check", "done"


@dataclass(frozen=True)
class TaskState:
    """Where one task stands. ``errors`` counts the things to fix once the person has pressed continue."""

    task: Task
    state: str
    errors: int = 0

    @property
    def is_done(self) -> bool:
        return self.state == DONE

    @property
    def words(self) -> str:
        if self.state == FIX:
            return ngettext("%(count)s thing to fix", "%(count)s things to fix", self.errors) % {"count": self.errors}
        words = {TODO: _("Not started"), PROGRESS: _("In progress"), CHECK: _("Copied: please check"), DONE: _("Done")}
        return words[self.state]

    @property
    def tone(self) -> str:
        return {TODO: "tint", PROGRESS: "info", FIX: "no", CHECK: "ask", DONE: ""}[self.state]

    @property
    def icon(self) -> str:
        return "warn" if self.state == FIX else ""


@dataclass
class Draft:
    """An application as its writer filled it in, with its papers and the writer's times abroad."""

    application: Application
    stays: list[Stay] = field(default_factory=list)
    documents: list[ApplicationDocument] = field(default_factory=list)
    excuses: dict[str, PaperExcuse] = field(default_factory=dict)  # by paper

    @classmethod
    def of(cls, application: Application) -> "Draft":
        """Read an application's draft; three questions of the database."""
        return cls(
            application,
            list(application.talent.stays.all()),
            list(application.documents.select_related("document").order_by("added_at", "pk")),
            {excuse.paper: excuse for excuse in application.excuses.select_related("said_by")},
        )

    @cached_property
    def definition(self) -> Definition:
        return read(self.application.form)

    def saved(self, task: Task) -> dict:
        """Return what was kept of a task: raw, checked, version, edit, at."""
        return self.application.answers.get(task.key, {})

    def _known(self, key: str) -> dict[str, object]:
        """Return the facts that are known when a task is reached; for "" those at the end of the form.

        The form is read as far as it is asked for, so what is saved of a task counts for those after it.
        """
        while key not in self._reached:
            name, values = next(self._way)
            self._reached[name] = values
        return self._reached[key]

    @cached_property
    def _reached(self) -> dict[str, dict[str, object]]:
        return {}

    @cached_property
    def _way(self) -> Iterator[tuple[str, dict[str, object]]]:
        return self._read_on()

    def _read_on(self) -> Iterator[tuple[str, dict[str, object]]]:
        values = known_of(self.application.talent)
        for task in self.definition.tasks:
            yield task.key, values
            if task.kind == "fields" and self.saved(task).get("raw") and task.is_shown(values):
                values = self._judged(task).values
        yield "", values

    def _judged(self, task: Task) -> TaskForm:
        """Return a task as it was saved, cleaned once. Nobody may change this form: a page takes one of its own."""
        if task.key not in self._forms:
            form = self._forms[task.key] = self.form(task)
            form.is_valid()
        return self._forms[task.key]

    @cached_property
    def _forms(self) -> dict[str, TaskForm]:
        return {}

    @property
    def values(self) -> dict[str, object]:
        """Return everything known so far, as facts: of the person, and of every answer that is right."""
        return self._known("")

    @property
    def stages(self) -> list[str]:
        """Return the stages that the call takes applications for; none named means all."""
        return getattr(self.application.call, "stages", [])

    def is_shown(self, asked: Task | Paper) -> bool:
        """Tell whether a task or a paper is asked for after what was answered."""
        return asked.is_shown(self._known(asked.key) if isinstance(asked, Task) else self.values)

    @cached_property
    def tasks(self) -> list[Task]:
        """The tasks of this applicant, in order."""
        return [task for task in self.definition.tasks if self.is_shown(task)]

    def papers(self, task: Task) -> list[Paper]:
        return [paper for paper in task.papers if self.is_shown(paper)]

    def form(self, task: Task, data=None) -> TaskForm:
        """Return a task as a form: bound to ``data``, else to what was typed before, else empty."""
        raw = self.saved(task).get("raw")
        if data is None and raw:
            data = as_data(raw)
        return TaskForm(task, data, self._known(task.key), self.stages)

    def files(self, paper: Paper) -> list[ApplicationDocument]:
        return [document for document in self.documents if document.paper == paper.key]

    def is_required(self, paper: Paper) -> bool:
        return paper.is_required(self.values)

    def missing_papers(self, task: Task) -> list[Paper]:
        """Return the papers that are needed and not there in a state that can be read."""
        return [
            paper
            for paper in task.papers
            if self.is_required(paper)
            and paper.key not in self.excuses
            and not any(each.document.state != DocumentState.QUARANTINED for each in self.files(paper))
        ]

    def state(self, task: Task) -> TaskState:
        if task.kind == "stays":
            return TaskState(task, DONE if self.stays else TODO)
        if task.kind == "papers":
            return self._papers_state(task)
        saved = self.saved(task)
        if not saved.get("raw"):
            empty = self.form(task, {})
            return TaskState(task, DONE if saved.get("checked") and empty.is_valid() else TODO)
        form = self._judged(task)
        if form.is_valid():
            return TaskState(task, CHECK if saved.get("copied", {}).get("stale") else DONE)
        count = sum(len(errors) for errors in form.errors.values())
        return TaskState(task, FIX, count) if saved.get("checked") else TaskState(task, PROGRESS)

    def _papers_state(self, task: Task) -> TaskState:
        here = {paper.key for paper in task.papers}
        files = [each for each in self.documents if each.paper in here]
        bad = sum(each.document.state == DocumentState.QUARANTINED for each in files)
        if bad:
            return TaskState(task, FIX, bad)
        missing = self.missing_papers(task)
        if not missing:
            return TaskState(task, DONE)
        begun = files or self.excuses.keys() & here
        return TaskState(task, PROGRESS if begun else TODO)

    @cached_property
    def states(self) -> list[TaskState]:
        return [self.state(task) for task in self.tasks]

    @property
    def unfinished(self) -> list[TaskState]:
        return [state for state in self.states if not state.is_done]

    @property
    def being_checked(self) -> bool:
        """Tell whether a file still waits for its scan, so that sending has to wait too."""
        return any(each.document.state == DocumentState.RECEIVED for each in self.documents)

    def papers_as_data(self, task: Task) -> list[dict]:
        """Return the files of each paper of a task, what stands in its place, and why it cannot be provided."""
        here = {paper.key for paper in task.papers}
        files = [
            {"paper": each.paper, "document": str(each.document.public_id), "name": each.document.name}
            | ({"instead": True} if each.instead else {})
            for each in self.documents
            if each.paper in here
        ]
        return files + [
            {"paper": excuse.paper, "document": None, "name": "", "cannot": excuse.reason}
            for excuse in self.excuses.values()
            if excuse.paper in here
        ]

    def snapshot(self) -> dict:
        """Return everything that is sent, clean, as JSON can carry it."""
        answers = {}
        for task in self.tasks:
            if task.kind == "stays":
                answers[task.key] = [stay_as_data(stay) for stay in self.stays]
            elif task.kind == "papers":
                answers[task.key] = self.papers_as_data(task)
            else:
                form = self._judged(task)
                answers[task.key] = form.answers() if form.is_valid() else {}
        return answers


def stay_as_data(stay: Stay) -> dict:
    return {
        "kind": stay.kind,
        "country": stay.country,
        "place": stay.place,
        "what": stay.what,
        "began_on": stay.began_on.isoformat(),
        "ended_on": stay.ended_on.isoformat() if stay.ended_on else None,
    }
