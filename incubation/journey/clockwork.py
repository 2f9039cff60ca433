"""What happens when a promise of a gate, a suspension or a problem is at risk or broken (see ``apps.py``)."""

from park.workflow.actions import MoveRefused

from . import telling
from .actions import settle_problem
from .models import Gate, Problem, Tenant


def gate_is_late(clocks) -> None:
    """A step of a gate was not taken in time: tell the officers, and for a decision the managers."""
    for clock in clocks:
        gate = Gate.objects.select_related("tenant__organisation").get(pk=clock.object_id)
        right = "change_tenant" if clock.name == "decision" else "check_gate"
        telling.tell_of_gate("gate-late", gate, telling.holders(right))


def suspension_to_look_at(clocks) -> None:
    """A suspension has lasted a month: managers look whether its cause still holds."""
    for clock in clocks:
        tenant = Tenant.objects.select_related("organisation").get(pk=clock.object_id)
        telling.tell("suspension-review", telling.holders("change_tenant"), tenant, clock.pk, 1)


def problem_is_late(clocks) -> None:
    """Nobody took a problem, or its owner has not solved it in time."""
    for clock in clocks:
        problem = Problem.objects.select_related("tenant__organisation", "owner").get(pk=clock.object_id)
        people = [problem.owner] if problem.owner_id else telling.holders("handle_problem")
        telling.tell_of_problem("problem-late", problem, people, version=clock.pk)


def take_as_solved(clocks) -> None:
    """The tenant said nothing to a solution for two weeks: take the problem as solved."""
    for problem in Problem.objects.filter(pk__in=clocks.values_list("object_id", flat=True)):
        try:
            settle_problem(problem=problem)
        except MoveRefused:
            continue  # it spoke in the same moment
