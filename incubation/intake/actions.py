"""What happens to an application: the only place that changes one. Each verb is one act of one person."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.journey.actions import admit
from incubation.journey.models import Tenant
from park.files import actions as files
from park.files.models import Document, DocumentState
from park.workflow.actions import GuardFailed, MoveRefused, NotYours, Stale, apply_move, begin, verb
from park.workflow.calendar import beijing_day
from park.workflow.models import TransitionLog
from talents.profiles import actions as profiles
from talents.profiles.models import Consent, TalentState

from . import access
from .definition import Definition, Task
from .models import Application, ApplicationDocument, Call, FormVersion, InfoRequest, Revision
from .progress import Draft
from .questionnaire import kept, prefilled, typed
from .receipts import next_receipt
from .states import ANSWER_CLOCK, MACHINE, State
from .telling import day, due_of, moment, tell_applicant, tell_officers

UNDO = dt.timedelta(days=7)
GRACE = dt.timedelta(minutes=30)  # after a call closes; not advertised


class EditRefused(MoveRefused):
    """This part of the application cannot be changed now."""

    code = "not-open"
    sentence = _("This part cannot be changed any more: the application was sent.")


# --- Writing it -------------------------------------------------------------------------------------------------------
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


def _open(application: Application, task: Task, by) -> Application:
    """Return the application, locked, if this person may change this task now."""
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("form", "talent__user")
    locked = rows.get(pk=application.pk)
    if not access.is_own(by, locked):
        raise NotYours
    if not access.is_open(locked, task.key):
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
    form = Draft(locked).form(task, data)
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
        _open(application, task, by)
        document = files.receive(by, upload, wanted.kind)
    elif document is None or document.owner_id != by.pk or document.state == DocumentState.QUARANTINED:
        raise GuardFailed(_("Choose one of your own files."), code="not-your-file")
    locked = _open(application, task, by)
    entry, _new = ApplicationDocument.objects.get_or_create(application=locked, document=document, paper=paper)
    Application.objects.filter(pk=locked.pk).update(saved_at=timezone.now())
    return entry


@verb
def remove_document(*, application: Application, task: Task, entry: ApplicationDocument, by) -> None:
    """Take a paper out of an application; the file itself stays with the person's documents. Raises MoveRefused."""
    locked = _open(application, task, by)
    locked.documents.filter(pk=entry.pk).delete()
    Application.objects.filter(pk=locked.pk).update(saved_at=timezone.now())


@verb
def discard(*, application: Application, by) -> TransitionLog:
    """Close a draft that its writer does not want any more. Their papers stay on file. Raises MoveRefused."""
    return apply_move(MACHINE, application, "discard", by=by, may=access.may_make)


# --- Sending it -------------------------------------------------------------------------------------------------------
@verb
def submit(
    *, application: Application, by, says_true: bool, agrees_to_storage: bool, read_at: dt.datetime | None = None
) -> TransitionLog:
    """Send an application: complete, checked, declared true. It gets its receipt number, and officers learn of it.

    ``read_at`` is the ``saved_at`` of the answers that the person read through. Raises MoveRefused; what was written
    stays.
    """
    if not (says_true and agrees_to_storage):
        raise GuardFailed(_("Confirm both sentences before you send."), code="not-declared")
    now = timezone.now()

    def guard(locked: Application) -> None:
        if read_at is not None and locked.saved_at != read_at:
            raise Stale
        _is_ready(locked)

    log = apply_move(
        MACHINE, application, "submit", by=by, may=access.may_make, guard=guard,
        changes={"submitted_at": now}, versions={"form": application.form.number},
    )  # fmt: skip
    application.ref = next_receipt(now)
    application.save(update_fields=["ref"])
    _revise(application, by)
    profiles.give_consent(talent=application.talent, what=Consent.What.DATA_IN_CHINA, by=by)
    if application.talent.state == TalentState.PROSPECT:
        profiles.stand_as(talent=application.talent, state=TalentState.APPLICANT)
    due = due_of(application, "screening")
    tell_applicant("application-sent", application, lambda: {"sent": moment(now), "check_by": day(due)})
    tell_officers("application-arrived", application, lambda: {"who": str(application.talent), "due": day(due)})
    return log


