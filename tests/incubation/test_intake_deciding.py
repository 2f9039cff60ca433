"""From the review to a decision: by officers or by a panel, with conditions, and looked at a second time."""

import datetime as dt
import random

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from incubation.intake import actions, panels, states
from incubation.intake.access import may_make
from incubation.intake.models import Application, Condition, Decision, SecondLook
from incubation.journey.models import Tenant
from park.notices.models import Notice
from park.workflow.actions import GuardFailed, NotInTable, NotYours, SecondPersonNeeded, apply_move
from park.workflow.models import Clock, TransitionLog
from park.workflow.tasks import watch_clocks
from tests.factories.files import make_document
from tests.factories.intake import (
    make_application,
    make_call,
    make_chair,
    make_officer,
    make_panel_application,
)

pytestmark = pytest.mark.django_db


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def running(application) -> list[str]:
    return list(Clock.objects.of(application).running().values_list("name", flat=True))


def show(application, condition, **shown) -> Condition:
    return actions.show_evidence(application=application, condition=condition, **shown)


def meet(application, condition, by, why: str = "") -> Condition:
    return actions.meet_condition(application=application, condition=condition, by=by, internal_note=why)


# --- The panel's way --------------------------------------------------------------------------------------------------
def test_a_panel_application_goes_from_review_over_the_chair_to_somebody_else():
    application, chair, decider = make_panel_application("in_review"), make_chair(), make_officer()

    actions.close_review(application=application)
    assert (application.state, running(application)) == ("panel_ready", ["panel"])
    actions.propose(application=application, by=chair, outcome="accepted", advice="Talk to the clinic.")
    assert (application.state, running(application)) == ("decided_pending", ["decision"])
    tenant = actions.accept(application=application, by=decider)

    made = application.decisions.get()
    assert (made.proposed_by, made.decided_by, made.outcome) == (chair, decider, "accepted")
    assert tenant.application == application
    assert "application-to-decide" in told(decider)
    assert "Talk to the clinic." in Notice.objects.get(kind="application-accepted").letter["body"]


def test_officers_do_not_decide_in_the_place_of_a_panel():
    application = make_panel_application("in_review")

    with pytest.raises(GuardFailed) as refusal:
        actions.accept(application=application, by=make_officer())

    assert refusal.value.code == "panel-decides"


def test_where_officers_decide_no_review_is_closed_for_a_panel():
    application = make_application("in_review")

    with pytest.raises(GuardFailed):
        actions.close_review(application=application)


def test_an_application_is_not_passed_on_to_a_panel_that_nobody_set_up(monkeypatch):
    monkeypatch.setattr(panels, "_checks", [])
    application = make_application("screening")
    application.call = make_call(decided_by="panel")
    application.save()

    with pytest.raises(GuardFailed) as refusal:
        actions.pass_on(application=application, by=application.officer)

    assert refusal.value.code == "no-round"


def test_the_chair_does_not_decide_what_the_chair_proposed():
    chair = make_officer(rights=("intake.propose_decision",))
    application = make_panel_application("decided_pending", chair=chair)

    with pytest.raises(SecondPersonNeeded):
        actions.accept(application=application, by=chair)


def test_the_database_itself_knows_no_decision_by_who_proposed_it():
    application, chair = make_panel_application("decided_pending"), make_chair()
    proposal = application.decisions.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=proposal.pk).update(proposed_by=chair, decided_by=chair, decided_at=timezone.now())


def test_a_proposal_is_confirmed_as_it_stands_or_sent_back():
    application, decider = make_panel_application("decided_pending"), make_officer()

    with pytest.raises(GuardFailed) as refusal:
        actions.waitlist(application=application, by=decider, note="No desk is free.")
    assert refusal.value.code == "not-as-proposed"
    actions.send_back(application=application, by=decider, internal_note="Two votes are missing.")

    assert (application.state, running(application)) == ("panel_ready", ["panel"])
    actions.propose(
        application=application, by=make_chair(), outcome="rejected", reason_code="plan", criterion="No buyer yet."
    )
    actions.reject(application=application, by=decider)
    assert list(application.decisions.values_list("number", "outcome")) == [(2, "rejected"), (1, "accepted")]
    assert application.decisions.first().criterion == "No buyer yet."  # read in the letter and on the page, not mailed
    assert "No buyer yet." not in Notice.objects.get(kind="application-rejected").letter["body"]


