"""The decision on an application: never by whoever checked it."""


from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.journey.actions import admit
from incubation.journey.models import Tenant
from park.workflow.actions import GuardFailed, apply_move, verb
from park.workflow.calendar import beijing_day
from park.workflow.models import TransitionLog

from .. import access
from ..models import Application
from ..states import MACHINE
from ..telling import tell_applicant


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