def _is_ready(application: Application) -> None:
    draft = Draft.of(application)
    if draft.unfinished:
        raise GuardFailed(_("Some tasks still need you. Nothing was sent."), code="unfinished")
    if draft.being_checked:
        raise GuardFailed(
            _("A file is still being checked. That takes a minute or two; send again then."), code="being-checked"
        )
    closes = application.call.closes_at
    if closes and timezone.now() >= closes + GRACE:
        words = {"closed": moment(closes)}
        raise GuardFailed(_("The round closed at %(closed)s. Your draft is kept.") % words, code="closed")


def _revise(application: Application, by) -> Revision:
    """Keep what is sent now, whole and for good."""
    return Revision.objects.create(
        application=application, number=application.revisions.count() + 1,
        answers=Draft.of(application).snapshot(), sent_by=by,
    )  # fmt: skip


# --- What officers do -------------------------------------------------------------------------------------------------
@verb
def take(*, application: Application, by, version: int | None = None) -> TransitionLog:
    """Take an application that nobody has yet; the applicant learns the officer's name. Raises MoveRefused."""
    changes = {"officer": by}
    log = apply_move(MACHINE, application, "take", by=by, may=access.may_make, version=version, changes=changes)
    tell_applicant(
        "application-taken", application,
        lambda: {"officer": by.display_name, "check_by": day(due_of(application, "screening"))},
    )  # fmt: skip
    return log


@verb
def hand_over(
    *, application: Application, to, by, internal_note: str = "", version: int | None = None
) -> TransitionLog:
    """Give a case to another officer (or take one whose officer is away). Raises MoveRefused."""
    if not (to.is_active and to.has_perm(access.SCREEN)) or access.is_own(to, application):
        raise GuardFailed(_("This person cannot have the case."), code="not-an-officer")
    log = apply_move(
        MACHINE, application, "hand_over", by=by, may=access.may_make, internal_note=internal_note, version=version,
        changes={"officer": to},
    )  # fmt: skip
    if to.pk != by.pk:
        tell_officers("application-yours", application, lambda: {"by": by.display_name})
    tell_applicant(
        "application-taken", application,
        lambda: {"officer": to.display_name, "check_by": day(due_of(application, "screening"))},
    )  # fmt: skip
    return log


@verb
def ask(
    *, application: Application, by, note: str, tasks: list[str], internal_note: str = "", version: int | None = None
) -> InfoRequest:
    """Ask the applicant for something; only the named tasks open for the answer, and the park's clock stands still.

    Raises MoveRefused.
    """
    known = {task.key for task in Definition(application.form.definition).tasks}
    if not set(tasks) <= known:
        raise GuardFailed(_("The form has no such task."), code="unknown-task")
    log = apply_move(
        MACHINE, application, "ask", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version,
    )  # fmt: skip
    request = InfoRequest.objects.create(
        application=application, text=note, tasks=sorted(tasks), asked_by=by, asked_at=log.at
    )
    tell_applicant(
        "application-question", application,
        lambda: {"question": note, "due": moment(due_of(application, ANSWER_CLOCK.name))},
    )  # fmt: skip
    return request


@verb
def answer(*, application: Application, by, text: str = "", version: int | None = None) -> TransitionLog:
    """Send what the park asked for. Raises MoveRefused while a task that was asked for is not done."""

    def guard(locked: Application) -> None:
        request = locked.requests.filter(closed_at=None).first()
        draft = Draft.of(locked)
        if request and any(state.task.key in request.tasks for state in draft.unfinished):
            raise GuardFailed(_("Some tasks still need you. Nothing was sent."), code="unfinished")
        if request and not request.tasks and not text.strip():
            raise GuardFailed(_("Write your answer."), code="no-answer")

    log = apply_move(
        MACHINE, application, "answer", by=by, may=access.may_make, note=text, version=version, guard=guard
    )
    application.requests.filter(closed_at=None).update(closed_at=log.at, answer=text)
    _revise(application, by)
    check_by = due_of(application, "screening")
    tell_applicant("application-answered", application, lambda: {"check_by": day(check_by)})
    tell_officers("application-answer-came", application, lambda: {"who": str(application.talent)})
    return log


@verb
def no_answer(*, application: Application) -> TransitionLog:
    """Go on with the check because the time for an answer is over. The portal itself does this."""
    log = apply_move(MACHINE, application, "no_answer", by=None, may=access.may_make)
    application.requests.filter(closed_at=None).update(closed_at=log.at)
    tell_applicant("application-unanswered", application)
    tell_officers("application-answer-came", application, lambda: {"who": str(application.talent)})
    return log