@pytest.mark.parametrize(
    "words",
    [
        {"outcome": "perhaps"},
        {"outcome": "rejected", "reason_code": "plan"},
        {"outcome": "rejected", "criterion": "No buyer yet."},
        {"outcome": "waitlisted"},
        {"outcome": "conditional"},
        {"outcome": "conditional", "conditions": [("Show it.", dt.date(2020, 1, 1))]},
        {"outcome": "accepted", "conditions": [("Show it.", dt.date(2090, 1, 1))]},
    ],
)
def test_a_proposal_that_says_too_little_is_refused(words):
    application = make_panel_application()

    with pytest.raises(GuardFailed):
        actions.propose(application=application, by=make_chair(), **words)

    assert (Application.objects.get(pk=application.pk).state, Decision.objects.count()) == ("panel_ready", 0)


def test_a_decision_that_was_made_is_never_rewritten():
    application = make_application("rejected")

    with pytest.raises(DatabaseError), transaction.atomic():
        application.decisions.update(criterion="Something else")
    with pytest.raises(DatabaseError), transaction.atomic():
        application.decisions.all().delete()


# --- Conditions -------------------------------------------------------------------------------------------------------
def test_an_acceptance_becomes_whole_when_every_condition_is_met():
    application = make_application("conditional")
    condition, applicant = Condition.objects.get(), application.talent.user
    assert Clock.objects.of(condition).running().get().due_at.date() == condition.due
    assert Tenant.objects.count() == 0

    with pytest.raises(GuardFailed):
        actions.conditions_met(application=application, by=application.officer)
    show(application, condition, by=applicant, document=make_document(owner=applicant))
    meet(application, condition, by=application.officer)
    tenant = actions.conditions_met(application=application, by=application.officer)

    assert (application.state, tenant.stage) == ("accepted", "project_pre")
    assert not Clock.objects.of(condition).open().exists()
    assert told(application.officer)[-1] == "application-evidence"
    assert list(TransitionLog.objects.of(application).made()[:3].values_list("move", flat=True)) == [
        "conditions_met", "meet_condition", "show_evidence",
    ]  # fmt: skip
    assert told(applicant)[-3:] == ["application-conditional", "application-condition-met", "application-accepted"]


def test_a_condition_is_met_by_a_paper_or_for_a_reason_that_is_written_down():
    application = make_application("conditional")
    condition = Condition.objects.get()

    with pytest.raises(GuardFailed):
        meet(application, condition, by=application.officer)
    meet(application, condition, by=application.officer, why="Seen in the laboratory.")

    with pytest.raises(GuardFailed):
        meet(application, condition, by=application.officer, why="Again.")


def test_nobody_shows_or_finds_the_conditions_of_others():
    application = make_application("conditional")
    condition, stranger = Condition.objects.get(), make_application().talent.user

    with pytest.raises(NotYours):
        show(application, condition, by=stranger, words="Done.")
    with pytest.raises(NotYours):
        meet(application, condition, by=application.talent.user, why="Done.")
    with pytest.raises(GuardFailed):
        show(application, condition, by=application.talent.user, document=make_document(owner=stranger))


def test_the_words_and_the_day_of_a_condition_stand_as_decided():
    make_application("conditional")

    with pytest.raises(DatabaseError), transaction.atomic():
        Condition.objects.update(due=dt.date(2090, 1, 1))


def test_both_sides_are_told_of_a_condition_in_time_and_only_people_end_it():
    application, decider = make_application("conditional"), make_officer()
    condition = Condition.objects.get()

    with pytest.raises(GuardFailed):
        actions.lapse(application=application, by=decider, note="No result came.")
    with time_machine.travel(timezone.now() + dt.timedelta(days=50)):
        watch_clocks()
    with time_machine.travel(timezone.now() + dt.timedelta(days=70)):
        watch_clocks()
        assert Application.objects.get().state == "conditional"
        actions.lapse(application=application, by=decider, note="No result came.")

    assert told(application.talent.user)[-2:] == ["application-condition-due", "application-rejected"]
    assert "application-condition-late" in told(application.officer)
    assert application.decisions.first().reason_code == "conditions"
    assert not Clock.objects.of(condition).open().exists()


@pytest.mark.parametrize("state", ["conditional", "waitlisted"])
def test_what_is_not_decided_for_good_can_be_withdrawn_and_taken_back(state):
    application = make_application(state)
    conditions = Condition.objects.count()

    actions.withdraw(application=application, by=application.talent.user)
    assert not Clock.objects.running().exists()
    actions.undo_withdraw(application=application, by=application.talent.user)

    assert application.state == state
    assert Clock.objects.running().count() == conditions


