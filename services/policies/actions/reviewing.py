"""A version looked at by a second officer: sent, approved or returned, given up."""

from django.utils import timezone
from django.utils.translation import gettext as _

from park.rules.linter import Severity, lint_rule
from park.workflow.actions import GuardFailed, apply_move, verb

from .. import access, beside, golden
from ..models import PolicyVersion
from ..scope import STAGES, kinds_are_known
from ..states import MACHINE, State
from .four_eyes import by_another
from .refusals import CaseNotRight, RuleNotRight
from .showing import show


@verb
def send_for_review(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """Hand a draft to a second officer, and ask the departments that have a part in it.

    It needs both titles, a Chinese summary, its source, whom to ask, what it brings, when it applies, a sound rule
    that leaves a stage, golden cases that say what they must, and what other rooms keep beside it.
    """
    log = apply_move(MACHINE, version, "send", by=by, may=access.may_make, note=note, version=lock, guard=_complete)
    beside.sent(version, by)
    return log


@verb
def approve(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """Say as a second officer that a version is right.

    The public catalogue shows it from now on, or, where another version is released, from its own release on.
    """
    log = apply_move(
        MACHINE, version, "approve", by=by, may=access.may_make, note=note, version=lock,
        guard=by_another(by, _settled), changes={"approved_at": timezone.now()},
    )  # fmt: skip
    if not PolicyVersion.objects.filter(policy=version.policy_id, state=State.RELEASED).exists():
        show(version)
    return log


@verb
def return_for_changes(*, version: PolicyVersion, by, note: str, lock: int | None = None):
    """Give a version back to its author, and say what to change."""
    return apply_move(MACHINE, version, "return", by=by, may=access.may_make, note=note, version=lock)


@verb
def cancel(*, version: PolicyVersion, by, note: str = "", lock: int | None = None):
    """Give up a version that was never approved."""
    return apply_move(MACHINE, version, "cancel", by=by, may=access.may_make, note=note, version=lock)


def _settled(version: PolicyVersion) -> None:
    """Raise GuardFailed if the version is not fit to be listed."""
    _complete(version)
    if hindrances := beside.hindrances(version):
        raise GuardFailed(" ".join(hindrances), code="not-settled")


def _complete(version: PolicyVersion) -> None:
    """Raise GuardFailed if the version is not fit for another's eyes."""
    missing = [
        label
        for label, there in (
            (_("the title in English"), version.title_en),
            (_("the title in Chinese"), version.title_zh_hans),
            (_("the summary in Chinese"), version.summary_zh_hans),
            (_("the source"), version.policy.source_document or version.policy.source_url),
            (_("whom to ask, in Chinese"), version.contact_zh_hans),
            (_("what it brings"), version.benefits),
            (_("of each benefit what it is"), kinds_are_known(version.benefits)),
            (_("when it applies: a first day, a last day, a deadline, or at any time"), _window(version)),
            (_("a stage for which the conditions leave room"), version.stages or not STAGES[version.policy.applicant]),
        )
        if not there
    ] + beside.missing(version)
    if missing:
        raise GuardFailed(_("This is still missing: %(what)s.") % {"what": ", ".join(missing)}, code="not-complete")
    if problems := [str(each) for each in lint_rule(version.parsed) if each.severity == Severity.ERROR]:
        raise RuleNotRight(" ".join(problems))
    if faults := golden.faults(version):
        raise CaseNotRight(" ".join(faults))


def _window(version: PolicyVersion) -> bool:
    return any((version.is_standing, version.valid_from, version.valid_until, version.deadline))
