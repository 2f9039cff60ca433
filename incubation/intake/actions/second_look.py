"""A second look at a refusal: asked for once, in time, and given by somebody who had no hand in the first."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.journey.models import Tenant
from park.files.models import Document
from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.calendar import working_days_after

from .. import access
from ..models import Application, Decision, SecondLook
from ..states import ACCEPTED, MACHINE, REJECTED, SECOND_LOOK_CLOCK, SECOND_LOOK_WINDOW, Ground
from ..telling import due_of, moment, tell_applicant, tell_deciders
from .fulfilling import standing
from .ruling import begin_tenancy, decide, tell_decision


def ask_until(application: Application) -> dt.datetime | None:
    """Return until when a second look can be asked for, or None if it cannot any more."""
    if application.state != REJECTED or SecondLook.objects.filter(application=application).exists():
        return None
    until = working_days_after(application.decided_at, SECOND_LOOK_WINDOW)
    return until if timezone.now() <= until else None


@verb
def ask_second_look(
    *, application: Application, by, ground: str, text: str, document: Document | None = None,
    version: int | None = None,
) -> SecondLook:  # fmt: skip
    """Ask that a refusal is looked at again, by another person. Once, within ten working days. Raises MoveRefused."""

    def guard(locked: Application) -> None:
        if SecondLook.objects.filter(application=locked).exists():
            raise GuardFailed(_("It was looked at a second time already. You can apply again."), code="once")
        until = working_days_after(locked.decided_at, SECOND_LOOK_WINDOW)
        if timezone.now() > until or standing(locked) is None:
            words = {"until": moment(until)}
            raise GuardFailed(
                _("The time for a second look was over at %(until)s. You can apply again.") % words, code="too-late"
            )
        if ground not in Ground.values:
            raise GuardFailed(_("Say whether we made an error, or which facts are new."), code="no-ground")
        if document is not None and document.owner_id != by.pk:
            raise GuardFailed(_("This file is not yours to use."), code="not-your-file")

    log = apply_move(
        MACHINE, application, "ask_second_look", by=by, may=access.may_make, note=text, reason_code=ground,
        version=version, guard=guard,
    )  # fmt: skip
    asked = SecondLook.objects.create(
        application=application, decision=standing(application), ground=ground, text=text.strip(), evidence=document,
        asked_by=by, asked_at=log.at,
    )  # fmt: skip
    due = due_of(application, SECOND_LOOK_CLOCK.name)
    tell_applicant("application-second-look", application, lambda: {"due": moment(due)})
    tell_deciders("application-look-again", application, but=asked.decision.decided_by)
    return asked


@verb
def uphold(
    *, application: Application, by, note: str, internal_note: str = "", version: int | None = None
) -> Decision:
    """Find after a second look that the refusal was right. It stands for good. Raises MoveRefused."""
    first = standing(application)
    made = decide(
        "uphold", REJECTED, application, by, internal_note, version, criterion=note,
        reason_code=first.reason_code if first else "", proposed_by=first and first.decided_by,
    )  # fmt: skip
    _answer(made)
    tell_decision("application-upheld", made, "upheld")
    return made


@verb
def overturn(
    *, application: Application, by, note: str, internal_note: str = "", version: int | None = None
) -> Tenant:
    """Find after a second look that the application is to be accepted: its project starts. Raises MoveRefused."""
    first = standing(application)
    made = decide(
        "overturn", ACCEPTED, application, by, internal_note, version, criterion=note,
        proposed_by=first and first.decided_by,
    )  # fmt: skip
    _answer(made)
    return begin_tenancy(made, by=by)


def _answer(made: Decision) -> None:
    asked = SecondLook.objects.get(application=made.application)
    asked.answer = made
    asked.save(update_fields=["answer"])
