"""What the portal reminds of by itself, and the board of the stages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from incubation.facts import wide_row
from incubation.journey import actions, ageing, board, reminding, tasks
from incubation.journey.models import GateCondition, StageLimit, Suspension, Tenant
from incubation.journey.stages import Stage
from park.notices.models import Notice
from park.workflow import tasks as clockwork
from park.workflow.models import Clock
from tests.factories.accounts import make_administrator, make_staff, make_user
from tests.factories.facts import know
from tests.factories.journey import READY, make_gate, make_manager, make_officer, make_tenant

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.date:
    return wide_row.today() + dt.timedelta(days=days)


def told(kind: str) -> int:
    return Notice.objects.filter(kind=kind).count()


@pytest.mark.parametrize(("days", "count"), [(91, 0), (90, 1), (31, 1), (30, 1), (0, 1), (-1, 0)])
def test_a_tenant_is_reminded_90_and_30_days_before_its_gate(days, count):
    make_tenant(stage_due=in_days(days))

    reminding.nightly()

    assert told("stage-due") == count


def test_each_reminder_comes_once_and_again_when_the_day_moved():
    tenant = make_tenant(stage_due=in_days(40))

    for _ in range(2):
        tasks.nightly()
    actions.extend(tenant=tenant, by=make_manager(), due=in_days(80), note="Trials.")
    tasks.nightly()

    assert told("stage-due") == 2


def test_who_stands_at_the_gate_or_aside_is_not_reminded_of_it():
    make_gate(make_tenant(stage_due=in_days(20)))
    make_tenant(stage_due=in_days(20), state="suspended")

    reminding.nightly()

    assert told("stage-due") == 0


def test_a_tenant_that_meets_four_in_five_conditions_is_told_once():
    near, far = make_tenant(), make_tenant()
    know(near, READY[Stage.PROJECT_PRE] | {"project.team_size": 1})
    know(far, {"project.team_size": 5})

    first, second = reminding.nightly()["ready"], reminding.nightly()["ready"]

    letter = Notice.objects.get(kind="stage-ready").letter
    assert (first, second) == (1, 0)
    assert "meets 4 of 5 conditions" in letter["body"]


@pytest.mark.parametrize(("used", "kinds"), [(74, []), (75, ["stage-alert"]), (101, ["stage-alert"])])
def test_the_officer_is_warned_when_three_quarters_of_the_time_are_used_and_when_it_is_over(used, kinds):
    officer = make_officer()
    since = in_days(-used)
    make_tenant(stage_since=since, stage_due=since + dt.timedelta(days=100), officer=officer)

    reminding.nightly()
    reminding.nightly()

    told_to_officer = Notice.objects.filter(recipient=officer).exclude(kind="stage-due")
    assert list(told_to_officer.values_list("kind", flat=True)) == kinds


def test_a_company_near_the_end_of_its_stay_is_told_itself():
    tenant = make_tenant(stage=Stage.STARTUP, sector="new_materials", stage_since=in_days(-1100))

    reminding.nightly()

    letter = Notice.objects.get(kind="stay-ends", recipient=tenant.talent.user).letter
    assert "48 months" in letter["body"]


def test_conditions_are_reminded_of_14_and_3_days_before_and_once_after():
    gate = make_gate(state="conditional")
    condition = gate.conditions.get()
    counts = []

    for days in (20, 14, 5, 3, 1, -1, -5):
        GateCondition.objects.filter(pk=condition.pk).update(due_on=in_days(days))
        reminding.nightly()
        counts.append(told("gate-condition"))

    assert counts == [0, 1, 1, 2, 2, 3, 3]


def test_a_limit_of_the_park_for_one_field_goes_before_the_one_for_all():
    tenant = make_tenant()
    StageLimit.objects.create(stage=Stage.ENTERPRISE_PRE, months=5, since=in_days(-10))
    StageLimit.objects.create(stage=Stage.ENTERPRISE_PRE, sector="biomedicine", months=9, since=in_days(-10))

    make_gate(tenant, "passed")

    tenant.refresh_from_db()
    assert 270 <= (tenant.stage_due - tenant.stage_since).days <= 276


def test_a_late_gate_is_told_to_the_officers():
    gate, officer = make_gate(), make_officer()
    Clock.objects.of(gate).update(
        started_at=timezone.now() - dt.timedelta(days=30), warn_at=timezone.now() - dt.timedelta(days=20),
        due_at=timezone.now() - dt.timedelta(days=10),
    )  # fmt: skip

    clockwork.watch_clocks()

    assert Notice.objects.filter(kind="gate-late", recipient=officer).count() == 1


# --- The board --------------------------------------------------------------------------------------------------------
def cells(stage: Stage) -> dict:
    column = board.board(wide_row.today())["columns"][stage.number - 1]
    return {str(label): value for label, value, _url in column["cells"]}


def test_the_board_counts_who_stands_where_and_whose_time_runs_out():
    make_tenant(stage_due=in_days(400))
    make_tenant(stage_since=in_days(-80), stage_due=in_days(20))
    make_tenant(stage_since=in_days(-90), stage_due=in_days(-10))
    aside = make_tenant(stage_since=in_days(-100), stage_due=in_days(-10), state="suspended")
    Suspension.objects.filter(tenant=aside).update(since=in_days(-99))
    make_tenant(state="exited")

    found = cells(Stage.PROJECT_PRE)

    assert (found["In the park"], found["Suspended"]) == (3, 1)
    assert (found["Three quarters of the time used"], found["Over their time"]) == (1, 1)
    assert [row["share"] for row in board.overstays(wide_row.today())] == [112]


def test_the_board_counts_gates_problems_mentors_and_who_went_on():
    gate = make_gate(state="passed")
    make_gate()
    tenant = Tenant.objects.get(pk=gate.tenant_id)
    owner = tenant.talent.user
    actions.raise_problem(tenant=tenant, by=owner, category="space", title="No key", text="Door 3 has no key.")
    actions.assign_mentor(tenant=tenant, mentor=make_user(), by=make_staff("journey.add_mentorship"))

    first, second = cells(Stage.PROJECT_PRE), cells(Stage.ENTERPRISE_PRE)

    assert (first["At the gate"], first["Went on by the gate"], second["Problems open"]) == (1, "100%", 1)
    assert {key: board.mentors()[key] for key in ("mentors", "needed", "tenants", "without")} == {
        "mentors": 1, "needed": 1, "tenants": 2, "without": 1,
    }  # fmt: skip


def test_the_board_costs_the_same_for_one_and_for_many_and_every_number_opens_its_rows(
    client, django_assert_max_num_queries
):
    for stage in (Stage.PROJECT_PRE, Stage.GROWTH):
        make_gate(make_tenant(stage=stage, stage_due=in_days(-3)))
    client.force_login(make_administrator())
    address = reverse("admin:journey_board")
    client.get(address)

    with django_assert_max_num_queries(22):
        page = client.get(address)

    for column in page.context["columns"]:
        for label, _value, url in column["cells"]:
            assert client.get(url).status_code == 200, (label, url)
    for url in (page.context["overstays_url"], page.context["mentors"]["without_url"], page.context["held"]["url"]):
        assert client.get(url).status_code == 200


def test_the_board_is_shut_to_staff_without_the_duty(client):
    client.force_login(make_staff("intake.view_application"))

    assert client.get(reverse("admin:journey_board")).status_code == 403


def test_the_number_over_their_time_is_the_list_behind_it(client):
    late = make_tenant(stage_since=in_days(-90), stage_due=in_days(-10))
    make_tenant(stage_due=in_days(100))
    client.force_login(make_administrator())

    page = client.get(board.tenants_url(time="over"))

    assert [row.pk for row in page.context["cl"].result_list] == [late.pk]
    assert ageing.overstaying(wide_row.today()).count() == 1
