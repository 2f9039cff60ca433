"""Random ways through the tables: a long one on paper, a shorter one through the verbs and the database."""

import datetime as dt
import random

import pytest
from django.db import connection

from incubation.facts import wide_row
from incubation.journey import actions, states
from incubation.journey.models import Gate, GateScorer, Problem, StageEnrolment, Tenant
from incubation.journey.stages import Stage
from park.workflow.actions import MoveRefused
from park.workflow.models import Clock, TransitionLog
from tests.factories.accounts import make_staff, make_user
from tests.factories.journey import make_manager, make_officer, make_ready, make_tenant

STEPS = 10_000


@pytest.mark.parametrize("machine", [states.MACHINE, states.GATE, states.TERMS, states.PROBLEM], ids=str)
def test_ten_thousand_random_steps_never_leave_the_table(machine):
    rng, seen, state, ends = random.Random(machine.name), set(), machine.initials[0], 0

    for _ in range(STEPS):
        moves = machine.moves_from(state)
        if not moves:
            assert state in machine.finals
            state, ends = machine.initials[0], ends + 1
            continue
        state = rng.choice(moves).leads_to(state)
        assert state in machine.states.values
        seen.add(state)

    assert seen | set(machine.initials) == set(machine.states.values)
    assert ends > 50


# --- Through the verbs ------------------------------------------------------------------------------------------------
class Park:
    """Some tenants and everybody who may act on them; each try either works or is refused with a sentence."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.managers, self.officers = [make_manager(), make_manager()], [make_officer(), make_officer()]
        self.scorers = [make_user() for _ in range(3)]
        self.solver = make_staff("journey.handle_problem", "journey.view_problem")
        stages = (Stage.PROJECT_PRE, Stage.STARTUP, Stage.GROWTH)
        self.tenants = [make_ready(make_tenant(stage=stage)) for stage in stages]
        self.done = self.refused = 0

    def step(self) -> None:
        tenant = Tenant.objects.get(pk=self.rng.choice(self.tenants).pk)
        act = self.rng.choice([getattr(self, name) for name in dir(self) if name.startswith("may_")])
        try:
            act(tenant)
            self.done += 1
        except MoveRefused as refusal:
            assert str(refusal)
            self.refused += 1

    def one(self, people):
        return self.rng.choice(people)

    def gate(self, tenant) -> Gate:
        found = tenant.gates.order_by("-pk").first()
        if found is None:
            raise MoveRefused("none")
        return found

    def may_ask(self, tenant):
        actions.request_gate(tenant=tenant, by=self.one([tenant.talent.user, *self.officers]))

    def may_assign(self, tenant):
        actions.assign(gate=self.gate(tenant), person=self.one(self.scorers), role="expert", by=self.one(self.officers))

    may_assign_too = may_assign_more = may_assign

    def may_check(self, tenant):
        actions.check(gate=self.gate(tenant), by=self.one(self.officers))

    may_check_again = may_check

    def may_score(self, tenant):
        gate = self.gate(tenant)
        marks = {line["key"]: self.rng.randint(0, 5) for line in gate.terms.scorecard}
        actions.score(gate=gate, by=self.one(self.scorers), scores=marks, advice="pass")

    may_score_too = may_score_more = may_score

    def may_advance(self, tenant):
        actions.advance(gate=self.gate(tenant), by=self.one([*self.managers, *self.officers]))

    def may_advance_with_conditions(self, tenant):
        due = wide_row.today() + dt.timedelta(days=9)
        actions.advance_with_conditions(gate=self.gate(tenant), by=self.one(self.managers), conditions=[("Lease", due)])

    def may_hold(self, tenant):
        actions.hold(gate=self.gate(tenant), by=self.one(self.managers), note="Later.")

    def may_meet(self, tenant):
        for condition in self.gate(tenant).conditions.all():
            actions.meet_condition(condition=condition, by=self.one(self.officers), proof="Seen.")

    def may_send_back(self, tenant):
        actions.send_back(gate=self.gate(tenant), by=self.one(self.officers), note="More.")

    def may_suspend(self, tenant):
        actions.suspend(tenant=tenant, by=self.one(self.managers), note="Why.", cause="other")

    def may_resume(self, tenant):
        actions.resume(tenant=tenant, by=self.one(self.managers))

    may_resume_too = may_resume

    def may_propose_correction(self, tenant):
        target = self.one(Stage.values)
        actions.propose_correction(tenant=tenant, by=self.one(self.managers), target=target, note="Wrong.")

    def may_correct(self, tenant):
        actions.correct(tenant=tenant, by=self.one(self.managers))

    def may_raise(self, tenant):
        actions.raise_problem(tenant=tenant, by=tenant.talent.user, category="other", title="T", text="T")

    def may_solve(self, tenant):
        problem = tenant.problems.exclude(state__in=["confirmed", "dropped"]).first()
        if problem is None:
            raise MoveRefused("none")
        if problem.state == "raised":
            actions.take_problem(problem=problem, by=self.solver)
        elif problem.state == "in_hand":
            actions.solve_problem(problem=problem, by=self.solver, note="Done.")
        else:
            act = self.one([actions.confirm_problem, actions.reopen_problem])
            act(problem=problem, by=tenant.talent.user, note="Well.")

    may_solve_too = may_solve_more = may_solve

    def may_announce_and_leave(self, tenant):
        if self.rng.random() < 0.8:
            raise MoveRefused("not yet")
        first, second = self.managers
        leaving = actions.announce_exit(tenant=tenant, by=first, note="Bye.", leaves_on=wide_row.today())
        actions.hand_over(tenant=tenant, by=first, items=[item.item for item in leaving.items.all()])
        actions.exit(tenant=tenant, by=second, survival="ended")


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_some_hundred_random_acts_leave_what_the_database_allows_and_the_log_can_tell(seed):
    park = Park(random.Random(seed))

    for _ in range(300):
        park.step()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    assert park.done > 40 and park.refused > 40
    for tenant in Tenant.objects.all():
        open_ = list(tenant.enrolments.filter(ended_on=None).values_list("stage", flat=True))
        assert open_ == ([tenant.stage] if tenant.state in states.LIVE else [])
        for enrolment in tenant.enrolments.exclude(gate=None).select_related("gate"):
            assert enrolment.gate.target == enrolment.stage
    for record, machine in [(gate, states.GATE) for gate in Gate.objects.all()] + [
        (problem, states.PROBLEM) for problem in Problem.objects.all()
    ]:
        last = TransitionLog.objects.of(record).made().order_by("-at", "-pk").first()
        assert last.target == machine.state_of(record)
        assert machine.state_of(record) not in machine.finals or not Clock.objects.of(record).open().exists()
    for gate in Gate.objects.filter(state__in=["passed", "conditional", "held"]):
        assert gate.decided_by_id not in (gate.requested_by_id, gate.checked_by_id)
        assert GateScorer.objects.filter(gate=gate, scored_at__isnull=False).count() >= 2
    assert not StageEnrolment.objects.filter(ended_on=None, voided_at__isnull=False).exists()
