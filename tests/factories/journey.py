"""Tenants in each stage, companies, and gates as far as one wants them, valid as they come."""

import datetime as dt
from itertools import count

from enterprises.registry.models import Enterprise
from incubation.facts import wide_row
from incubation.facts.models import Source
from incubation.journey import actions, judging, seeds
from incubation.journey.models import Gate, StageEnrolment, Suspension, Tenant, TenantExit
from incubation.journey.stages import Stage
from park.organisations.models import Kind
from tests.factories.accounts import make_staff, make_user
from tests.factories.facts import know
from tests.factories.files import make_document
from tests.factories.organisations import make_membership, make_organisation
from tests.factories.profiles import make_talent

number = count(1)
READY = {
    Stage.PROJECT_PRE: {
        "project.team_size": 3, "project.ip_statement_signed": True, "project.plan_accepted": True,
        "project.company_decided": True,
    },
    Stage.ENTERPRISE_PRE: {
        "enterprise.legal_person": True, "enterprise.seat_in_park": True, "enterprise.age_months": 3,
        "enterprise.is_sme": True, "enterprise.founders_overseas_share": 60, "enterprise.lease_signed": True,
        "enterprise.agreement_signed": True,
    },
    Stage.STARTUP: {
        "enterprise.first_product": True, "enterprise.first_customer": True, "enterprise.equity_total_cny": 2_000_000,
    },
    Stage.GROWTH: {"enterprise.acquired_or_listed": True},
    Stage.ACCELERATED: {"enterprise.own_site": True},
}  # fmt: skip


def make_enterprise(**fields) -> Enterprise:
    organisation = fields.pop("organisation", None) or make_organisation(name=f"Company {next(number)}")
    return Enterprise.objects.create(organisation=organisation, **{"sector": "biomedicine"} | fields)


def make_manager(**fields):
    rights = ("view_tenant", "change_tenant", "view_gate", "check_gate", "view_gateterms", "change_gateterms")
    return make_staff(*(f"journey.{right}" for right in rights), **fields)


def make_officer(**fields):
    return make_staff("journey.view_tenant", "journey.view_gate", "journey.check_gate", **fields)


def make_tenant(**fields) -> Tenant:
    """A tenant of the first stage; of a later one with its company. Its founder owns the organisation."""
    seeds.sow()
    stage = Stage(fields.get("stage", Stage.PROJECT_PRE))
    talent = fields.pop("talent", None) or make_talent()
    organisation = fields.pop("organisation", None) or make_organisation(
        kind=Kind.ENTERPRISE if stage.needs_enterprise else Kind.PROJECT
    )
    if stage.needs_enterprise and "enterprise" not in fields:
        fields["enterprise"] = make_enterprise(organisation=organisation)
    make_membership(organisation=organisation, user=talent.user)
    since = fields.pop("stage_since", dt.date(2026, 6, 12))
    tenant = Tenant.objects.create(
        organisation=organisation, talent=talent, stage_since=since,
        **{"sector": "biomedicine", "admitted_on": dt.date(2026, 3, 10)} | fields,
    )  # fmt: skip
    ended = since if tenant.state in ("graduated", "exited") else None
    StageEnrolment.objects.create(tenant=tenant, stage=tenant.stage, since=since, due=tenant.stage_due, ended_on=ended)
    if tenant.state == "suspended":
        Suspension.objects.create(tenant=tenant, cause="other", since=since)
    return tenant


def make_ready(tenant: Tenant, by=None) -> Tenant:
    """Let a tenant meet all that its gate asks: facts known, papers shown."""
    know(tenant, READY[Stage(tenant.stage)], source=Source.STAFF)
    for entry in judging.terms_for(tenant.stage).mandatory:
        owner = by or tenant.talent.user
        actions.show_paper(tenant=tenant, by=owner, key=entry["key"], document=make_document(owner=owner))
    return tenant


def make_gate(tenant: Tenant | None = None, state: str = "requested", **people) -> Gate:
    """A gate that came as far as ``state`` through the verbs; ``checker`` and ``decider`` may be named."""
    tenant = make_ready(tenant or make_tenant())
    checker, decider = people.get("checker") or make_officer(), people.get("decider") or make_manager()
    gate = actions.request_gate(tenant=tenant, by=people.get("asker") or tenant.talent.user)
    if state == "requested":
        return gate
    if state == "withdrawn":
        actions.withdraw(gate=gate, by=tenant.talent.user)
        return gate
    if state == "returned":
        actions.send_back(gate=gate, by=checker, note="The plan has no numbers.")
        return gate
    scorers = people.get("scorers") or [make_user(), make_user()]
    for person in scorers:
        actions.assign(gate=gate, person=person, role="expert", by=checker)
    actions.check(gate=gate, by=checker)
    if state == "in_review":
        return gate
    for person in scorers:
        score(gate, person)
    if state == "to_decide":
        return gate
    if state == "held":
        actions.hold(gate=gate, by=decider, note="Find a first customer; the mentor helps.")
    elif state == "conditional":
        due = wide_row.today() + dt.timedelta(days=40)
        actions.advance_with_conditions(gate=gate, by=decider, conditions=[("Sign the lease", due)])
    elif state == "passed":
        actions.advance(gate=gate, by=decider)
    elif state == "closed":
        leave(tenant)
    gate.refresh_from_db()
    return gate


def score(gate: Gate, person, mark: int = 4, advice: str = "pass"):
    gate.refresh_from_db()
    marks = {line["key"]: mark for line in gate.terms.scorecard}
    return actions.score(gate=gate, by=person, scores=marks, advice=advice)


def leave(tenant: Tenant) -> TenantExit:
    """Let a tenant leave the park today, handed over and confirmed."""
    first, second = make_manager(), make_manager()
    leaving = actions.announce_exit(tenant=tenant, by=first, note="It ends.", leaves_on=wide_row.today())
    actions.hand_over(tenant=tenant, by=first, items=[item.item for item in leaving.items.all()])
    actions.exit(tenant=tenant, by=second, survival="ended")
    return leaving
