"""Writing an application: a draft, its answers and its papers, until it is sent and again when the park asks."""


from django.utils import timezone
from django.utils.translation import gettext as _

from park.files import actions as files
from park.files.models import Document, DocumentState
from park.workflow.actions import GuardFailed, MoveRefused, NotYours, Stale, apply_move, begin, verb
from park.workflow.models import TransitionLog
from talents.profiles import actions as profiles

from .. import access
from ..asked import is_asked, only_asked
from ..definition import Definition, Task
from ..models import Application, ApplicationDocument, Call, FormVersion
from ..progress import Draft
from ..questionnaire import kept, prefilled, typed
from ..states import MACHINE


class EditRefused(MoveRefused):
    """This part of the application cannot be changed now."""

    code = "not-open"
    sentence = _("This part cannot be changed any more: the application was sent.")


@verb
def start(*, by, call: Call | None = None, sector: str = "") -> Application:
    """Begin a draft for a person who is signed in, filled with what their profile already knows.

    Without ``call`` it is for the one that is open now. Raises MoveRefused if none is.
    """
    now = timezone.now()
    call = call or next((each for each in Call.objects.order_by("opens_at", "pk") if each.is_open(now)), None)
    form = FormVersion.objects.in_use(now)
    if call is None or form is None or not call.is_open(now):
        raise GuardFailed(_("No round is open now. You can prepare your profile and your papers."), code="no-call")
    talent = profiles.talent_of(by)
    if sector:
        talent.sector = sector  # for the answers only: the profile learns it when the task is saved
    application = Application(call=call, form=form, talent=talent, sector=talent.sector)
    application.ref = application.draft_ref
    application.answers = {
        task.key: kept(raw, version=0)
        for task in Definition(form.definition).tasks
        if task.kind == "fields" and (raw := prefilled(task, talent))
    }
    application.save()
    begin(MACHINE, application, "start", by=by, may=access.may_make, versions={"form": form.number})
    return application


def _open(application: Application, task: Task, by, paper: str = "") -> Application:
    """Return the application, locked, if this person may change this task, or this paper of it, now."""
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("form", "talent__user")
    locked = rows.get(pk=application.pk)
    if not access.is_own(by, locked):
        raise NotYours
    if not access.is_open(locked, task.key) or (paper and not is_asked(locked, task, paper)):
        raise EditRefused
    return locked


@verb
def save_answers(
    *, application: Application, task: Task, data, by, version: int | None = None, edit: str = "", checked: bool = False
) -> Application:
    """Keep what was typed into one task, right or wrong. ``data`` is what was posted (a QueryDict).

    ``version`` is that of the task as the page showed it; ``edit`` marks the open page, whose own saves never collide.
    ``checked`` says that the person pressed continue: then what is right goes into the profile too.
    Raises Stale if another page saved the task meanwhile, EditRefused, NotYours.
    """
    locked = _open(application, task, by)
    saved = locked.answers.get(task.key, {})
    own_page = edit and saved.get("edit") == edit
    if version is not None and version != saved.get("version", 0) and not own_page:
        raise Stale
    draft = Draft(locked)
    data = only_asked(locked, task, draft.form(task), data)
    form = draft.form(task, data)
    raw = typed(form, data)
    locked.answers = locked.answers | {
        task.key: kept(raw, version=saved.get("version", 0), checked=checked or saved.get("checked", False), edit=edit)
    }
    right = form.is_valid()
    columns = {
        field.data["column"]: str(form.cleaned_data.get(field.key) or "")
        for field in task.fields
        if "column" in field.data
    }
    for column, value in columns.items():
        setattr(locked, column, value)
    locked.saved_at = timezone.now()
    locked.save(update_fields=["answers", "saved_at", *columns])
    if checked and right and (facts := form.facts()):
        profiles.save_profile(talent=locked.talent, by=by, **facts)
    application.refresh_from_db()
    return application


@verb
def add_document(
    *, application: Application, task: Task, paper: str, by, upload=None, document: Document | None = None
) -> ApplicationDocument:
    """Add a paper: a new file, or one that the person has on file. Raises NotAccepted, NotStored, MoveRefused."""
    wanted = next((each for each in task.papers if each.key == paper), None)
    if wanted is None:
        raise GuardFailed(_("The form does not ask for this paper."), code="unknown-paper")
    if upload is not None:
        _open(application, task, by, paper)
        document = files.receive(by, upload, wanted.kind)
    elif document is None or document.owner_id != by.pk or document.state == DocumentState.QUARANTINED:
        raise GuardFailed(_("Choose one of your own files."), code="not-your-file")
    locked = _open(application, task, by, paper)
    entry, _new = ApplicationDocument.objects.get_or_create(application=locked, document=document, paper=paper)
    Application.objects.filter(pk=locked.pk).update(saved_at=timezone.now())
    return entry


@verb
def remove_document(*, application: Application, task: Task, entry: ApplicationDocument, by) -> None:
    """Take a paper out of an application; the file itself stays with the person's documents. Raises MoveRefused."""
    locked = _open(application, task, by, entry.paper)
    locked.documents.filter(pk=entry.pk).delete()
    Application.objects.filter(pk=locked.pk).update(saved_at=timezone.now())


@verb
def discard(*, application: Application, by) -> TransitionLog:
    """Close a draft that its writer does not want any more. Their papers stay on file. Raises MoveRefused."""
    return apply_move(MACHINE, application, "discard", by=by, may=access.may_make)
