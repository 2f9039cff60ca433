"""How a decision is written down: what every act that decides has in common. Called inside the verbs."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.journey.actions import admit
from incubation.journey.models import Tenant
from park.organisations.actions import join
from park.organisations.models import Role as Acting
from park.workflow import clocks
from park.workflow.actions import GuardFailed, apply_move
from park.workflow.calendar import beijing_day, closing
from park.workflow.models import Clock

from .. import access, panels
from ..decision_letters import write_letter
from ..models import Application, Condition, Decision, Role
from ..states import DECIDED_PENDING, IN_REVIEW, MACHINE
from ..telling import tell_applicant, tell_member

Demands = Iterable[tuple[str, dt.date]]  # of the applicant: what, until when
CONDITION = "condition"  # the clock of each
ACTS_AS = {Role.LEAD: Acting.MANAGER, Role.EDITOR: Acting.MEMBER, Role.READER: Acting.MEMBER}  # for the tenant


def decide(
    move: str, outcome: str, application: Application, by, internal_note: str, version: int | None, *,
    demands: Demands = (), guard: Callable[[Application], None] | None = None, **words,
) -> Decision:  # fmt: skip
    """Make one of the moves that decide, and write the decision down. A proposal of the panel is decided as it stands.

    ``words`` are fields of the decision, for where there is no proposal. Raises MoveRefused.
    """
    locked = Application.objects.select_for_update(of=("self",), no_key=True).select_related("call").get(
        pk=application.pk
    )
    proposal = locked.decisions.open().first() if locked.state == DECIDED_PENDING else None
    texts = {name: value.strip() for name, value in words.items() if isinstance(value, str)}
    reason = proposal.reason_code if proposal else texts.get("reason_code", "")

    def ask(record: Application) -> None:
        is_for_these_hands(record, outcome, proposal, by)
        if proposal is None:
            is_whole(outcome, reason, texts.get("criterion", ""), list(demands))
        if guard:
            guard(record)

    said = "\n\n".join(filter(None, [texts.get("criterion"), texts.get("advice")]))
    said = proposal.words or said if proposal else said
    log = apply_move(
        MACHINE, application, move, by=by, may=access.may_make, guard=ask, version=version, note=said,
        reason_code=reason, internal_note=internal_note, changes={"decided_at": timezone.now()},
    )  # fmt: skip
    if proposal:
        proposal.decided_by, proposal.decided_at = by, log.at
        proposal.save(update_fields=["decided_by", "decided_at"])
        made = proposal
    else:
        proposed = {"proposed_by": words.pop("proposed_by", None) or application.officer, "proposed_at": log.at}
        made = write(
            application, demands, **{**words, **texts}, **proposed, outcome=outcome, decided_by=by, decided_at=log.at
        )
    made.application = application
    run_conditions(made)
    return made


def is_for_these_hands(application: Application, outcome: str, proposal: Decision | None, by) -> None:
    """Ask whether this person may decide this, in this way. Raises GuardFailed."""
    if application.officer_id == by.pk:
        raise GuardFailed(_("You have this case, so a second person has to decide it."), code="second-person-needed")
    if application.state == IN_REVIEW and panels.is_for_panel(application):
        raise GuardFailed(_("A panel decides on this call: its chair proposes first."), code="panel-decides")
    if application.state == DECIDED_PENDING and (proposal is None or proposal.outcome != outcome):
        words = {"outcome": proposal.get_outcome_display() if proposal else "–"}
        raise GuardFailed(
            _("The panel proposes “%(outcome)s”. Confirm that, or send it back to the panel.") % words,
            code="not-as-proposed",
        )


def is_whole(outcome: str, reason_code: str, criterion: str, demands: list) -> None:
    """Ask whether a decision says what its applicant has to know. Raises GuardFailed."""
    if outcome not in Decision.Outcome.values:
        raise GuardFailed(_("There is no such decision."), code="no-such-outcome")
    if outcome == Decision.Outcome.REJECTED and not (reason_code and criterion.strip()):
        raise GuardFailed(_("Give a reason: the other side is told why."), code="reason-missing")
    if outcome == Decision.Outcome.WAITLISTED and not criterion.strip():
        raise GuardFailed(_("Give a reason: the other side is told why."), code="reason-missing")
    if (outcome == Decision.Outcome.CONDITIONAL) != bool(demands):
        sentence = (
            _("Name at least one condition, with the day until which it has to be met.")
            if outcome == Decision.Outcome.CONDITIONAL
            else _("Only an acceptance with conditions has conditions.")
        )
        raise GuardFailed(sentence, code="conditions")
    today = beijing_day(timezone.now())
    if any(not text.strip() or due <= today for text, due in demands):
        raise GuardFailed(_("Each condition needs its words and a day that is still to come."), code="conditions")


def write(application: Application, demands: Demands, **fields) -> Decision:
    """Store a decision under its next number, with its conditions. The application is locked."""
    number = (application.decisions.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Decision.objects.create(application=application, number=number, **fields)
    Condition.objects.bulk_create(
        Condition(decision=made, position=place, text=text.strip(), due=due)
        for place, (text, due) in enumerate(demands, start=1)
    )
    return made


# --- What follows from a decision -------------------------------------------------------------------------------------
def run_conditions(made: Decision) -> None:
    """Let the clock of each condition that is open run until its day."""
    for condition in made.conditions.open():
        clocks.start_until(condition, CONDITION, closing(condition.due))


def stop_conditions(application: Application) -> None:
    """Stop the clocks of the conditions: they were met, or no longer matter."""
    ids = Condition.objects.filter(decision__application=application).values("pk")
    Clock.objects.of_all(Condition, ids).open().update(stopped_at=timezone.now())


def begin_tenancy(made: Decision, *, by) -> Tenant:
    """Start the tenant of an application that was just accepted, with its team, and tell everybody."""
    tenant = admit(application=made.application, by=by)
    _bring_team(made.application, tenant)
    words = {"slug": tenant.organisation.slug, "on": beijing_day(timezone.now()).isoformat()}
    tell_decision("application-accepted", made, "accepted", **words)
    return tenant


def _bring_team(application: Application, tenant: Tenant) -> None:
    """Let those who take part without an end act for the tenant; whoever was asked in until a day stays outside."""
    for part in application.co_applicants.current().filter(until=None).select_related("user").order_by("pk"):
        membership = join(organisation=tenant.organisation, user=part.user, role=ACTS_AS[part.role])
        tell_member(membership, application)


def tell_decision(kind: str, made: Decision, letter: str = "", **more) -> None:
    """Issue the letter of a decision, and tell the applicant of both."""
    issued = write_letter(made, letter)
    words = {"note": made.words, "on": beijing_day(made.decided_at).isoformat(), **more}
    words |= {"letter": issued.ref, "letter_number": issued.number}
    tell_applicant(kind, made.application, lambda: words)
