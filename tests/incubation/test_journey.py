"""A tenant's way through the five stages."""

import datetime as dt
import itertools

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from incubation.journey import actions, seeds, states
from incubation.journey.models import Gate, MilestonePlan, StageGuide, Tenant
from incubation.journey.path import park_map, path_before, path_for
from incubation.journey.stages import Stage
from park.notices.models import Notice
from park.workflow.actions import GuardFailed, MoveRefused, NotInTable, NotYours, SecondPersonNeeded, apply_move
from talents.profiles.models import TalentState
from tests.factories.accounts import make_administrator, make_staff, make_user
from tests.factories.journey import make_enterprise, make_manager, make_tenant
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


# --- The table --------------------------------------------------------------------------------------------------------
UNLISTED = [
    (state, move.name)
    for state, move in itertools.product(states.TenantState.values, states.MOVES)
    if state not in move.origins
]


def test_no_move_is_made_that_the_table_does_not_list():
    tenant, made = make_tenant(), []

    for state, name in UNLISTED:
        Tenant.objects.filter(pk=tenant.pk).update(state=state)
        try:
            with transaction.atomic():
                apply_move(states.MACHINE, tenant, name, by=None, may=lambda *_: True, note="x")
            made.append((state, name))
        except NotInTable:
            pass

    assert len(UNLISTED) == 26
    assert made == []


# --- Gates ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("origin", list(Stage)[:-1])
@time_machine.travel("2026-12-01T10:00:00+08:00")
def test_a_tenant_goes_forward_one_stage_by_two_people(origin):
    first, second = make_manager(), make_manager()
    enterprise = {}
    if origin is Stage.ENTERPRISE_PRE:
        team = make_organisation(kind="project")
        enterprise = {"organisation": team, "enterprise": make_enterprise(organisation=team)}
    tenant = make_tenant(stage=origin, **enterprise)

    actions.propose_gate(tenant=tenant, by=first, note="All evidence is there.")
    actions.advance(tenant=tenant, by=second)

    gate = tenant.gates.get()
    assert tenant.stage == origin.next
    assert (gate.origin, gate.target, gate.outcome) == (origin, origin.next, "passed")
    assert (gate.proposed_by, gate.decided_by) == (first, second)
    assert list(tenant.enrolments.values_list("stage", "ended_on")) == [
        (origin, dt.date(2026, 12, 1)), (origin.next, None),
    ]  # fmt: skip
    assert tenant.milestones.filter(stage=origin.next).count() > 0
    letter = Notice.objects.get(recipient=tenant.talent.user, kind="stage-passed").letter
    assert letter["subject"] == f"You passed a gate: {origin.next.label} begins"


def test_nobody_advances_a_tenant_that_nobody_proposed():
    tenant = make_tenant()

    with pytest.raises(GuardFailed):
        actions.advance(tenant=tenant, by=make_manager())

    assert Tenant.objects.get(pk=tenant.pk).stage == Stage.PROJECT_PRE


def test_the_one_who_proposed_does_not_decide():
    tenant, manager = make_tenant(), make_manager()
    actions.propose_gate(tenant=tenant, by=manager)

    with pytest.raises(SecondPersonNeeded):
        actions.advance(tenant=tenant, by=manager)


def test_the_database_keeps_the_two_people_apart():
    tenant, manager = make_tenant(), make_manager()
    now = timezone.now()

    with pytest.raises(IntegrityError, match="two_people_let_a_tenant_through_a_gate"):
        Gate.objects.create(
            tenant=tenant, origin="project_pre", target="enterprise_pre", proposed_by=manager, decided_by=manager,
            decided_at=now, outcome="passed",
        )  # fmt: skip


def test_from_the_third_stage_on_a_tenant_needs_its_company():
    tenant = make_tenant(stage=Stage.ENTERPRISE_PRE)
    actions.propose_gate(tenant=tenant, by=make_manager())

    with pytest.raises(GuardFailed, match="enterprise"):
        actions.advance(tenant=tenant, by=make_manager())

    enterprise = make_enterprise(organisation=tenant.organisation, sector="software_ai")
    actions.link_enterprise(tenant=tenant, enterprise=enterprise, by=make_manager())
    actions.advance(tenant=tenant, by=make_manager())
    assert (tenant.stage, tenant.enterprise, tenant.sector) == (Stage.STARTUP, enterprise, "software_ai")


