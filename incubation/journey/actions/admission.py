"""Coming in, and becoming a company."""

import re

from django.utils.translation import gettext as _

from enterprises.registry.actions import RegisterRefused, free_slug, register_enterprise
from park.organisations.actions import join
from park.organisations.models import Kind, Organisation, Role
from park.workflow.actions import GuardFailed, NotYours, begin, verb
from talents.profiles.actions import stand_as
from talents.profiles.models import TalentState

from .. import access
from ..models import Tenant
from ..stages import Stage
from ..states import MACHINE
from .moving import enter, entering, lock, today
from .watching import changed

HAN = re.compile(r"[\u3400-\u9fff]")


@verb
def admit(*, application, by) -> Tenant:
    """Start a tenant in the first stage from an accepted application: its team, its owner, its workspace, its path.

    The project team is an organisation that the applicant owns; it becomes the company later, and nothing is lost.
    """
    team = Organisation(kind=Kind.PROJECT, slug=free_slug(application.title), name_en=application.title)
    if HAN.search(application.title):
        team.name_zh_hans = application.title
    team.save()
    if application.talent.user_id:
        join(organisation=team, user=application.talent.user, role=Role.OWNER)
    tenant = Tenant(
        organisation=team, talent=application.talent, application=application, sector=application.sector,
        officer=application.officer, admitted_on=today(),
    )  # fmt: skip
    for name, value in entering(tenant, Stage.PROJECT_PRE).items():
        setattr(tenant, name, value)
    tenant.save(force_insert=True)
    begin(MACHINE, tenant, "admit", by=by, may=access.may_make)
    enter(tenant)
    stand_as(talent=application.talent, state=TalentState.RESIDENT)
    changed(tenant)
    return tenant


@verb
def link_enterprise(*, tenant: Tenant, enterprise, by) -> Tenant:
    """Link the company that a tenant's project became; its history stays with it. Raises MoveRefused."""
    row = lock(tenant.pk)
    if not by.has_perm(access.DECIDE):
        raise NotYours
    if enterprise.organisation_id != row.organisation_id:
        raise GuardFailed(_("This company belongs to another organisation."), code="another-organisation")
    row.enterprise, row.sector = enterprise, enterprise.sector
    row.save(update_fields=["enterprise", "sector"])
    tenant.refresh_from_db()
    changed(tenant)
    return tenant


@verb
def found_company(*, tenant: Tenant, by, share: int, **company) -> Tenant:
    """Enter the company that a tenant's project became: the team becomes it, and the founder holds ``share`` per cent.

    ``company`` is what ``register_enterprise`` takes. Raises MoveRefused, or ValidationError where a value is wrong.
    """
    row = lock(tenant.pk)
    if row.enterprise_id:
        raise GuardFailed(_("This tenant has its company already."), code="has-company")
    founder = {"talent": row.talent, "share": share, "legal_representative": True}
    try:
        enterprise = register_enterprise(by=by, organisation=row.organisation, founders=[founder], **company)
    except RegisterRefused as refusal:
        raise GuardFailed(str(refusal), code="register-refused") from refusal
    return link_enterprise(tenant=tenant, enterprise=enterprise, by=by)
