"""What a tenant says it does not want, and wants after all."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.facts import access as fact_access
from park.workflow.actions import MoveRefused

from ..models import Policy, SetAside


@transaction.atomic
def set_aside(*, policy: Policy, tenant, by, reason: str, note: str = "") -> SetAside:
    """Say for a tenant: this policy is not for us. Said again, the newer reason stands.

    Raises MoveRefused where this person does not speak for the tenant, or the reason is none of the list.
    """
    _speaks(by, tenant)
    if reason not in SetAside.Reason.values:
        raise MoveRefused(_("Choose why the policy is not for you."), code="reason")
    said, new = SetAside.objects.select_for_update().get_or_create(
        policy=policy, tenant=tenant, taken_back_at=None, defaults={"reason": reason, "note": note, "by": by}
    )
    if not new:
        said.reason, said.note, said.by = reason, note, by
        said.save(update_fields=["reason", "note", "by"])
    return said


@transaction.atomic
def take_up_again(*, policy: Policy, tenant, by) -> bool:
    """Take "not for us" back: the policy stands in the list again. Returns whether it had been set aside."""
    _speaks(by, tenant)
    standing = SetAside.objects.standing().filter(policy=policy, tenant=tenant)
    return bool(standing.update(taken_back_at=timezone.now()))


def _speaks(user, tenant) -> None:
    if not fact_access.may_answer(user, tenant):
        raise MoveRefused(
            _("Owners, managers and finance members of the tenant can set a policy aside."), code="not-yours"
        )
