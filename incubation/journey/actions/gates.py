"""A gate from the request to the last score."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from park.pages.wording import local_date
from park.workflow.actions import GuardFailed, NotYours, apply_move, begin, verb

from .. import access, judging, telling
from ..models import Gate, GateScorer, GateWaiver, Tenant
from ..stages import Stage
from ..states import ACTIVE, GATE, GateState
from .moving import lock, today


@verb
def request_gate(*, tenant: Tenant, by, note: str = "", version: int | None = None) -> Gate:
    """Ask for the gate before a tenant (out of the park after the last stage). The terms in use hold for this case.

    Every mandatory paper must be there and fresh. What is known of the tenant is written down. Raises MoveRefused.
    """
    row = lock(tenant.pk)
    terms = judging.terms_for(row.stage)
    gate = Gate(tenant=row, origin=row.stage, target=Stage(row.stage).next or "", requested_by=by, note=note)
    if not access.may_make_at_gate(by, GATE.find("request"), gate):
        raise NotYours
    if row.state != ACTIVE:
        raise GuardFailed(_("Only a tenant that is in the park can stand at a gate."), code="not-active")
    if terms is None:
        raise GuardFailed(_("The park has not put terms for this gate into use yet."), code="no-terms")
    _no_gate_before(row, by)
    gate.terms = terms
    standing = judging.stand(row, terms)
    if lacking := standing.missing_papers:
        words = "; ".join(judging.paper_words(paper) for paper in lacking)
        raise GuardFailed(_("Papers are missing. %(papers)s.") % {"papers": words}, code="papers-missing")
    gate.facts = judging.written_down(standing)
    gate.save(force_insert=True)
    gate.evidence.set([paper.shown for paper in standing.papers if paper.shown])
    begin(
        GATE, gate, "request", by=by, may=access.may_make_at_gate, note=note,
        versions={"terms": terms.number, "vocabulary": terms.vocabulary.version},
    )  # fmt: skip
    telling.tell_of_gate("gate-asked", gate)
    telling.tell_of_gate("gate-arrived", gate, telling.holders("check_gate"))
    return gate


def _no_gate_before(tenant: Tenant, by) -> None:
    """Refuse where the tenant stands at a gate; a gate that held it is closed once it may be asked for again."""
    if tenant.gates.under_way().exists():
        raise GuardFailed(_("It stands at this gate already."), code="gate-open")
    held = tenant.gates.filter(state=GateState.HELD).first()
    if held is None:
        return
    if held.retry_on and today() < held.retry_on and not by.has_perm(access.CHECK):
        day = {"day": local_date(held.retry_on, "long")}
        raise GuardFailed(_("This gate may be asked for again from %(day)s.") % day, code="too-early")
    apply_move(GATE, held, "close", by=None, may=access.may_make_at_gate)


@verb
def withdraw(*, gate: Gate, by, note: str = "", version: int | None = None):
    """Take a request back before it is decided. Raises MoveRefused."""
    return apply_move(GATE, gate, "withdraw", by=by, may=access.may_make_at_gate, note=note, version=version)


@verb
def waive(*, gate: Gate, what: str, reason: str, by, version: int | None = None) -> GateWaiver:
    """Waive one condition or paper that is not shown, for a reason that stays with the gate. Raises MoveRefused."""
    words = {}

    def guard(locked: Gate) -> None:
        standing = judging.stand(locked.tenant, locked.terms)
        words.update({name: said for name, said, _state in standing.open_conditions()})
        if what not in words:
            raise GuardFailed(_("This is shown already, or is not asked for."), code="nothing-to-waive")
        if not reason.strip():
            raise GuardFailed(_("Say why it is not asked of this tenant."), code="reason-missing")

    apply_move(
        GATE, gate, "waive", by=by, may=access.may_make_at_gate, internal_note=reason, version=version, guard=guard,
        versions={"what": what},
    )  # fmt: skip
    return GateWaiver.objects.create(gate=gate, what=what, words=words[what][:500], reason=reason, by=by)


def still_open(gate: Gate) -> list[tuple[str, str, str]]:
    """Return what keeps a gate from being handed to the scorers: not shown, and not waived."""
    waived = set(gate.waivers.values_list("what", flat=True))
    return [each for each in judging.stand(gate.tenant, gate.terms).open_conditions() if each[0] not in waived]


@verb
def check(*, gate: Gate, by, note: str = "", version: int | None = None):
    """Find every condition met or waived, and hand the gate to those who score it. Raises MoveRefused."""

    def guard(locked: Gate) -> None:
        if missing := still_open(locked):
            words = "; ".join(said for _name, said, _state in missing)
            raise GuardFailed(_("Not shown, and not waived: %(what)s.") % {"what": words}, code="not-shown")
        if locked.asked.waiting().count() < locked.terms.scorers:
            raise GuardFailed(_scorers_needed(locked), code="scorers-missing")

    lock(gate.tenant_id)
    standing = judging.stand(gate.tenant, gate.terms)
    log = apply_move(
        GATE, gate, "check", by=by, may=access.may_make_at_gate, note=note, version=version, guard=guard,
        changes={"found": judging.written_down(standing), "checked_by": by, "checked_at": timezone.now()},
    )  # fmt: skip
    gate.evidence.set([paper.shown for paper in standing.papers if paper.shown])
    telling.tell_of_gate("gate-checked", gate)
    for asked in gate.asked.waiting().select_related("person", "gate__tenant__organisation"):
        telling.ask_to_score(asked)
    return log


def _scorers_needed(gate: Gate) -> str:
    needed = gate.terms.scorers
    words = ngettext("Ask %(n)s person to score first.", "Ask %(n)s people to score first.", needed)
    return words % {"n": needed}


@verb
def send_back(*, gate: Gate, by, note: str, version: int | None = None):
    """Send a request back with the list of what is missing; it can be asked for again at once. Raises MoveRefused."""
    log = apply_move(GATE, gate, "return", by=by, may=access.may_make_at_gate, note=note, version=version)
    telling.tell_of_gate("gate-returned", gate, note=note)
    return log


@verb
def assign(*, gate: Gate, person, role: str, by, version: int | None = None) -> GateScorer:
    """Ask somebody to score: a mentor, an officer, an expert from outside; nobody of the tenant. Raises MoveRefused."""

    def guard(locked: Gate) -> None:
        if access.is_one_of_theirs(person, locked.tenant):
            raise GuardFailed(_("This person belongs to the tenant."), code="own-tenant")
        if locked.asked.filter(person=person).exists():
            raise GuardFailed(_("This person is asked already, or has stepped aside."), code="asked-already")

    apply_move(GATE, gate, "assign", by=by, may=access.may_make_at_gate, version=version, guard=guard)
    asked = GateScorer.objects.create(gate=gate, person=person, role=role, asked_by=by)
    if gate.state == GateState.IN_REVIEW:
        telling.ask_to_score(asked)
    return asked


def total_of(scorecard: list[dict], scores: dict) -> Decimal:
    """Return the weighted total of a scorecard, of 100; every line has a mark from 0 to 5."""
    if set(scores) != {line["key"] for line in scorecard} or not all(mark in range(6) for mark in scores.values()):
        raise GuardFailed(_("Give each line of the scorecard a mark from 0 to 5."), code="scores-missing")
    total = sum(Decimal(line["weight"]) * scores[line["key"]] for line in scorecard) / 5
    return total.quantize(Decimal("0.01"))


@verb
def score(*, gate: Gate, by, scores: dict, advice: str, comment: str = "", version: int | None = None) -> GateScorer:
    """Send one's score. With the last one that was asked for, the scoring closes. Raises MoveRefused."""
    total = total_of(gate.terms.scorecard, scores)
    log = apply_move(GATE, gate, "score", by=by, may=access.may_make_at_gate, version=version)
    asked = gate.asked.select_for_update(no_key=True).get(person=by)
    asked.scores, asked.total, asked.advice, asked.comment, asked.scored_at = scores, total, advice, comment, log.at
    asked.save(update_fields=["scores", "total", "advice", "comment", "scored_at"])
    _close_when_all_are_in(gate)
    return asked


@verb
def step_aside(*, gate: Gate, by, interest: str, version: int | None = None) -> GateScorer:
    """Step aside for an interest of one's own. It is for ever; an officer asks somebody else. Raises MoveRefused."""
    if not interest.strip():
        raise GuardFailed(_("Say in a few words why."), code="reason-missing")
    log = apply_move(GATE, gate, "step_aside", by=by, may=access.may_make_at_gate, version=version)
    asked = gate.asked.select_for_update(no_key=True).get(person=by)
    asked.stepped_aside_at, asked.interest = log.at, interest[:300]
    asked.save(update_fields=["stepped_aside_at", "interest"])
    if not _close_when_all_are_in(gate):
        telling.tell_of_gate("gate-arrived", gate, telling.holders("check_gate"))
    return asked


def _close_when_all_are_in(gate: Gate) -> bool:
    scored = gate.asked.filter(scored_at__isnull=False).count()
    if gate.asked.waiting().exists() or scored < gate.terms.scorers:
        return False
    apply_move(GATE, gate, "close_review", by=None, may=access.may_make_at_gate)
    telling.tell_of_gate("gate-decide", gate, telling.holders("change_tenant"))
    return True
