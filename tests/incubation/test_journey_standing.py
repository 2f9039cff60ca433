"""Standing aside, more time, corrections, leaving: by whom, with what record, and what time counts."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from incubation.facts import wide_row
from incubation.journey import actions, ageing, states
from incubation.journey.actions import watching
from incubation.journey.models import Extension, Suspension, Tenant
from incubation.journey.stages import Stage
from park.notices.models import Notice
from park.workflow.actions import GuardFailed, MoveRefused, NotYours, ReasonMissing, SecondPersonNeeded
from park.workflow.models import Clock
from tests.factories.accounts import make_user
from tests.factories.journey import leave, make_enterprise, make_gate, make_manager, make_tenant
from tests.incubation.test_journey_gates import settle
from tests.park.machine_checks import refused_pairs, try_refused_pair

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", states.TenantState.values)
def test_no_move_is_made_that_the_table_does_not_list(state):
    tenant, by = make_tenant(state=state), make_manager()

    for _state, name in [pair for pair in refused_pairs(states.MACHINE) if pair[0] == state]:
        try_refused_pair(states.MACHINE, tenant, name, by=by)


def test_the_table_of_tenants_leaves_out_what_it_should():
    assert len(refused_pairs(states.MACHINE)) == 43


# --- Standing aside ---------------------------------------------------------------------------------------------------
def test_time_aside_does_not_count():
    tenant, manager = make_tenant(stage=Stage.GROWTH, stage_due=dt.date(2027, 6, 12)), make_manager()

    with time_machine.travel("2026-09-01T10:00:00+08:00"):
        actions.suspend(tenant=tenant, by=manager, note="Lease unpaid.", cause="arrears", effect="No rent relief.")
    with time_machine.travel("2026-10-01T10:00:00+08:00"):
        aside = ageing.stay_of(tenant, wide_row.today())
        actions.resume(tenant=tenant, by=manager)
        back = ageing.stay_of(tenant, wide_row.today())

    tenant.refresh_from_db()
    assert (tenant.state, tenant.stage, tenant.stage_due) == ("active", Stage.GROWTH, dt.date(2027, 7, 12))
    assert tenant.enrolments.get().due == dt.date(2027, 7, 12)
    assert (aside.aside, aside.stage_share, back.stage_share) == (True, 22, 22)  # 81 of 365 days, then as now
    assert (aside.stay_share, back.stay_share) == (4, 4)  # 81 of 1826 days: biomedicine may stay for 60 months
    assert back.stay_until == dt.date(2031, 7, 12)


@pytest.mark.parametrize(
    ("sector", "months"),
    [("biomedicine", 60), ("modern_agriculture", 60), ("integrated_circuits", 60), ("software_ai", 48)],
)
def test_a_company_stays_48_months_in_all_and_60_in_some_fields(sector, months):
    tenant = make_tenant(stage=Stage.STARTUP, sector=sector, stage_since=dt.date(2026, 1, 31))

    stay = ageing.stay_of(tenant, dt.date(2027, 1, 31))

    assert (stay.stay_months, stay.stay_until) == (months, dt.date(2026 + months // 12, 1, 31))
    assert stay.stay_share == {48: 24, 60: 19}[months]


def test_a_project_has_no_stay_as_a_company_yet():
    stay = ageing.stay_of(make_tenant(), dt.date(2026, 12, 1))

    assert (stay.stay_since, stay.stay_until, stay.stay_share) == (None, None, None)


def test_a_suspension_needs_words_and_is_looked_at_in_a_month():
    tenant, manager = make_tenant(), make_manager()

    with pytest.raises(ReasonMissing):
        actions.suspend(tenant=tenant, by=manager, note=" ", cause="arrears")
    actions.suspend(tenant=tenant, by=manager, note="Lease unpaid.", cause="arrears")
    first = Clock.objects.of(tenant).open().get()
    actions.look_again(tenant=tenant, by=manager, note="Still unpaid.")

    assert (first.name, first.working_days) == ("suspension", 22)
    assert Clock.objects.of(tenant).open().get().pk != first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(tenant=tenant, cause="other", since=wide_row.today())


# --- More time --------------------------------------------------------------------------------------------------------
def test_more_time_is_given_as_often_as_the_terms_say():
    due = wide_row.today() + dt.timedelta(days=10)
    tenant, manager = make_tenant(stage_due=due), make_manager()

    with pytest.raises(GuardFailed, match="Choose a day after"):
        actions.extend(tenant=tenant, by=manager, due=due + dt.timedelta(days=400), note="Trials.")
    for n in (1, 2):
        actions.extend(tenant=tenant, by=manager, due=due + dt.timedelta(days=60 * n), note="Trials take longer.")
    with pytest.raises(GuardFailed, match="No more time"):
        actions.extend(tenant=tenant, by=manager, due=due + dt.timedelta(days=150), note="Once more.")

    tenant.refresh_from_db()
    assert tenant.stage_due == tenant.enrolments.get().due == due + dt.timedelta(days=120)
    given = Extension.objects.first()
    with pytest.raises(IntegrityError, match="no_more_extensions"), transaction.atomic():
        Extension.objects.create(enrolment=given.enrolment, number=3, of=2, due=due, reason="x", by=manager)
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        given.delete()


# --- An error is corrected --------------------------------------------------------------------------------------------
def test_two_managers_take_back_a_stage_that_was_entered_by_error_and_both_versions_stay():
    gate = make_gate(state="passed")
    tenant, first, second = Tenant.objects.get(pk=gate.tenant_id), make_manager(), make_manager()
    settle()

    actions.propose_correction(tenant=tenant, by=first, target=Stage.PROJECT_PRE, note="The licence was forged.")
    with pytest.raises(SecondPersonNeeded):
        actions.correct(tenant=tenant, by=first)
    correction = actions.correct(tenant=tenant, by=second)

    tenant.refresh_from_db()
    times = list(tenant.enrolments.order_by("pk").values_list("stage", "gate", "correction", "voided_at"))
    assert tenant.stage == Stage.PROJECT_PRE
    assert times == [
        ("project_pre", None, None, None), ("enterprise_pre", gate.pk, None, correction.confirmed_at),
        ("project_pre", None, correction.pk, None),
    ]  # fmt: skip
    settle()


def test_a_correction_leads_back_only_and_can_be_dropped():
    tenant, first, second = make_tenant(stage=Stage.STARTUP), make_manager(), make_manager()

    with pytest.raises(GuardFailed, match="earlier stage"):
        actions.propose_correction(tenant=tenant, by=first, target=Stage.GROWTH, note="It is larger.")
    actions.propose_correction(tenant=tenant, by=first, target=Stage.PROJECT_PRE, note="Wrong file.")
    actions.drop_correction(tenant=tenant, by=second)
    with pytest.raises(GuardFailed, match="Nobody has proposed"):
        actions.correct(tenant=tenant, by=second)

    with pytest.raises(IntegrityError, match="a_correction_goes_back"), transaction.atomic():
        tenant.corrections.create(origin="startup", target="growth", error="x", proposed_by=first)
    with pytest.raises(IntegrityError, match="two_managers_correct"), transaction.atomic():
        tenant.corrections.update(confirmed_by=first, confirmed_at=timezone.now(), dropped_at=None)


# --- Leaving ----------------------------------------------------------------------------------------------------------
def test_an_exit_is_announced_by_one_handed_over_and_confirmed_by_another():
    tenant, first, second = make_tenant(), make_manager(), make_manager()

    with pytest.raises(GuardFailed, match="Nobody has announced"):
        actions.exit(tenant=tenant, by=second, survival="ended")
    leaving = actions.announce_exit(
        tenant=tenant, by=first, note="The founder goes back.", leaves_on=wide_row.today() + dt.timedelta(days=1)
    )
    with pytest.raises(SecondPersonNeeded):
        actions.exit(tenant=tenant, by=first, survival="ended")
    with pytest.raises(GuardFailed, match="Not handed over yet: Rooms and keys are back"):
        actions.exit(tenant=tenant, by=second, survival="ended")
    actions.hand_over(tenant=tenant, by=first, items=[item.item for item in leaving.items.all()])
    with pytest.raises(GuardFailed, match="not before"):
        actions.exit(tenant=tenant, by=second, survival="ended")
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        with pytest.raises(GuardFailed, match="what becomes"):
            actions.exit(tenant=tenant, by=second, survival="")
        actions.exit(tenant=tenant, by=second, survival="goes_on")

    leaving.refresh_from_db()
    assert (tenant.state, leaving.survival, leaving.confirmed_by) == ("exited", "goes_on", second)
    settle()


def test_a_tenant_announces_its_own_exit_for_30_days_ahead_and_takes_it_back():
    tenant = make_tenant()
    owner = tenant.talent.user

    with pytest.raises(GuardFailed):
        actions.announce_exit(tenant=tenant, by=owner, note="They broke it.", kind="breach")
    leaving = actions.announce_exit(tenant=tenant, by=owner, note="We move to Shanghai.")
    actions.take_back_exit(tenant=tenant, by=owner)

    assert leaving.leaves_on == wide_row.today() + dt.timedelta(days=30)
    assert actions.announced(tenant) is None
    with pytest.raises(NotYours):
        actions.announce_exit(tenant=tenant, by=make_user(), note="Out with them.")


def test_who_leaves_leaves_no_gate_open_and_is_told():
    gate = make_gate(state="in_review")

    leave(gate.tenant)

    gate.refresh_from_db()
    assert gate.state == "closed"
    assert not Clock.objects.of(gate).open().exists()
    assert Notice.objects.filter(recipient=gate.tenant.talent.user, kind="tenant-left").count() == 1


# --- What else belongs to the way -------------------------------------------------------------------------------------
def test_rooms_above_learn_of_each_tenant_that_moved(monkeypatch):
    seen = []
    monkeypatch.setattr(watching, "watchers", [])
    actions.watch(lambda tenant: seen.append(tenant.stage))

    make_gate(state="passed")

    assert seen == ["enterprise_pre"]


def test_the_company_of_another_cannot_be_linked():
    with pytest.raises(GuardFailed):
        actions.link_enterprise(tenant=make_tenant(), enterprise=make_enterprise(), by=make_manager())


def test_a_milestone_of_tomorrow_is_not_reached_today():
    tenant = make_tenant()
    milestone = actions.add_milestone(tenant=tenant, by=tenant.talent.user, name="First mentor talk")

    with pytest.raises(MoveRefused):
        actions.reach_milestone(
            milestone=milestone, by=tenant.talent.user, on=timezone.localdate() + dt.timedelta(days=2)
        )
    actions.reach_milestone(milestone=milestone, by=tenant.talent.user)

    milestone.refresh_from_db()
    assert (milestone.reached_on, milestone.name_zh_hans) == (wide_row.today(), "First mentor talk")


def test_a_stranger_touches_no_milestones():
    tenant = make_tenant()
    milestone = tenant.milestones.create(stage="project_pre", name="Mentor")

    for act in (
        lambda: actions.reach_milestone(milestone=milestone, by=make_user()),
        lambda: actions.add_milestone(tenant=tenant, by=make_user(), name="Mine"),
    ):
        with pytest.raises(NotYours):
            act()


def test_every_verb_of_a_tenant_asks_for_the_right():
    tenant, nobody = make_tenant(stage=Stage.STARTUP), make_user()
    day = wide_row.today() + dt.timedelta(days=9)
    acts = [
        lambda: actions.suspend(tenant=tenant, by=nobody, note="x"),
        lambda: actions.extend(tenant=tenant, by=nobody, due=day, note="x"),
        lambda: actions.propose_correction(tenant=tenant, by=nobody, target="project_pre", note="x"),
        lambda: actions.hand_over(tenant=tenant, by=nobody, items=[]),
    ]

    for act in acts:
        with pytest.raises(NotYours):
            act()