def test_the_company_of_another_cannot_be_linked():
    with pytest.raises(GuardFailed):
        actions.link_enterprise(tenant=make_tenant(), enterprise=make_enterprise(), by=make_manager())


def test_a_tenant_that_is_held_reads_why():
    tenant = make_tenant()
    actions.propose_gate(tenant=tenant, by=make_manager(), note="INTERNAL")

    actions.hold(tenant=tenant, by=make_manager(), note="The plan lacks a customer.")

    letter = Notice.objects.get(recipient=tenant.talent.user, kind="gate-held").letter
    assert "The plan lacks a customer." in letter["body"]
    assert "INTERNAL" not in str(letter)


def test_a_tenant_that_is_held_can_be_proposed_again():
    tenant, first, second = make_tenant(), make_manager(), make_manager()
    actions.propose_gate(tenant=tenant, by=first)

    actions.hold(tenant=tenant, by=second, note="The plan lacks a customer.")
    actions.propose_gate(tenant=tenant, by=second)
    actions.advance(tenant=tenant, by=first)

    assert list(tenant.gates.values_list("outcome", flat=True)) == ["passed", "held"]


def test_a_tenant_stands_at_one_gate_at_a_time():
    tenant = make_tenant()
    actions.propose_gate(tenant=tenant, by=make_manager())

    with pytest.raises(GuardFailed):
        actions.propose_gate(tenant=tenant, by=make_manager())


def test_nobody_without_the_duty_moves_a_tenant():
    tenant = make_tenant()

    with pytest.raises(NotYours):
        actions.propose_gate(tenant=tenant, by=make_user())


def test_a_manager_does_not_move_a_tenancy_of_their_own():
    tenant = make_tenant()
    tenant.talent.user = manager = make_manager()
    tenant.talent.save()

    with pytest.raises(NotYours):
        actions.propose_gate(tenant=tenant, by=manager)


# --- Standing aside and going out -------------------------------------------------------------------------------------
def test_a_suspended_tenant_resumes_where_it_stood():
    tenant, manager = make_tenant(stage=Stage.GROWTH), make_manager()

    actions.suspend(tenant=tenant, by=manager, note="Lease unpaid.")
    actions.resume(tenant=tenant, by=manager)

    assert (tenant.state, tenant.stage) == ("active", Stage.GROWTH)


def test_a_tenant_graduates_from_the_last_stage_only():
    early, late = make_tenant(stage=Stage.GROWTH), make_tenant(stage=Stage.ACCELERATED)
    first, second = make_manager(), make_manager()
    for tenant in (early, late):
        actions.propose_gate(tenant=tenant, by=first)

    with pytest.raises(GuardFailed):
        actions.graduate(tenant=early, by=second)
    actions.graduate(tenant=late, by=second)

    late.talent.refresh_from_db()
    assert (late.state, late.talent.state) == ("graduated", TalentState.ALUMNUS)
    assert not late.enrolments.filter(ended_on=None).exists()


def test_after_the_last_stage_there_is_none():
    tenant = make_tenant(stage=Stage.ACCELERATED)
    actions.propose_gate(tenant=tenant, by=make_manager())

    with pytest.raises(GuardFailed):
        actions.advance(tenant=tenant, by=make_manager())


def test_an_exit_is_announced_by_one_and_confirmed_by_another():
    tenant, first, second = make_tenant(), make_manager(), make_manager()

    with pytest.raises(GuardFailed):
        actions.exit(tenant=tenant, by=second)
    actions.announce_exit(tenant=tenant, by=first, note="The founder goes back.")
    with pytest.raises(SecondPersonNeeded):
        actions.exit(tenant=tenant, by=first)
    actions.exit(tenant=tenant, by=second)

    assert tenant.state == "exited"


def test_rooms_above_learn_of_each_tenant_that_moved(monkeypatch):
    seen = []
    monkeypatch.setattr(actions, "_watchers", [])
    actions.watch(lambda tenant: seen.append(tenant.stage))
    tenant = make_tenant()

    actions.propose_gate(tenant=tenant, by=make_manager())
    actions.advance(tenant=tenant, by=make_manager())

    assert seen == ["enterprise_pre"]


