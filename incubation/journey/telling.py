"""What is told of a tenant's way, and to whom: the tenant's owners and managers, scorers, and staff by their rights.

Each writes rows only; sending is the outbox's affair.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils import translation

from park.notices import actions as notices
from park.notices.kinds import Kind, Topic, register
from park.organisations.access import MAY_MANAGE_PEOPLE
from park.organisations.models import Membership

from .models import Gate, GateScorer, Problem, Tenant
from .stages import Stage

KINDS = {
    "stage-passed": True,
    "stage-passed-staff": True,
    "stage-corrected": False,
    "stage-due": True,
    "stage-ready": True,
    "stage-extended": True,
    "stage-alert": True,
    "stay-ends": False,
    "suspension-review": True,
    "mentor-assigned": True,
    "mentor-yours": False,
    "problem-raised": True,
    "problem-taken": True,
    "problem-yours": True,
    "problem-asked": False,
    "problem-answered": True,
    "problem-solved": False,
    "problem-reopened": True,
    "problem-late": True,
    "gate-asked": False,
    "gate-arrived": True,
    "gate-returned": False,
    "gate-checked": True,
    "gate-score": False,
    "gate-decide": True,
    "gate-held": False,
    "gate-late": True,
    "gate-plan": True,
    "gate-condition": False,
    "gate-conditions-met": True,
    "tenant-suspended": False,
    "tenant-resumed": True,
    "tenant-leaves": False,
    "tenant-left": False,
}  # which of them the reader may turn down


def register_kinds() -> None:
    """Make the kinds of this room known; called when the portal starts."""
    for name, mutable in KINDS.items():
        register(Kind(name, Topic.STAGES, mutable=mutable, icon="gate"))


def holders(right: str):
    """Return the staff who hold a right of this room."""
    permission = Permission.objects.filter(codename=right, content_type__app_label="journey")
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    return people.filter(Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)).distinct()


def people_of(tenant: Tenant) -> list:
    members = Membership.objects.current().filter(organisation=tenant.organisation_id, role__in=MAY_MANAGE_PEOPLE)
    return [member.user for member in members.select_related("user")]


def tell(kind: str, people, tenant: Tenant, subject_id: int, version: int, **context) -> None:
    """Tell people one thing of a tenant, each in their own language; the names of stages are in it."""
    by_language: dict[str, list] = {}
    for person in people:
        by_language.setdefault(person.language, []).append(person)
    for language, readers in by_language.items():
        with translation.override(language):
            about = {
                "name": str(tenant), "slug": tenant.organisation.slug, "pk": tenant.pk,
                "stage": str(Stage(tenant.stage).label),
            }  # fmt: skip
            about |= {name: value() if callable(value) else value for name, value in context.items()}
        notices.tell(kind, recipients=readers, subject_id=subject_id, version=version, context=about)


def tell_tenant(kind: str, tenant: Tenant, note: str = "", **context) -> None:
    """Tell those who run a tenant one thing; ``note`` is what the park wrote to them."""
    tell(kind, people_of(tenant), tenant, tenant.pk, tenant.version, note=note, **context)


def tell_staff(kind: str, right: str, tenant: Tenant, **context) -> None:
    tell(kind, holders(right), tenant, tenant.pk, tenant.version, **context)


def tell_of_gate(kind: str, gate: Gate, people=None, **context) -> None:
    """Tell something of a gate: to those who run the tenant, if nobody else is named."""
    people = people_of(gate.tenant) if people is None else people
    tell(kind, people, gate.tenant, gate.pk, gate.version, gate=str(gate.public_id), gate_pk=gate.pk, **context)


def ask_to_score(asked: GateScorer) -> None:
    gate = asked.gate
    context = {"gate": str(gate.public_id)}
    tell("gate-score", [asked.person], gate.tenant, asked.pk, 1, **context)


def tell_of_problem(kind: str, problem: Problem, people=None, version: int | None = None, **context) -> None:
    """Tell something of a problem: to those who run the tenant and who raised it, if nobody else is named."""
    if people is None:
        people = [*people_of(problem.tenant), problem.raised_by]
    about = {"title": problem.title, "problem": str(problem.public_id), "problem_pk": problem.pk}
    about["owner"] = lambda: problem.owner.display_name if problem.owner_id else ""
    tell(kind, people, problem.tenant, problem.pk, version or problem.version, **about, **context)
