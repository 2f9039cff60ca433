"""Two people at the same moment, at a gate and beside it: one effect, and the other learns what is true."""

import pytest

from incubation.facts import wide_row
from incubation.journey import actions, judging
from incubation.journey.models import Gate, Problem, Tenant
from incubation.journey.stages import Stage
from tests.factories.accounts import make_staff, make_user
from tests.factories.journey import make_gate, make_manager, make_officer, make_ready, make_tenant, score
from tests.factories.workflow import fill_calendar
from tests.incubation.test_intake_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def calendar():
    fill_calendar()


def fresh(gate) -> Gate:
    return Gate.objects.select_related("tenant__organisation", "tenant__talent", "terms").get(pk=gate.pk)


def test_of_two_managers_who_decide_at_once_one_does():
    gate, managers = make_gate(state="to_decide"), [make_manager(), make_manager()]

    ends = at_once(
        lambda: actions.advance(gate=fresh(gate), by=managers[0]),
        lambda: actions.hold(gate=fresh(gate), by=managers[1], note="Not yet."),
    )

    gate, tenant = fresh(gate), Tenant.objects.get(pk=gate.tenant_id)
    assert sorted(ends) == ["", "not-in-table"]
    assert (gate.state, tenant.stage) in {("passed", "enterprise_pre"), ("held", "project_pre")}
    assert tenant.enrolments.filter(ended_on=None).get().stage == tenant.stage


def test_of_two_managers_who_let_through_at_once_one_stage_begins():
    gate, managers = make_gate(state="to_decide"), [make_manager(), make_manager()]

    ends = at_once(*[lambda m=manager: actions.advance(gate=fresh(gate), by=m) for manager in managers])

    tenant = Tenant.objects.get(pk=gate.tenant_id)
    assert sorted(ends) == ["", "not-in-table"]
    assert (tenant.stage, tenant.enrolments.count()) == (Stage.ENTERPRISE_PRE, 2)


def test_through_the_gate_and_out_of_the_park_at_once_ends_in_one_truth():
    gate = make_gate(state="to_decide")
    tenant, first, second = gate.tenant, make_manager(), make_manager()
    leaving = actions.announce_exit(tenant=tenant, by=first, note="It ends.", leaves_on=wide_row.today())
    actions.hand_over(tenant=tenant, by=first, items=[item.item for item in leaving.items.all()])

    ends = at_once(
        lambda: actions.advance(gate=fresh(gate), by=second),
        lambda: actions.exit(tenant=Tenant.objects.get(pk=tenant.pk), by=second, survival="ended"),
    )

    gate, tenant = fresh(gate), Tenant.objects.get(pk=tenant.pk)
    assert tenant.state == "exited"  # who went through first has left a stage later
    assert (ends, gate.state, tenant.stage) in [
        (["", ""], "passed", "enterprise_pre"), (["not-in-table", ""], "closed", "project_pre"),
    ]  # fmt: skip
    assert not tenant.enrolments.filter(ended_on=None).exists()


def test_a_gate_that_is_asked_for_twice_at_once_stands_once():
    tenant = make_ready(make_tenant())

    ends = at_once(
        lambda: actions.request_gate(tenant=tenant, by=tenant.talent.user),
        lambda: actions.request_gate(tenant=tenant, by=make_officer()),
    )

    assert sorted(ends) == ["", "gate-open"]
    assert tenant.gates.count() == 1


def test_the_last_two_scores_that_come_at_once_close_the_scoring_once():
    scorers = [make_user(), make_user()]
    gate = make_gate(state="in_review", scorers=scorers)

    ends = at_once(*[lambda s=scorer: score(fresh(gate), s) for scorer in scorers])

    assert (ends, fresh(gate).state) == (["", ""], "to_decide")


def test_terms_that_are_put_into_use_twice_at_once_are_in_use_once():
    make_tenant()
    terms = actions.draft_terms(stage=Stage.GROWTH, by=make_manager(), wording={"pass_mark": 70})

    managers = [make_manager(), make_manager()]

    ends = at_once(*[lambda m=manager: actions.publish_terms(terms=terms, by=m) for manager in managers])

    assert sorted(ends) == ["", "not-in-table"]
    assert judging.terms_for(Stage.GROWTH).pk == terms.pk


def test_of_two_who_take_a_problem_at_once_one_has_it():
    tenant = make_tenant()
    people = [make_staff("journey.handle_problem", "journey.view_problem") for _ in range(2)]
    problem = actions.raise_problem(tenant=tenant, by=tenant.talent.user, category="other", title="T", text="T")

    ends = at_once(
        *[lambda p=p: actions.take_problem(problem=Problem.objects.get(pk=problem.pk), by=p) for p in people]
    )

    problem.refresh_from_db()
    assert sorted(ends) == ["", "not-in-table"]
    assert problem.owner == people[ends.index("")]
