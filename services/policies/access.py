"""Who may do what with policies. Rights stand in the duties; four eyes are asked by the table of states."""

from django.db.models import Q

from incubation.journey.models import Tenant
from park.workflow.machine import Move

from .models import PolicyVersion
from .states import OFFICER, RELEASER, REVIEWER, SYSTEM

RIGHTS = {
    OFFICER: "policies.change_policyversion",
    REVIEWER: "policies.review_policy",
    RELEASER: "policies.release_policy",
}


def may_make(user, move: Move, version) -> bool:
    """Return whether this move is this person's to make; None is the system."""
    if move.by == SYSTEM:
        return user is None
    return user is not None and user.has_perm(RIGHTS[move.by])


def may_draft(user) -> bool:
    return user.has_perm("policies.add_policyversion")


def may_preview(user) -> bool:
    """Return whether this person may see which tenants a release would reach."""
    return user.has_perm("policies.release_policy") or user.has_perm("policies.change_policyversion")


def may_stop(user) -> bool:
    """Return whether this person may stop the mails of a release, or take it back."""
    return user is not None and user.has_perm("policies.release_policy")


def source_documents(user) -> Q:
    """Return the documents from which policies were taken, for those who see policies in the staff area."""
    if not (user.is_staff and user.has_perm("policies.view_policyversion")):
        return Q(pk__in=[])
    return Q(pk__in=PolicyVersion.objects.filter(source_file__isnull=False).values("source_file"))


def tenants_of(user):
    """Return the tenants this person acts for, by name."""
    return (
        Tenant.objects.filter(organisation__memberships__user=user, organisation__memberships__ended_at=None)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )
