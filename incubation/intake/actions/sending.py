"""Sending an application, and later the answers to what the park asked."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from park.workflow.actions import GuardFailed, Stale, apply_move, verb
from park.workflow.models import TransitionLog
from talents.profiles import actions as profiles
from talents.profiles.models import Consent, TalentState

from .. import access, team
from ..models import Application, InfoRequest, Revision
from ..progress import Draft
from ..receipts import issue_receipt, next_receipt
from ..states import MACHINE
from ..telling import day, due_of, moment, tell_applicant, tell_officers

GRACE = dt.timedelta(minutes=30)  # after a call closes; not advertised


@verb
def submit(
    *, application: Application, by, says_true: bool, agrees_to_storage: bool, read_at: dt.datetime | None = None
) -> TransitionLog:
    """Send an application: complete, checked, declared true. It gets its receipt number, and officers learn of it.

    Only the applicant sends it, once all co-signers have confirmed these words. ``read_at`` is the ``saved_at`` of the
    answers that the person read through. Raises MoveRefused; what was written stays.
    """
    if by is None or application.talent.user_id != by.pk:
        raise GuardFailed(_("Only the applicant sends it: they agree to how their data is kept."), code="not-yours")
    if not (says_true and agrees_to_storage):
        raise GuardFailed(_("Confirm both sentences before you send."), code="not-declared")
    now, judged = timezone.now(), []

    def guard(locked: Application) -> None:
        if read_at is not None and locked.saved_at != read_at:
            raise Stale
        judged.append(_is_ready(locked))

    log = apply_move(
        MACHINE, application, "submit", by=by, may=access.may_make, guard=guard,
        changes={"submitted_at": now}, versions={"form": application.form.number},
    )  # fmt: skip
    application.ref = next_receipt(now)
    application.save(update_fields=["ref"])
    issue_receipt(application, _revise(application, by, judged[-1]))
    profiles.give_consent(talent=application.talent, what=Consent.What.DATA_IN_CHINA, by=by)
    if application.talent.state == TalentState.PROSPECT:
        profiles.stand_as(talent=application.talent, state=TalentState.APPLICANT)
    due = due_of(application, "screening")
    tell_applicant("application-sent", application, lambda: {"sent": moment(now), "check_by": day(due)})
    tell_officers("application-arrived", application, lambda: {"who": str(application.talent), "due": day(due)})
    return log


def _is_ready(application: Application) -> Draft:
    """Return the draft of a locked application that can be sent. Raises GuardFailed."""
    draft = Draft.of(application)
    if draft.unfinished:
        raise GuardFailed(_("Some tasks still need you. Nothing was sent."), code="unfinished")
    if names := team.waiting_for(application, team.wording(draft)):
        words = {"names": _(", ").join(names)}
        raise GuardFailed(_("Not confirmed yet: %(names)s. Nothing was sent.") % words, code="unsigned")
    if draft.being_checked:
        raise GuardFailed(
            _("A file is still being checked. That takes a minute or two; send again then."), code="being-checked"
        )
    closes = application.call.closes_at
    if closes and timezone.now() >= closes + GRACE:
        words = {"closed": moment(closes)}
        raise GuardFailed(_("The round closed at %(closed)s. Your draft is kept.") % words, code="closed")
    return draft


def _revise(application: Application, by, draft: Draft, request: InfoRequest | None = None) -> Revision:
    """Keep what is sent now, whole and for good. With a request only what it opened can differ from before."""
    answers, before = draft.snapshot(), application.revisions.first()
    if request and before:
        answers |= {key: kept for key, kept in before.answers.items() if not request.opens(key)}
    number = before.number + 1 if before else 1
    return Revision.objects.create(application=application, number=number, answers=answers, sent_by=by)


@verb
def answer(*, application: Application, by, text: str = "", version: int | None = None) -> TransitionLog:
    """Send what the park asked for. Raises MoveRefused while a task that was asked for is not done."""

    judged = []

    def guard(locked: Application) -> None:
        request = locked.requests.filter(closed_at=None).first()
        draft = Draft.of(locked)
        judged.append(draft)
        if request and any(request.opens(state.task.key) for state in draft.unfinished):
            raise GuardFailed(_("Some tasks still need you. Nothing was sent."), code="unfinished")
        if request and not (request.tasks or request.fields) and not text.strip():
            raise GuardFailed(_("Write your answer."), code="no-answer")

    log = apply_move(
        MACHINE, application, "answer", by=by, may=access.may_make, note=text, version=version, guard=guard
    )
    request = application.requests.filter(closed_at=None).first()
    revision = _revise(application, by, judged[-1], request)
    application.requests.filter(closed_at=None).update(closed_at=log.at, answer=text, revision=revision)
    check_by = due_of(application, "screening")
    tell_applicant("application-answered", application, lambda: {"check_by": day(check_by)})
    tell_officers("application-answer-came", application, lambda: {"who": str(application.talent)})
    return log
