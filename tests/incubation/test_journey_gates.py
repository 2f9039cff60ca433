"""Gates: asked for, checked, scored by two, decided by a second person; and what the database keeps of it."""

import datetime as dt
import itertools

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from incubation.facts import wide_row
from incubation.journey import access, actions, judging, states
from incubation.journey.models import Gate, GateCondition, GateScorer, GateTerms, StageEnrolment, Tenant
from incubation.journey.stages import Stage
from park.notices.models import Notice
from park.workflow.actions import Conflict, GuardFailed, NotYours, SecondPersonNeeded
from park.workflow.models import Clock
from tests.factories.accounts import make_user
from tests.factories.facts import know
from tests.factories.journey import (
    leave,
    make_enterprise,
    make_gate,
    make_manager,
    make_officer,
    make_ready,
    make_tenant,
    score,
)
from tests.factories.organisations import make_membership, make_organisation
from tests.park.machine_checks import refused_pairs, try_refused_pair

pytestmark = pytest.mark.django_db


def settle() -> None:
    """Ask the deferred rules of the database now, as the end of a transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# --- The table --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", states.GateState.values)
def test_no_move_of_a_gate_is_made_that_the_table_does_not_list(state):
    gate, by = make_gate(state=state), make_manager()
    assert gate.state == state

    for _state, name in [pair for pair in refused_pairs(states.GATE) if pair[0] == state]:
        try_refused_pair(states.GATE, gate, name, by=by)


def test_the_table_of_gates_leaves_out_what_it_should():
    assert len(refused_pairs(states.GATE)) == 131


# --- From the request to the next stage -------------------------------------------------------------------------------
@pytest.mark.parametrize("origin", list(Stage)[:-1])
@time_machine.travel("2026-12-01T10:00:00+08:00")
def test_a_tenant_goes_forward_one_stage_through_a_gate(origin):
    enterprise = {}
    if origin is Stage.ENTERPRISE_PRE:
        team = make_organisation(kind="project")
        enterprise = {"organisation": team, "enterprise": make_enterprise(organisation=team)}
    tenant, decider = make_tenant(stage=origin, **enterprise), make_manager()

    gate = make_gate(tenant, "passed", decider=decider)

    tenant.refresh_from_db()
    assert (tenant.stage, tenant.stage_since) == (origin.next, dt.date(2026, 12, 1))
    assert (gate.origin, gate.target, gate.decided_by) == (origin, origin.next, decider)
    assert list(tenant.enrolments.values_list("stage", "ended_on", "gate")) == [
        (origin, dt.date(2026, 12, 1), None), (origin.next, None, gate.pk),
    ]  # fmt: skip
    assert tenant.milestones.filter(stage=origin.next).count() > 0
    letter = Notice.objects.get(recipient=tenant.talent.user, kind="stage-passed").letter
    assert letter["subject"] == f"You passed a gate: {origin.next.label} begins"
    settle()


def test_a_gate_is_not_asked_for_while_a_mandatory_paper_is_missing_or_too_old():
    tenant = make_ready(make_tenant())
    paper = tenant.evidence.get(key="project_sheet")

    paper.issued_on = wide_row.today() - dt.timedelta(days=366)
    paper.save()
    with pytest.raises(GuardFailed, match="Project sheet or business plan: too old"):
        actions.request_gate(tenant=tenant, by=tenant.talent.user)
    paper.delete()
    with pytest.raises(GuardFailed, match="not there yet"):
        actions.request_gate(tenant=tenant, by=tenant.talent.user)

    assert not tenant.gates.exists()


def test_what_was_known_when_the_gate_was_asked_for_stays_with_it():
    gate = make_gate()

    know(gate.tenant, {"project.team_size": 1})

    then = judging.stood(gate, gate.facts)
    first = gate.facts[0]
    assert (first["fact"], first["value"], first["source"]) == ("project.team_size", 3, "staff")
    assert (then.met, judging.stand(gate.tenant, gate.terms).met) == (5, 4)


def test_a_condition_that_is_not_met_keeps_the_gate_with_the_officer_until_it_is_waived():
    tenant, officer = make_tenant(), make_officer()
    make_ready(tenant)
    know(tenant, {"project.team_size": 1})
    gate = actions.request_gate(tenant=tenant, by=tenant.talent.user)
    for _ in range(2):
        actions.assign(gate=gate, person=make_user(), role="expert", by=officer)

    with pytest.raises(GuardFailed, match="Not shown, and not waived: People in the team"):
        actions.check(gate=gate, by=officer)
    with pytest.raises(GuardFailed):
        actions.waive(gate=gate, what="criterion:1", reason="It is met.", by=officer)
    waiver = actions.waive(gate=gate, what="criterion:0", reason="Two join in spring.", by=officer)
    actions.check(gate=gate, by=officer)

    assert (gate.state, waiver.by, waiver.reason) == ("in_review", officer, "Two join in spring.")
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        gate.waivers.update(reason="Because.")


def test_a_gate_is_not_handed_to_fewer_than_two_scorers():
    gate, officer = make_gate(), make_officer()
    actions.assign(gate=gate, person=make_user(), role="mentor", by=officer)

    with pytest.raises(GuardFailed, match="Ask 2 people"):
        actions.check(gate=gate, by=officer)


def test_the_last_score_closes_the_scoring_and_tells_who_decides():
    first, second, manager = make_user(), make_user(), make_manager()
    gate = make_gate(state="in_review", scorers=[first, second])

    asked = score(gate, first, mark=4)
    gate.refresh_from_db()
    assert (gate.state, asked.total) == ("in_review", 80)
    score(gate, second, mark=3)

    gate.refresh_from_db()
    assert gate.state == "to_decide"
    assert Notice.objects.filter(recipient=manager, kind="gate-decide").count() == 1
    assert list(Clock.objects.of(gate).open().values_list("name", flat=True)) == ["decision"]


def test_who_steps_aside_does_so_for_ever():
    first, second, officer = make_user(), make_user(), make_officer()
    gate = make_gate(state="in_review", scorers=[first, second])

    actions.step_aside(gate=gate, by=first, interest="We share a patent.")
    with pytest.raises(NotYours):
        score(gate, first)
    with pytest.raises(GuardFailed):
        actions.assign(gate=gate, person=first, role="mentor", by=officer)
    score(gate, second)
    gate.refresh_from_db()
    assert gate.state == "in_review"
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        GateScorer.objects.filter(person=first).update(stepped_aside_at=None)
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        GateScorer.objects.filter(person=first).delete()


def test_nobody_scores_a_tenant_of_their_own():
    gate, officer = make_gate(), make_officer()
    member = make_membership(organisation=gate.tenant.organisation).user

    with pytest.raises(GuardFailed, match="belongs to the tenant"):
        actions.assign(gate=gate, person=member, role="expert", by=officer)
    with pytest.raises(IntegrityError, match="belongs to the tenant"), transaction.atomic():
        GateScorer.objects.create(gate=gate, person=member, role="expert", asked_by=officer)


def test_a_score_is_never_changed():
    scorer = make_user()
    make_gate(state="to_decide", scorers=[scorer, make_user()])

    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        GateScorer.objects.filter(person=scorer).update(total=100)


@pytest.mark.parametrize("who", ["asker", "checker"])
def test_the_one_who_asked_or_checked_does_not_decide(who):
    manager = make_manager()
    gate = make_gate(state="to_decide", **{who: manager})

    for verb, more in [
        (actions.advance, {}), (actions.hold, {"note": "Not yet."}),
        (actions.advance_with_conditions, {"conditions": [("Lease", dt.date(2099, 1, 1))]}),
    ]:  # fmt: skip
        with pytest.raises(SecondPersonNeeded):
            verb(gate=gate, by=manager, **more)
    with pytest.raises(IntegrityError, match="two_people_let_a_tenant_through_a_gate"), transaction.atomic():
        Gate.objects.filter(pk=gate.pk).update(state="passed", decided_by=manager, decided_at=timezone.now())


def test_from_the_third_stage_on_a_tenant_needs_its_company():
    tenant = make_tenant(stage=Stage.ENTERPRISE_PRE)
    gate = make_gate(tenant, "to_decide")

    with pytest.raises(GuardFailed, match="enterprise"):
        actions.advance(gate=gate, by=make_manager())

    enterprise = make_enterprise(organisation=tenant.organisation, sector="software_ai")
    actions.link_enterprise(tenant=tenant, enterprise=enterprise, by=make_manager())
    actions.advance(gate=gate, by=make_manager())
    tenant.refresh_from_db()
    assert (tenant.stage, tenant.enterprise, tenant.sector) == (Stage.STARTUP, enterprise, "software_ai")


def test_conditions_go_with_the_tenant_and_keep_the_next_gate_shut_until_they_are_met():
    gate = make_gate(state="conditional")
    tenant, officer = Tenant.objects.get(pk=gate.tenant_id), make_officer()
    condition = gate.conditions.get()
    team = tenant.organisation
    actions.link_enterprise(tenant=tenant, enterprise=make_enterprise(organisation=team), by=make_manager())
    later = make_gate(tenant, "to_decide")

    with pytest.raises(GuardFailed, match="still open"):
        actions.advance(gate=later, by=make_manager())
    with pytest.raises(GuardFailed):
        actions.meet_condition(condition=condition, by=officer, proof=" ")
    actions.meet_condition(condition=condition, by=officer, proof="Lease of 3 March")
    gate.refresh_from_db()
    actions.advance(gate=later, by=make_manager())

    assert (gate.state, GateCondition.objects.open().count()) == ("passed", 0)


@pytest.mark.parametrize(
    "conditions", [[], [("", dt.date(2099, 1, 1))], [("Lease", None)], [("Lease", dt.date(2020, 1, 1))]]
)
def test_conditions_have_words_and_a_day_to_come(conditions):
    gate = make_gate(state="to_decide")

    with pytest.raises(GuardFailed):
        actions.advance_with_conditions(gate=gate, by=make_manager(), conditions=conditions)


def test_a_tenant_that_is_held_reads_the_plan_and_asks_again_from_its_day():
    gate = make_gate(state="held")
    tenant = gate.tenant

    letter = Notice.objects.get(recipient=tenant.talent.user, kind="gate-held").letter
    assert "Find a first customer; the mentor helps." in letter["body"]
    with pytest.raises(GuardFailed, match="may be asked for again from"):
        actions.request_gate(tenant=tenant, by=tenant.talent.user)
    with time_machine.travel(timezone.now() + dt.timedelta(days=60)):
        again = actions.request_gate(tenant=tenant, by=tenant.talent.user)

    gate.refresh_from_db()
    assert (again.state, gate.state) == ("requested", "closed")


def test_what_was_sent_back_can_be_asked_for_again_at_once():
    gate = make_gate(state="returned")

    again = actions.request_gate(tenant=gate.tenant, by=gate.tenant.talent.user)

    assert again.state == "requested"


def test_a_tenant_stands_at_one_gate_at_a_time():
    gate = make_gate()

    with pytest.raises(GuardFailed):
        actions.request_gate(tenant=gate.tenant, by=make_officer())
    with pytest.raises(IntegrityError, match="a_tenant_stands_at_one_gate_at_a_time"), transaction.atomic():
        Gate.objects.create(
            tenant=gate.tenant, origin=gate.origin, target=gate.target, terms=gate.terms, requested_by=gate.requested_by
        )


def test_strangers_and_simple_members_ask_for_no_gate():
    tenant = make_ready(make_tenant())
    member = make_membership(organisation=tenant.organisation, role="member").user

    for person in (make_user(), member):
        with pytest.raises(NotYours):
            actions.request_gate(tenant=tenant, by=person)


def test_a_manager_does_not_act_on_a_tenancy_of_their_own():
    gate = make_gate(state="to_decide")
    manager = make_manager()
    make_membership(organisation=gate.tenant.organisation, user=manager)

    with pytest.raises(NotYours):
        actions.advance(gate=gate, by=manager)


def test_through_the_last_gate_a_tenant_graduates_with_its_figures():
    tenant = make_tenant(stage=Stage.ACCELERATED)
    know(tenant, {"enterprise.headcount": 42})

    gate = make_gate(tenant, "passed")

    tenant.refresh_from_db()
    tenant.talent.refresh_from_db()
    log = actions_of(tenant, "graduate")
    assert (gate.target, tenant.state, tenant.talent.state) == ("", "graduated", "alumnus")
    assert log.versions["outcome"]["enterprise.headcount"] == "42"
    assert not tenant.enrolments.filter(ended_on=None).exists()
    settle()


def actions_of(tenant, move):
    from park.workflow.models import TransitionLog

    return TransitionLog.objects.of(tenant).made().get(move=move)


# --- No stage without a gate ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("target", [Stage.ENTERPRISE_PRE, Stage.ACCELERATED])
def test_the_database_changes_no_stage_without_a_gate(target):
    tenant = make_tenant(enterprise=make_enterprise())

    with pytest.raises(IntegrityError, match="without a gate"), transaction.atomic():
        Tenant.objects.filter(pk=tenant.pk).update(stage=target)
        settle()


def test_a_gate_that_was_used_opens_no_stage_again():
    gate = make_gate(state="passed")
    settle()
    Tenant.objects.filter(pk=gate.tenant_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.filter(pk=gate.tenant_id).update(stage=Stage.STARTUP)
        StageEnrolment.objects.filter(tenant=gate.tenant_id).update(ended_on=wide_row.today())
        StageEnrolment.objects.create(tenant_id=gate.tenant_id, stage=Stage.STARTUP, since=wide_row.today(), gate=gate)
        settle()


def test_the_database_lets_no_gate_pass_without_two_scores():
    gate = make_gate(state="in_review")

    with pytest.raises(IntegrityError, match="without two scores"), transaction.atomic():
        Gate.objects.filter(pk=gate.pk).update(state="to_decide")
        settle()


@pytest.mark.parametrize("state", ["graduated", "exited"])
def test_the_database_lets_no_tenant_leave_without_a_record(state):
    tenant = make_tenant()

    with pytest.raises(IntegrityError, match="without a record"), transaction.atomic():
        Tenant.objects.filter(pk=tenant.pk).update(state=state)
        settle()


def test_who_has_left_never_comes_back_by_hand():
    tenant = make_tenant()
    leave(tenant)
    settle()

    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.filter(pk=tenant.pk).update(state="active")
        settle()


# --- The terms --------------------------------------------------------------------------------------------------------
def draft(**wording) -> tuple[GateTerms, object]:
    author = make_manager()
    terms = actions.draft_terms(stage=Stage.PROJECT_PRE, by=author, wording=wording)
    return terms, author


def test_terms_are_written_by_one_and_put_into_use_by_another():
    make_tenant()
    terms, author = draft(pass_mark=70)

    with pytest.raises(SecondPersonNeeded):
        actions.publish_terms(terms=terms, by=author)
    actions.publish_terms(terms=terms, by=make_manager())

    states_now = dict(GateTerms.objects.filter(stage=Stage.PROJECT_PRE).values_list("number", "state"))
    assert states_now == {1: "retired", 2: "published"}


def test_a_gate_under_way_keeps_the_terms_it_began_with():
    gate = make_gate()
    terms, _author = draft(scorers=3)

    actions.publish_terms(terms=terms, by=make_manager())

    gate.refresh_from_db()
    assert (gate.terms.number, judging.terms_for(Stage.PROJECT_PRE).number) == (1, 2)


def test_terms_in_use_never_change():
    make_tenant()
    terms = judging.terms_for(Stage.GROWTH)

    for change in ({"pass_mark": 1}, {"criteria": {"version": 1, "all": []}}, {"scorers": 9}):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            GateTerms.objects.filter(pk=terms.pk).update(**change)
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        terms.delete()


GOOD = {"key": "plan", "kind": "other", "en": "Plan", "zh": "计划", "mandatory": True, "fresh_days": 30}
LINE = {"key": "team", "en": "Team", "zh": "团队", "weight": 100}


@pytest.mark.parametrize(
    ("wording", "word"),
    [
        ({"criteria": {"version": 1, "all": [{"fact": "no.such", "op": "eq"}]}}, "No fact is called"),
        ({"criteria": {"version": 1, "all": [{"fact": "project.team_size", "op": "lt", "value": 0}]}}, ""),
        ({"evidence": "all of it"}, "Write a list"),
        ({"evidence": [GOOD, GOOD]}, "twice"),
        ({"evidence": [GOOD | {"zh": ""}]}, "both languages"),
        ({"evidence": [GOOD | {"fresh_days": "soon"}]}, "whole number"),
        ({"evidence": [GOOD | {"colour": "red"}]}, "belongs to it"),
        ({"scorecard": [LINE | {"weight": 90}]}, "make 100"),
        ({"scorecard": []}, "make 100"),
    ],
)
def test_terms_that_cannot_work_are_refused_with_a_sentence(wording, word):
    make_tenant()

    with pytest.raises(GuardFailed, match=word):
        draft(**wording)


@pytest.mark.parametrize("state", states.TermsState.values)
def test_no_move_of_terms_is_made_that_the_table_does_not_list(state):
    make_tenant()
    terms, _author = draft()
    if state != "draft":
        actions.drop_terms(terms=terms, by=make_manager()) if state == "dropped" else actions.publish_terms(
            terms=terms, by=make_manager()
        )
    found = GateTerms.objects.filter(stage=Stage.PROJECT_PRE, state=state).first()

    for _state, name in [pair for pair in refused_pairs(states.TERMS) if pair[0] == state]:
        try_refused_pair(states.TERMS, found, name, by=make_manager())


def test_the_terms_that_came_with_the_portal_are_sound():
    make_tenant()

    for terms in GateTerms.objects.in_use():
        wording = {"criteria": terms.criteria, "evidence": terms.evidence, "scorecard": terms.scorecard}
        assert actions.faults(wording) == []
        assert terms.notes_en and terms.notes_zh_hans


def test_two_pairs_of_doors_agree_on_who_may_open_them():
    """Everybody who may make a move of a gate may see the gate."""
    gate = make_gate(state="in_review")
    people = [gate.tenant.talent.user, *(asked.person for asked in gate.asked.all()), make_officer(), make_manager()]

    for person, move in itertools.product(people, states.GATE_MOVES):
        if move.origins and access.may_make_at_gate(person, move, gate):
            assert Gate.objects.visible_to(person).filter(pk=gate.pk).exists()


def test_whoever_is_second_at_the_same_step_reads_why():
    gate = make_gate(state="to_decide")
    other = Gate.objects.get(pk=gate.pk)

    actions.advance(gate=gate, by=make_manager())
    with pytest.raises((GuardFailed, Conflict, Exception), match="not possible now"):
        actions.hold(gate=other, by=make_manager(), note="No.")
