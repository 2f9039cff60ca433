"""Who may move a tenant, a gate and the terms of gates, and who reads the papers shown there."""

from django.db.models import Q

from park.organisations.access import MAY_MANAGE_PEOPLE, may_act_for
from park.workflow.machine import Move

from . import states
from .models import Evidence, Gate, GateScorer, GateTerms, Problem, Tenant
from .states import ADMISSIONS, ANYONE_FOR_IT, MANAGER, OFFICER, SYSTEM, GateState

DECIDE, CHECK = "journey.change_tenant", "journey.check_gate"
SOLVE, MENTORS = "journey.handle_problem", "journey.add_mentorship"
RIGHTS = {ADMISSIONS: "intake.decide_application", MANAGER: DECIDE, OFFICER: CHECK}


def is_one_of_theirs(user, tenant: Tenant) -> bool:
    """Tell whether this person belongs to the tenant: its founder, or one who acts for it. They never act as staff."""
    return tenant.talent.user_id == user.pk or may_act_for(user, tenant.organisation)


def runs(user, tenant: Tenant) -> bool:
    """Tell whether this person is an owner or manager of the tenant."""
    return may_act_for(user, tenant.organisation, MAY_MANAGE_PEOPLE)


def may_make(user, move: Move, tenant: Tenant) -> bool:
    """A move of the table is made by staff with the right for it, and by nobody for their own tenant."""
    if user is None:
        return False
    if move.by == ANYONE_FOR_IT:
        return runs(user, tenant) or (user.has_perm(DECIDE) and not is_one_of_theirs(user, tenant))
    return user.has_perm(RIGHTS[move.by]) and not is_one_of_theirs(user, tenant)


def may_make_at_gate(user, move: Move, gate: Gate) -> bool:
    """Tell whether this person may make a move of a gate; the portal itself (no person) makes those of the system."""
    if user is None or move.by == SYSTEM:
        return user is None and move.by == SYSTEM
    match move.by:
        case states.ANYONE_FOR_IT:
            return runs(user, gate.tenant) or (user.has_perm(CHECK) and not is_one_of_theirs(user, gate.tenant))
        case states.SCORER:
            return gate.asked.waiting().filter(person=user).exists() and not is_one_of_theirs(user, gate.tenant)
    return user.has_perm(RIGHTS[move.by]) and not is_one_of_theirs(user, gate.tenant)


def may_make_of_terms(user, move: Move, terms: GateTerms) -> bool:
    """The terms of gates are kept by managers: written by one, put into use by another."""
    if user is None or move.by == SYSTEM:
        return user is None and move.by == SYSTEM
    return user.has_perm("journey.change_gateterms")


def may_make_of_problem(user, move: Move, problem: Problem) -> bool:
    """A tenant raises, answers and confirms; whoever has the duty takes; the owner solves; the portal settles."""
    if user is None or move.by == SYSTEM:
        return user is None and move.by == SYSTEM
    if move.by == states.TENANT:
        return may_act_for(user, problem.tenant.organisation)
    if not user.has_perm(SOLVE) or is_one_of_theirs(user, problem.tenant):
        return False
    return move.by == states.HANDLER or problem.owner_id == user.pk


def may_edit_milestones(user, tenant) -> bool:
    """A tenant's owners and managers keep its milestones, and so do managers of the park."""
    return user.has_perm(DECIDE) or runs(user, tenant)


def may_give_evidence(user, tenant) -> bool:
    """A tenant's owners and managers show its papers, and officers may do it for them."""
    return runs(user, tenant) or user.has_perm(CHECK)


def papers_shown(user) -> Q:
    """Return the documents that are read because a tenant shows them: by its people, its officers, its scorers."""
    shown = Evidence.objects.all()
    attached = Problem.objects.visible_to(user).values("documents")
    if not user.has_perm("journey.view_gate"):
        asked = GateScorer.objects.filter(person=user, stepped_aside_at=None, gate__state=GateState.IN_REVIEW)
        theirs = Q(tenant__organisation__memberships__user=user, tenant__organisation__memberships__ended_at=None)
        shown = shown.filter(theirs | Q(gates__in=asked.values("gate")))
    return Q(pk__in=shown.values("document")) | Q(pk__in=attached.filter(documents__isnull=False))


def shown_at_gates(documents) -> dict[int, list[str]]:
    """Return for which tenants these papers are shown, for the owner's vault."""
    used: dict[int, list[str]] = {}
    for entry in Evidence.objects.filter(document__in=documents).select_related("tenant__organisation").order_by("pk"):
        words = str(entry.tenant)
        if words not in used.setdefault(entry.document_id, []):
            used[entry.document_id].append(words)
    return used