def test_a_milestone_of_tomorrow_is_not_reached_today():
    tenant = make_tenant()
    milestone = tenant.milestones.create(stage=tenant.stage, name="Mentor")

    with pytest.raises(MoveRefused):
        actions.reach_milestone(
            milestone=milestone, by=tenant.talent.user, on=timezone.localdate() + dt.timedelta(days=2)
        )
    actions.reach_milestone(milestone=milestone, by=tenant.talent.user)

    milestone.refresh_from_db()
    assert milestone.reached_on is not None


def test_a_stranger_does_not_touch_milestones():
    milestone = make_tenant().milestones.create(stage="project_pre", name="Mentor")

    with pytest.raises(NotYours):
        actions.reach_milestone(milestone=milestone, by=make_user())


# --- The path ---------------------------------------------------------------------------------------------------------
def test_the_path_shows_what_was_passed_where_one_stands_and_what_is_planned():
    tenant = make_tenant(
        stage=Stage.ENTERPRISE_PRE, stage_since=dt.date(2026, 6, 12), stage_due=dt.date(2026, 12, 12)
    )
    tenant.enrolments.create(stage="project_pre", since=dt.date(2026, 3, 10), ended_on=dt.date(2026, 6, 12))
    tenant.milestones.create(stage="enterprise_pre", name="Company registered", reached_on=dt.date(2026, 6, 12))
    tenant.milestones.create(stage="enterprise_pre", name="Desks taken", position=1)

    path = path_for(tenant)

    assert [stage["state"] for stage in path] == ["done", "current", "ahead", "ahead", "ahead"]
    gates = ["Passed 10 Mar 2026", "Passed 12 Jun 2026", "Planned for Dec 2026", "", ""]
    assert [stage["gate"] for stage in path] == gates
    assert (path[0]["meta"], path[1]["meta"]) == ("Mar 2026 – Jun 2026", "Since 12 June 2026")
    assert path[1]["milestones"] == [
        {"label": "Company registered, 12 Jun", "hit": True}, {"label": "Desks taken", "hit": False},
    ]  # fmt: skip


def test_the_path_asks_three_questions_whatever_the_stage(django_assert_num_queries):
    tenant = Tenant.objects.get(pk=make_tenant(stage=Stage.GROWTH).pk)

    with django_assert_num_queries(3):
        path_for(tenant)


def test_before_the_first_gate_the_first_stage_is_next():
    seeds.sow()

    path = path_before()

    assert [stage["state"] for stage in path] == ["next", "ahead", "ahead", "ahead", "ahead"]
    assert [milestone["hit"] for milestone in path[0]["milestones"]] == [False, False, False]


def test_the_seeds_are_sown_once_and_never_overwrite_what_staff_wrote():
    seeds.sow()
    StageGuide.objects.filter(stage="growth").update(summary_en="Ours")

    seeds.sow()

    assert StageGuide.objects.get(stage="growth").summary == "Ours"
    assert (StageGuide.objects.count(), MilestonePlan.objects.count()) == (5, 18)


def test_every_guide_stands_in_both_languages():
    seeds.sow()

    for guide in StageGuide.objects.all():
        for name in seeds.IN_TWO_LANGUAGES:
            english, chinese = getattr(guide, f"{name}_en"), getattr(guide, f"{name}_zh_hans")
            assert english and chinese
            assert len(english.splitlines()) == len(chinese.splitlines())


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_stages_are_public(client, django_assert_max_num_queries):
    seeds.sow()

    with django_assert_max_num_queries(1):
        response = client.get(reverse("journey:stages"))

    assert response.status_code == 200
    assert all(stage["url"] in response.text for stage in park_map())


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("stage", list(Stage))
def test_each_stage_has_a_page_in_both_languages(client, stage, language):
    seeds.sow()
    with translation.override(language):
        address = reverse("journey:stage", args=[stage.number, stage.slug])

    response = client.get(address)

    guide = StageGuide.objects.get(stage=stage)
    assert response.status_code == 200
    assert (guide.who_zh_hans if language == "zh-hans" else guide.who_en) in response.text


