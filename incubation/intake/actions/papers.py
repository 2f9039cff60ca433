"""The papers of an application: adding them, taking them out, and saying why one cannot be had."""

from django.utils import timezone
from django.utils.translation import gettext as _

from park.files import actions as files
from park.files.models import Document, DocumentState
from park.workflow.actions import GuardFailed, verb

from .. import team
from ..definition import Paper, Task
from ..models import Application, ApplicationDocument, PaperExcuse, TeamAct
from .writing import open_for


def _wanted(task: Task, paper: str) -> Paper:
    wanted = next((each for each in task.papers if each.key == paper), None)
    if wanted is None:
        raise GuardFailed(_("The form does not ask for this paper."), code="unknown-paper")
    return wanted


@verb
def add_document(
    *, application: Application, task: Task, paper: str, by, upload=None, document: Document | None = None,
    instead: bool = False,
) -> ApplicationDocument:
    """Add a paper: a new file, or one that the person has on file. The paper itself ends an excuse for it.

    ``instead``: it is not the paper, but stands in its place. Raises NotAccepted, NotStored, MoveRefused.
    """
    wanted = _wanted(task, paper)
    locked = open_for(application, task, by, paper)
    if upload is not None:
        document = files.receive(by, upload, "other" if instead else wanted.kind)
    elif document is None or document.owner_id != by.pk or document.state == DocumentState.QUARANTINED:
        raise GuardFailed(_("Choose one of your own files."), code="not-your-file")
    entry, new = ApplicationDocument.objects.get_or_create(
        application=locked, document=document, paper=paper, defaults={"instead": instead}
    )
    if not instead:
        _forgive(locked, paper)
    if new:
        team.note(locked, by, TeamAct.Kind.ADDED, paper)
    _saved(locked)
    return entry


@verb
def remove_document(*, application: Application, task: Task, entry: ApplicationDocument, by) -> None:
    """Take a paper out of an application; the file itself stays with the person's documents. Raises MoveRefused."""
    locked = open_for(application, task, by, entry.paper)
    gone, _rows = locked.documents.filter(pk=entry.pk).delete()
    if gone:
        team.note(locked, by, TeamAct.Kind.REMOVED, entry.paper)
    _saved(locked)


@verb
def excuse_paper(
    *, application: Application, task: Task, paper: str, by, reason: str, upload=None, document: Document | None = None
) -> PaperExcuse:
    """Say why a paper cannot be provided, and add what there is in its place. The task then counts as done.

    Officers read the reason beside the paper. Raises NotAccepted, NotStored, MoveRefused.
    """
    _wanted(task, paper)
    if not reason.strip():
        raise GuardFailed(_("Say why the paper cannot be provided."), code="no-reason")
    locked = open_for(application, task, by, paper)
    if locked.documents.filter(paper=paper, instead=False).exists():
        raise GuardFailed(_("The paper is there already. Take it out first."), code="paper-is-there")
    said = {"reason": reason.strip()[:1000], "said_by": by, "said_at": timezone.now()}
    excuse, _new = PaperExcuse.objects.update_or_create(application=locked, paper=paper, defaults=said)
    if upload is not None or document is not None:
        add_document(
            application=locked, task=task, paper=paper, by=by, upload=upload, document=document, instead=True
        )
    team.note(locked, by, TeamAct.Kind.EXCUSED, paper)
    _saved(locked)
    return excuse


@verb
def take_excuse_back(*, application: Application, task: Task, paper: str, by) -> None:
    """Ask for a paper again: the reason goes, and so does what stood in its place. Raises MoveRefused."""
    locked = open_for(application, task, by, paper)
    if _forgive(locked, paper):
        team.note(locked, by, TeamAct.Kind.UNEXCUSED, paper)
    _saved(locked)


def _forgive(locked: Application, paper: str) -> int:
    locked.documents.filter(paper=paper, instead=True).delete()
    gone, _rows = locked.excuses.filter(paper=paper).delete()
    return gone


def _saved(locked: Application) -> None:
    Application.objects.filter(pk=locked.pk).update(saved_at=timezone.now())
