"""Who may do what with claims. Rows come from ``Claim.objects.visible_to``; four eyes are asked by the table."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q

from incubation.facts.access import SPEAKERS
from incubation.journey.models import Tenant
from park.organisations.access import may_act_for
from park.organisations.models import Membership
from park.workflow.access import same_person
from park.workflow.machine import Move

from .models import Claim, Paper
from .states import FINAL, Mover, State

RIGHTS = {
    Mover.OFFICER: "claims.verify_claim",
    Mover.APPROVER: "claims.approve_claim",
    Mover.FINANCE: "claims.pay_claim",
}


def may_speak(user, tenant) -> bool:
    """Return whether this person claims for the tenant: its owner, a manager, or who keeps its books."""
    return may_act_for(user, tenant.organisation, SPEAKERS)


def may_make(user, move: Move, claim: Claim) -> bool:
    """Return whether this move is this person's; None is the portal. Nobody of the park acts on their own company's."""
    if move.by == Mover.SYSTEM:
        return user is None
    if user is None:
        return False
    if move.by == Mover.TENANT:
        return may_speak(user, claim.tenant)
    return user.has_perm(RIGHTS[move.by]) and not is_theirs(user, claim)


def may_press(user, move: Move, claim: Claim) -> bool:
    """Return whether a move is offered on the desk: what the table cannot know of four eyes is asked here too."""
    return may_make(user, move, claim) and not (move.name == "pay" and orders_and_pays(user, claim))


def orders_and_pays(user, claim: Claim) -> bool:
    """Return whether this person ordered a payment that nobody approved: then another one has to pay."""
    return claim.lane == Claim.Lane.AHEAD and claim.ordered_by is not None and same_person(user, claim.ordered_by)


def is_theirs(user, claim: Claim) -> bool:
    """Return whether somebody of the park ever acted for the tenant whose claim it is."""
    return (
        Membership.objects.filter(user=user, organisation=claim.tenant.organisation_id).exists()
        or claim.tenant.talent.user_id == user.pk
    )


def sees_account(user, claim: Claim) -> bool:
    """Return whether this person sees the whole account number: who speaks for the tenant, and who pays."""
    return may_speak(user, claim.tenant) or (user.has_perm(RIGHTS[Mover.FINANCE]) and not is_theirs(user, claim))


def papers_of_claims(user) -> Q:
    """Return the documents that came with claims which this person may check, or which their tenant sent."""
    spoken_for = Membership.objects.current().filter(user=user, role__in=SPEAKERS).values("organisation")
    own = Claim.objects.filter(tenant__organisation__in=spoken_for)
    found = Q(pk__in=Paper.objects.filter(claim__in=own.values("pk")).values("document"))
    if user.is_staff and (user.has_perm("claims.verify_claim") or user.has_perm("claims.approve_claim")):
        desk = on_the_desk_of(user)
        found |= Q(pk__in=Paper.objects.filter(claim__in=desk.values("pk")).values("document"))
    return found


def tenants_seen_by(user):
    """Return the tenants whose claims this person may look at: their own; to staff with the right, all they see."""
    own = Q(organisation__in=Membership.objects.current().filter(user=user).values("organisation"))
    seen = Tenant.objects.visible_to(user).select_related("organisation", "talent__user", "enterprise")
    return seen if user.is_staff and user.has_perm("claims.view_claim") else seen.filter(own)


def has_claimed():
    """Return the condition over verdicts that the tenant began a claim under the policy: it needs no reminder."""
    there = Claim.objects.exclude(state__in=[State.WITHDRAWN, State.LAPSED])
    return Exists(there.filter(tenant=OuterRef("tenant"), policy=OuterRef("version__policy")))


# --- Who hears of it --------------------------------------------------------------------------------------------------
def speakers(claim: Claim):
    """Return those on the tenant's side who hear of a claim."""
    return get_user_model().objects.filter(
        is_active=True, memberships__organisation=claim.tenant.organisation_id, memberships__ended_at=None,
        memberships__role__in=SPEAKERS,
    )  # fmt: skip


def holders(right: str):
    """Return the staff whose duty gives them a right of this room."""
    found = Permission.objects.filter(codename=right, content_type__app_label="claims")
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    return people.filter(Q(groups__permissions__in=found) | Q(user_permissions__in=found)).distinct()


def on_the_desk_of(user):
    """Return the claims that staff see: all that were sent, without those of their own companies and talents."""
    own = Membership.objects.filter(user=user).values("organisation")
    seen = Claim.objects.visible_to(user).filter(sent_at__isnull=False)
    return seen.exclude(tenant__organisation__in=own).exclude(tenant__talent__user=user)


def claims_of_papers(documents) -> dict[int, list[str]]:
    """Return for which claims these documents are used, for their owner."""
    used: dict[int, list[str]] = {}
    for document, ref in Paper.objects.filter(document__in=documents).values_list("document", "claim__ref"):
        used.setdefault(document, []).append(ref)
    return used


def claimants(version):
    """Return the people who speak for a tenant with a claim under way that rests on a version of a policy."""
    under_way = Claim.objects.filter(wording=version).exclude(state__in=(*FINAL, State.REJECTED, State.PAID))
    members = Membership.objects.current().filter(
        organisation__tenant__claims__in=under_way.values("pk"), role__in=SPEAKERS
    )
    return get_user_model().objects.filter(is_active=True, pk__in=members.values("user"))
