"""Who may move a tenant."""

from park.organisations.access import MAY_MANAGE_PEOPLE, may_act_for
from park.workflow.machine import Move

from .states import ADMISSIONS, MANAGER

RIGHTS = {ADMISSIONS: "intake.decide_application", MANAGER: "journey.change_tenant"}


def may_make(user, move: Move, tenant) -> bool:
    """A move of the table is made by staff with the right for it, and by nobody for their own tenant."""
    return user is not None and user.has_perm(RIGHTS[move.by]) and tenant.talent.user_id != user.pk


def may_edit_milestones(user, tenant) -> bool:
    """A tenant's owners and managers keep its milestones, and so do managers of the park."""
    return user.has_perm("journey.change_tenant") or may_act_for(user, tenant.organisation, MAY_MANAGE_PEOPLE)