def test_a_mistyped_stage_leads_to_the_right_page_and_a_sixth_is_not_there(client):
    seeds.sow()

    assert client.get("/stages/2-anything/").url == "/stages/2-enterprise-pre-incubation/"
    assert client.get("/stages/6-sixth/").status_code == 404


# --- The staff's desk -------------------------------------------------------------------------------------------------
def test_a_manager_proposes_and_another_advances_in_the_admin(client):
    tenant, first, second = make_tenant(), make_manager(), make_manager()
    address = f"/admin/journey/tenant/{tenant.pk}/"

    client.force_login(first)
    client.post(f"{address}propose-gate/", {"version": tenant.version, "note": "Ready"})
    client.force_login(second)
    page = client.get(f"{address}change/")
    tenant.refresh_from_db()
    client.post(f"{address}advance/", {"version": tenant.version, "note": ""})

    tenant.refresh_from_db()
    assert f"{address}advance/" in page.text
    assert tenant.stage == Stage.ENTERPRISE_PRE


def test_only_acts_that_make_sense_have_a_button(client):
    tenant, first, second = make_tenant(), make_manager(), make_manager()
    names = ("propose-gate", "advance", "graduate", "hold", "suspend", "announce-exit", "exit")

    def buttons(user):
        client.force_login(user)
        text = client.get(f"/admin/journey/tenant/{tenant.pk}/change/").text
        return [name for name in names if f"/admin/journey/tenant/{tenant.pk}/{name}/" in text]

    assert buttons(first) == ["propose-gate", "suspend", "announce-exit"]
    actions.propose_gate(tenant=tenant, by=first)
    assert buttons(first) == ["hold", "suspend", "announce-exit"]
    assert buttons(second) == ["advance", "hold", "suspend", "announce-exit"]


def test_a_project_becomes_a_company_on_its_page(client):
    tenant = make_tenant(stage=Stage.ENTERPRISE_PRE)
    rights = ("journey.view_tenant", "journey.change_tenant", "registry.add_enterprise")
    client.force_login(make_staff(*rights))
    address = f"/admin/journey/tenant/{tenant.pk}/company/"
    data = {
        "name_en": "Helix Loom", "name_zh_hans": "螺旋织机", "credit_code": "91229900MADEM00240",
        "registered_on": "2026-11-02", "sector": "biomedicine", "zone": "CCGX", "share": "60",
    }  # fmt: skip

    wrong = client.post(address, data | {"credit_code": "91229900MADEM00241"})
    right = client.post(address, data)
    again = client.post(address, data)

    tenant.refresh_from_db()
    assert (wrong.status_code, right.status_code, again.status_code) == (422, 302, 422)
    assert tenant.enterprise.founders.get().share == 60
    assert (tenant.organisation.kind, tenant.organisation.name) == ("enterprise", "Helix Loom")


def test_a_manager_without_the_right_enters_no_company(client):
    tenant = make_tenant()
    client.force_login(make_manager())

    assert client.get(f"/admin/journey/tenant/{tenant.pk}/company/").status_code == 404


def test_a_stale_page_changes_nothing(client):
    tenant = make_tenant()
    client.force_login(make_manager())

    response = client.post(
        f"/admin/journey/tenant/{tenant.pk}/suspend/", {"version": tenant.version - 1, "note": "Unpaid"}
    )

    tenant.refresh_from_db()
    assert (response.status_code, tenant.state) == (409, "active")


def test_an_act_is_never_done_by_looking_at_its_page(client):
    tenant = make_tenant()
    client.force_login(make_manager())

    response = client.get(f"/admin/journey/tenant/{tenant.pk}/propose-gate/")

    assert (response.status_code, tenant.gates.count()) == (200, 0)


def test_the_list_of_tenants_costs_the_same_for_one_and_for_three(client, django_assert_max_num_queries):
    for _ in range(3):
        make_tenant()
    client.force_login(make_administrator())
    client.get("/admin/journey/tenant/")

    with django_assert_max_num_queries(14):
        assert client.get("/admin/journey/tenant/").status_code == 200
