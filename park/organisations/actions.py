"""How people come to act for an organisation, and how that ends."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import access
from .models import Membership, Organisation, Role


class NotAllowed(Exception):
    """This person may not say who acts for the organisation."""


class AlreadyMember(Exception):
    """The person acts for this organisation already."""


class NotMember(Exception):
    """The person does not act for this organisation."""


class LastOwner(Exception):
    """An organisation keeps at least one owner."""


@transaction.atomic
def join(*, organisation: Organisation, user, role: str = Role.MEMBER, by=None) -> Membership:
    """Let a person act for an organisation. ``by`` None: a process of the portal that made the organisation.

    Raises NotAllowed, AlreadyMember.
    """
    _may_say(by, organisation, role)
    try:
        with transaction.atomic():
            return Membership.objects.create(organisation=organisation, user=user, role=role)
    except IntegrityError:
        raise AlreadyMember(_("%(person)s acts for this organisation already.") % {"person": user}) from None


@transaction.atomic
def change_role(*, membership: Membership, role: str, by=None) -> Membership:
    """Give a member another role. Raises NotAllowed, NotMember, LastOwner."""
    _may_say(by, membership.organisation, role, membership.role)
    held = _lock(membership)
    if held.role == Role.OWNER and role != Role.OWNER:
        _another_owner_stays(held)
    held.role = role
    held.save(update_fields=["role"])
    return held


@transaction.atomic
def leave(*, membership: Membership, by=None) -> Membership:
    """End a membership now; what the person did for the organisation stays on record.

    One may always leave oneself. Raises NotAllowed, NotMember, LastOwner.
    """
    if by is None or by.pk != membership.user_id:
        _may_say(by, membership.organisation, membership.role)
    held = _lock(membership)
    if held.role == Role.OWNER:
        _another_owner_stays(held)
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    return held


def _may_say(by, organisation: Organisation, *roles: str) -> None:
    """Managers look after members; only an owner, or park staff with the right, makes and unmakes owners."""
    if by is None or by.has_perm("organisations.change_membership"):
        return
    needed = (Role.OWNER,) if Role.OWNER in roles else access.MAY_MANAGE_PEOPLE
    if not access.may_act_for(by, organisation, needed):
        raise NotAllowed(_("Only an owner of the organisation may do this."))


def _lock(membership: Membership) -> Membership:
    """Lock the organisation before its membership, so that two owners cannot leave at the same moment."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.organisation_id)
    held = Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    if held.ended_at:
        raise NotMember(_("This membership has ended."))
    return held


def _another_owner_stays(held: Membership) -> None:
    owners = Membership.objects.current().filter(organisation_id=held.organisation_id, role=Role.OWNER)
    if not owners.exclude(pk=held.pk).exists():
        raise LastOwner(_("An organisation keeps at least one owner. Make somebody else an owner first."))