@verb
def pass_on(
    *, application: Application, by, note: str = "", internal_note: str = "", version: int | None = None
) -> TransitionLog:
    """Pass a complete application on to review; another person decides. Raises MoveRefused."""
    log = apply_move(
        MACHINE, application, "pass_on", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version,
    )  # fmt: skip
    decide_by = due_of(application, "review")
    tell_applicant("application-in-review", application, lambda: {"decide_by": moment(decide_by)})
    return log


@verb
def accept(
    *, application: Application, by, note: str = "", internal_note: str = "", version: int | None = None
) -> Tenant:
    """Accept an application: its project starts as a tenant in the first stage. Never by who checked it.

    Raises MoveRefused.
    """
    log = apply_move(
        MACHINE, application, "accept", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version, guard=_decided_by_another(by), changes={"decided_at": timezone.now()},
    )  # fmt: skip
    tenant = admit(application=application, by=by)
    tell_applicant(
        "application-accepted", application,
        lambda: {"note": note, "slug": tenant.organisation.slug, "on": beijing_day(log.at).isoformat()},
    )  # fmt: skip
    return tenant


@verb
def reject(
    *, application: Application, by, note: str, reason_code: str, internal_note: str = "", version: int | None = None
) -> TransitionLog:
    """Do not accept an application, with the reason in words for the applicant. Never by who checked it.

    Raises MoveRefused.
    """
    log = apply_move(
        MACHINE, application, "reject", by=by, may=access.may_make, note=note, reason_code=reason_code,
        internal_note=internal_note, version=version, guard=_decided_by_another(by),
        changes={"decided_at": timezone.now()},
    )  # fmt: skip
    tell_applicant("application-rejected", application, lambda: {"note": note, "on": beijing_day(log.at).isoformat()})
    return log


def _decided_by_another(by):
    """Return the guard that the officer who has the case does not decide it, even if another took it first."""

    def guard(application: Application) -> None:
        if application.officer_id == by.pk:
            raise GuardFailed(
                _("You have this case, so a second person has to decide it."), code="second-person-needed"
            )

    return guard


@verb
def close(
    *, application: Application, by, note: str, internal_note: str = "", version: int | None = None
) -> TransitionLog:
    """Close an application that cannot go on, with a reason that the applicant reads. Raises MoveRefused."""
    log = apply_move(
        MACHINE, application, "close", by=by, may=access.may_make, note=note, internal_note=internal_note,
        version=version,
    )  # fmt: skip
    application.requests.filter(closed_at=None).update(closed_at=log.at)
    tell_applicant("application-closed", application, lambda: {"note": note})
    return log


# --- Changing one's mind ----------------------------------------------------------------------------------------------
@verb
def withdraw(*, application: Application, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Withdraw an application that is not decided. It can be taken back within seven days. Raises MoveRefused."""
    log = apply_move(MACHINE, application, "withdraw", by=by, may=access.may_make, note=note, version=version)
    tell_applicant("application-withdrawn", application, lambda: {"undo_by": moment(log.at + UNDO)})
    tell_officers("application-gone", application, lambda: {"who": str(application.talent)})
    return log


@verb
def undo_withdraw(*, application: Application, by, version: int | None = None) -> TransitionLog:
    """Take back a withdrawal: it stands again where it stood, with its officer and its dates. Raises MoveRefused."""
    withdrawal = last_withdrawal(application)

    def guard(locked: Application) -> None:
        if withdrawal is None or timezone.now() > withdrawal.at + UNDO:
            raise GuardFailed(_("The seven days are over. You can start a new application."), code="too-late")

    origin = withdrawal.origin if withdrawal else State.SUBMITTED
    log = apply_move(
        MACHINE, application, f"return_to_{origin}", by=by, may=access.may_make, version=version, guard=guard
    )
    tell_applicant("application-returned", application)
    tell_officers("application-arrived", application, lambda: {"who": str(application.talent), "due": ""})
    return log


def last_withdrawal(application: Application) -> TransitionLog | None:
    return TransitionLog.objects.of(application).made().filter(move="withdraw").order_by("-pk").first()
