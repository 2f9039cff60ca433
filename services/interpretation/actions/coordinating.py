"""Departments: asked about a version, their answers written down, their silence passed over with a reason."""

from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, MoveRefused, NotYours, apply_move, begin, verb
from park.workflow.models import Clock
from services.policies.models import PolicyVersion

from .. import access, links, telling
from ..models import Coordination, Department, Involvement
from ..states import BEFORE_APPROVAL, BY_LINK, COORDINATION


@verb
def ask(*, policy_version: PolicyVersion, department: Department, asked: str, by) -> Coordination:
    """Ask a department about a version that is not approved yet; it has two working days. Raises MoveRefused."""
    if not access.may_write(by):
        raise NotYours
    locked = _not_approved_yet(policy_version.pk)
    if not asked.strip():
        raise GuardFailed(_("Say what the department is asked."), code="not-complete")
    made = Coordination.objects.create(
        policy_version=locked, department=department, asked=asked.strip(), asked_by=by
    )
    begin(COORDINATION, made, "ask", by=by, note=asked.strip())
    links.write(made)
    return made


@verb
def ask_involved(*, policy_version: PolicyVersion, by) -> list[Coordination]:
    """Ask every department that has a part in the policy and was not asked about this version yet."""
    asked = Coordination.objects.filter(policy_version=policy_version).exclude(state="called_off").values("department")
    parts = Involvement.objects.filter(policy=policy_version.policy_id, department__is_active=True)
    return [
        ask(policy_version=policy_version, department=part.department, asked=part.asked, by=by)
        for part in parts.exclude(department__in=asked).select_related("department")
    ]


@verb
def answer(
    *, coordination: Coordination, by, note: str, opinion: str, answered_by: str, version: int | None = None
):
    """Write down what a department said, who said it, and whether it agrees.

    ``by`` None: the department itself, by the link it was sent; ``version`` is then the one that the link names.
    """
    if opinion not in Coordination.Opinion.values:
        raise GuardFailed(_("Choose whether it agrees."), code="not-complete")
    if not answered_by.strip():
        raise GuardFailed(_("Say who answers."), code="not-complete")
    by_link = by is None
    log = apply_move(
        COORDINATION, coordination, "answer", by=by, may=access.may_answer_by_link if by_link else access.may_make,
        note=note, version=version, reason_code=BY_LINK if by_link else "",
        changes={
            "opinion": opinion, "answer": note.strip(), "answered_by": answered_by.strip(),
            "answered_at": timezone.now(), "because": "",
        },
    )  # fmt: skip
    if by_link:
        telling.tell_of_answer(coordination)
    return log


@verb
def note_silence(*, coordination: Coordination, by, note: str, version: int | None = None):
    """Go on without an answer, and say why. Only once the department let its time run out."""
    return apply_move(
        COORDINATION, coordination, "note_silence", by=by, may=access.may_make, note=note, version=version,
        guard=_is_late, changes={"because": note.strip()},
    )  # fmt: skip


@verb
def ask_again(*, coordination: Coordination, by, note: str, version: int | None = None):
    """Ask a department once more, while the version is not approved yet; its time begins anew."""
    log = apply_move(
        COORDINATION, coordination, "ask_again", by=by, may=access.may_make, note=note, version=version,
        guard=lambda locked: _not_approved_yet(locked.policy_version_id),
        changes={"asked": note.strip(), "opinion": "", "answer": "", "answered_by": "", "answered_at": None},
    )  # fmt: skip
    links.write(coordination)
    return log


@verb
def call_off(*, coordination: Coordination, by, note: str, version: int | None = None):
    """Ask a department no longer, and say why."""
    return apply_move(COORDINATION, coordination, "call_off", by=by, may=access.may_make, note=note, version=version)


def _not_approved_yet(pk: int) -> PolicyVersion:
    """Lock a version about which departments can still be asked, so that nobody approves it meanwhile."""
    locked = PolicyVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if locked.state not in BEFORE_APPROVAL:
        raise MoveRefused(_("Departments are asked before a version is approved."))
    return locked


def _is_late(coordination: Coordination) -> None:
    clock = Clock.objects.of(coordination).open().filter(name="answer").first()
    if clock is not None and clock.due_at > timezone.now():
        raise GuardFailed(_("The department still has time to answer."), code="still-time")
