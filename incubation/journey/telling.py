"""What a tenant is told of its way: its owners and managers, each in their own language."""

from django.utils import translation

from park.notices import actions as notices
from park.notices.kinds import Kind, Topic, register
from park.organisations.access import MAY_MANAGE_PEOPLE
from park.organisations.models import Membership

from .models import Tenant
from .stages import Stage

KINDS = {
    "stage-passed": True,
    "gate-held": True,
    "tenant-suspended": False,
    "tenant-resumed": True,
    "tenant-left": False,
}  # which of them the reader may turn down


def register_kinds() -> None:
    """Make the kinds of this room known; called when the portal starts."""
    for name, mutable in KINDS.items():
        register(Kind(name, Topic.STAGES, mutable=mutable, icon="gate"))


def tell_tenant(kind: str, tenant: Tenant, note: str = "") -> None:
    """Tell those who run a tenant one thing; ``note`` is what the park wrote to them."""
    members = Membership.objects.current().filter(organisation=tenant.organisation_id, role__in=MAY_MANAGE_PEOPLE)
    by_language: dict[str, list] = {}
    for member in members.select_related("user"):
        by_language.setdefault(member.user.language, []).append(member.user)
    for language, people in by_language.items():
        with translation.override(language):
            context = {
                "name": str(tenant), "slug": tenant.organisation.slug, "stage": str(Stage(tenant.stage).label),
                "note": note,
            }  # fmt: skip
        notices.tell(kind, recipients=people, subject_id=tenant.pk, version=tenant.version, context=context)