def test_who_waits_can_still_be_accepted():
    application = make_application("waitlisted")

    actions.accept(application=application, by=make_officer())

    assert list(application.decisions.values_list("number", "outcome")) == [(2, "accepted"), (1, "waitlisted")]


# --- The second look --------------------------------------------------------------------------------------------------
def test_a_second_look_is_given_by_somebody_who_had_no_hand_in_the_first():
    application = make_application("rejected")
    first = application.decisions.get().decided_by
    other = make_officer()

    actions.ask_second_look(
        application=application, by=application.talent.user, ground="error", text="The patent is granted."
    )
    assert (application.state, running(application)) == ("reconsideration", ["second_look"])
    for somebody in (first, application.officer):
        with pytest.raises(SecondPersonNeeded):
            actions.overturn(application=application, by=somebody, note="It is.")
    tenant = actions.overturn(application=application, by=other, note="The patent was granted in May.")

    asked = SecondLook.objects.get()
    assert (asked.decision.outcome, asked.answer.outcome) == ("rejected", "accepted")
    assert (asked.answer.proposed_by, asked.answer.decided_by) == (first, other)
    assert tenant.application == application
    assert "application-look-again" in told(other)
    assert "application-look-again" not in told(first)


def test_a_second_look_is_given_once():
    application = make_application("reconsideration")
    actions.uphold(application=application, by=make_officer(), note="The patent is of another firm.")
    assert (application.state, running(application)) == ("rejected", [])
    assert told(application.talent.user)[-1] == "application-upheld"

    with pytest.raises(GuardFailed) as refusal:
        actions.ask_second_look(application=application, by=application.talent.user, ground="error", text="Look again.")

    assert refusal.value.code == "once"
    assert actions.ask_until(application) is None


def test_a_second_look_is_asked_for_within_ten_working_days():
    application = make_application("rejected")
    until = actions.ask_until(application)

    with time_machine.travel(until + dt.timedelta(minutes=1)), pytest.raises(GuardFailed) as refusal:
        actions.ask_second_look(application=application, by=application.talent.user, ground="error", text="Look.")

    assert refusal.value.code == "too-late"


@pytest.mark.parametrize("target", ["submitted", "screening", "accepted", "withdrawn", "closed", "conditional"])
def test_the_database_lets_a_refusal_be_left_by_a_second_look_only(target):
    application = make_application("rejected")

    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state=target)


@pytest.mark.parametrize("state", ["accepted", "closed"])
def test_the_database_keeps_what_is_over(state):
    application = make_application(state)

    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state="submitted")


# --- A long walk ------------------------------------------------------------------------------------------------------
def test_ten_thousand_random_steps_never_leave_the_table():
    """The table alone: whatever is pressed, a state the table knows is reached, by a move that it lists."""
    rng, machine, state, seen = random.Random(7), states.MACHINE, "draft", set()
    names = [move.name for move in machine.moves if move.origins]
    for _step in range(20_000):
        move = machine.find(rng.choice(names))
        if state in move.origins:
            state = move.leads_to(state)
            assert state in states.State.values
        seen.add(state)
        if state in machine.finals:
            assert machine.moves_from(state) == ()
            state = "draft"

    assert seen == set(states.State.values)


def test_a_random_walk_of_real_steps_ends_where_the_database_allows():
    """Real rows: each listed move is taken, each other refused, and every constraint and trigger stands by."""
    rng, made = random.Random(11), 0
    application = make_application()
    for _step in range(300):
        state = application.state
        listed = states.MACHINE.moves_from(state)
        move = rng.choice(listed if rng.random() < 0.4 else [each for each in states.MOVES if each.origins])
        try:
            with transaction.atomic():
                apply_move(
                    states.MACHINE, application, move.name, by=None, may=lambda *_: True, note="x",
                    reason_code="plan", changes={"decided_at": timezone.now()},
                )  # fmt: skip
            made += 1
        except NotInTable:
            assert state not in move.origins
        else:
            assert state in move.origins
        if application.state in states.MACHINE.finals:
            assert not Clock.objects.of(application).open().exists()
            application = make_application()

    assert made > 50
    assert TransitionLog.objects.made().exclude(target__in=states.State.values).count() == 0
    assert may_make(None, states.MACHINE.find("close_review"), application)
