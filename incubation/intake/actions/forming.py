"""Making forms: a version is written, looked through by a second person, put into use, taken out of use."""

import copy

from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.access import same_person
from park.workflow.actions import GuardFailed, NotYours, SecondPersonNeeded, apply_move, begin, verb
from park.workflow.models import TransitionLog

from .. import access
from ..faults import Fault, faults_of
from ..form_states import MACHINE, PUBLISHED, WRITING
from ..models import ApplicationForm, Call, FormVersion

NOTHING = {"parts": []}


class FormRefused(GuardFailed):
    """A change that would leave a form that cannot work. ``faults`` are the faults it would bring."""

    code = "form-faults"

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__(" ".join(fault.message for fault in faults), code="form-faults")


@verb
def start_form(*, slug: str, name_en: str, name_zh: str, by) -> FormVersion:
    """Begin another form with an empty draft. Raises NotYours, Conflict if the address name is taken."""
    if not by.has_perm(access.WRITE_FORMS):
        raise NotYours
    form = ApplicationForm.objects.create(slug=slug, name=name_en, name_en=name_en, name_zh_hans=name_zh)
    return start_version(form=form, by=by)


@verb
def start_version(*, form: ApplicationForm, by, based_on: FormVersion | None = None) -> FormVersion:
    """Begin a draft of the next version: a copy of another version, or empty. Raises NotYours."""
    ApplicationForm.objects.select_for_update(no_key=True).get(pk=form.pk)
    last = form.versions.order_by("-number").values_list("number", flat=True).first() or 0
    definition = copy.deepcopy(based_on.definition) if based_on else NOTHING
    version = FormVersion(form=form, number=last + 1, definition=definition, author=by)
    version.save()
    note = _("From version %(number)s") % {"number": based_on.number} if based_on else ""
    begin(MACHINE, version, "draft", by=by, may=access.may_form, note=note)
    return version


@verb
def write(
    *, form: FormVersion, definition: dict, by, version: int | None = None, what: str = ""
) -> TransitionLog:
    """Keep a changed draft; ``what`` says in words what changed.

    What is unfinished may stay so for now. Raises FormRefused where the change brings another fault that was not there,
    Stale if somebody else changed the draft meanwhile, and as every move NotYours or NotInTable.
    """
    before = {(fault.code, fault.path) for fault in faults_of(form.definition)}
    new = [
        fault
        for fault in faults_of(definition)
        if not fault.is_unfinished and (fault.code, fault.path) not in before
    ]  # fmt: skip
    if new:
        raise FormRefused(new)
    return apply_move(
        MACHINE, form, "write", by=by, may=access.may_form, version=version, note=what[:500],
        changes={"definition": definition},
    )  # fmt: skip


def _is_sound(form: FormVersion) -> None:
    if faults := faults_of(form.definition):
        raise FormRefused(faults)


@verb
def send(*, form: FormVersion, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Send a draft to a second person. Raises FormRefused while anything in it cannot work or is unfinished."""
    return apply_move(
        MACHINE, form, "send", by=by, may=access.may_form, note=note, version=version, guard=_is_sound
    )


@verb
def return_for_changes(*, form: FormVersion, by, note: str, version: int | None = None) -> TransitionLog:
    """Give a version back to its writers; the note says what to change."""
    return apply_move(MACHINE, form, "return", by=by, may=access.may_form, note=note, version=version)


@verb
def publish(*, form: FormVersion, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Put a version into use: new applications get it from now on, running ones keep theirs.

    The one that was in use is replaced. Nobody who wrote in the version may do this. Raises SecondPersonNeeded.
    """
    ApplicationForm.objects.select_for_update(no_key=True).get(pk=form.form_id)

    def guard(locked: FormVersion) -> None:
        written = TransitionLog.objects.of(locked).made().filter(move__in=WRITING).select_related("actor")
        if any(log.actor and same_person(by, log.actor) for log in written):
            raise SecondPersonNeeded
        _is_sound(locked)
        for used in FormVersion.objects.filter(form=locked.form_id, state=PUBLISHED):
            apply_move(
                MACHINE, used, "replace", by=None, may=access.may_form,
                note=_("By version %(number)s") % {"number": locked.number},
            )  # fmt: skip

    return apply_move(
        MACHINE, form, "publish", by=by, may=access.may_form, note=note, version=version, guard=guard,
        changes={"published_at": timezone.now()},
    )  # fmt: skip


@verb
def retire(*, form: FormVersion, by, note: str, version: int | None = None) -> TransitionLog:
    """Take a version out of use for good. Raises GuardFailed while a call that is open or opens later needs it."""

    def guard(locked: FormVersion) -> None:
        now = timezone.now()
        calls = [
            call
            for call in Call.objects.select_related("form")
            if (call.closes_at is None or call.closes_at > now) and call.form_version == locked
        ]
        if calls:
            words = {"call": str(calls[0])}
            raise GuardFailed(_("“%(call)s” needs this form. Put another version into use.") % words, code="in-use")

    return apply_move(
        MACHINE, form, "retire", by=by, may=access.may_form, note=note, version=version, guard=guard
    )


@verb
def discard_version(*, form: FormVersion, by, note: str = "", version: int | None = None) -> TransitionLog:
    """Give a draft up. It stays in the history of the form."""
    return apply_move(MACHINE, form, "discard", by=by, may=access.may_form, note=note, version=version)
