"""What happens to an application, verb by verb."""

import datetime as dt
import itertools
from contextlib import suppress

import pgtrigger
import pytest
import time_machine
from django.db import transaction
from django.utils import timezone, translation

from incubation.facts.models import TenantFact
from incubation.intake import actions, states
from incubation.intake.access import may_make
from incubation.intake.models import Application, InfoRequest
from incubation.intake.progress import Draft
from incubation.journey.models import Tenant
from park.notices.models import Notice
from park.workflow.actions import GuardFailed, MoveRefused, NotInTable, NotYours, SecondPersonNeeded, Stale, apply_move
from park.workflow.models import Clock, TransitionLog
from park.workflow.tasks import watch_clocks
from talents.profiles.models import Consent, TalentState
from tests.factories.accounts import make_user
from tests.factories.intake import (
    ANSWERS,
    add_paper,
    fill,
    make_application,
    make_call,
    make_chair,
    make_co_applicant,
    make_draft,
    make_officer,
    posted,
)
from tests.factories.profiles import make_talent

pytestmark = pytest.mark.django_db


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def test_what_is_typed_into_several_tasks_at_once_is_kept_as_if_each_was_left_by_continue():
    talents = [make_talent(name="Zhao Ming") for _one in range(2)]
    one, other = (make_draft(talent) for talent in talents)
    for key in ("personal", "idea"):
        fill(one, key, ANSWERS[key])

    actions.save_all(
        application=other, data={key: posted(ANSWERS[key]) for key in ("personal", "idea")}, by=other.talent.user
    )

    def kept(application: Application) -> tuple:
        record = Application.objects.select_related("talent").get(pk=application.pk)
        words = {key: {**entry, "at": "", "by": ""} for key, entry in record.answers.items()}
        profile = (record.talent.name, record.talent.nationality, record.talent.born_on)
        acts = list(record.acts.order_by("pk").values_list("kind", "about"))
        return words, profile, acts, record.title, record.sector, record.leases.count()

    assert kept(other) == kept(one)
    with pytest.raises(NotYours):
        actions.save_all(application=other, data={}, by=make_user())
    hold(other, "idea", make_co_applicant(other).user)
    with pytest.raises(actions.BeingEdited):
        actions.save_all(application=other, data={"idea": posted(ANSWERS["idea"])}, by=other.talent.user)


def hold(application: Application, key: str, by) -> None:
    actions.claim_task(application=application, task=Draft(application).definition.task(key), by=by)


# --- The table --------------------------------------------------------------------------------------------------------
FINAL = (
    "intake.Application:what_is_over_stays_over",
    "intake.Application:a_refusal_is_left_by_a_second_look",
)
UNLISTED = [
    (state, move.name)
    for state, move in itertools.product(states.State.values, states.MOVES)
    if move.origins and state not in move.origins
]


def test_no_move_is_made_that_the_table_does_not_list():
    application, now, made = make_draft(), timezone.now(), []

    for state, name in UNLISTED:
        with pgtrigger.ignore(*FINAL):
            Application.objects.filter(pk=application.pk).update(state=state, submitted_at=now, decided_at=now)
        try:
            with transaction.atomic():
                apply_move(
                    states.MACHINE, application, name, by=None, may=lambda *_: True, note="x", reason_code="plan"
                )
            made.append((state, name))
        except NotInTable:
            pass

    assert len(UNLISTED) == 405
    assert made == []


RIGHTS = {
    states.APPLICANT: {"applicant"},
    states.OFFICER: {"officer", "case_officer"},
    states.CASE_OFFICER: {"case_officer"},
    states.DECIDER: {"officer", "case_officer"},
    states.CHAIR: {"chair"},
    states.PANEL: {"chair", "system"},
    states.SYSTEM: {"system"},
}


def test_a_move_is_made_by_those_it_belongs_to_and_by_nobody_else():
    application = make_draft()
    application.officer = make_officer()
    people = {
        "applicant": application.talent.user, "officer": make_officer(), "case_officer": application.officer,
        "chair": make_chair(), "stranger": make_user(), "system": None,
    }  # fmt: skip

    allowed = {
        move.name: {who for who, user in people.items() if may_make(user, move, application)} for move in states.MOVES
    }

    assert allowed == {move.name: RIGHTS[move.by] for move in states.MOVES}


def test_staff_never_act_on_an_application_of_their_own():
    officer = make_officer()
    application = make_application(talent=make_talent(user=officer))

    with pytest.raises(NotYours):
        actions.take(application=application, by=officer)


# --- Draft ------------------------------------------------------------------------------------------------------------
def test_a_draft_begins_with_what_the_profile_knows():
    talent = make_talent(name="Li Wen", born_on=dt.date(1990, 5, 3), nationality="DEU", foreign_chinese=True)

    application = make_draft(talent)

    draft = Draft.of(application)
    assert application.ref == application.draft_ref
    assert draft.state(draft.definition.task("personal")).is_done
    assert draft.values["personal.born_on"] == dt.date(1990, 5, 3)
    assert draft.state(draft.definition.task("idea")).state == "todo"


def test_a_second_application_asks_for_no_fact_that_is_known():
    first = make_application()

    second = Draft.of(actions.start(by=first.talent.user))

    done = {state.task.key for state in second.states if state.is_done}
    assert done == {"personal", "abroad", "degree"}


def test_what_is_wrong_is_kept_and_counted_once_the_person_pressed_continue():
    application = make_draft()

    fill(application, "people", {"team_size": "many", "team": ""}, checked=False)
    assert Draft.of(application).state(Draft(application).definition.task("people")).words == "In progress"

    fill(application, "people", {"team_size": "many", "team": ""})
    state = Draft.of(application).state(Draft(application).definition.task("people"))
    assert (state.words, application.answers["people"]["raw"]["team_size"]) == ("3 things to fix", ["many"])


def test_a_right_answer_goes_into_the_profile_when_the_person_continues():
    application = make_draft()

    fill(application, "degree", {"degree": "master", "degree_abroad": "no", "specialty": "Rails"})

    talent = type(application.talent).objects.get(pk=application.talent.pk)
    assert (talent.degree, talent.degree_abroad, talent.specialty) == ("master", False, "Rails")


def test_nobody_writes_in_the_draft_of_another():
    application = make_draft()
    task = Draft(application).definition.task("idea")

    with pytest.raises(NotYours):
        actions.save_answers(application=application, task=task, data={}, by=make_user())


def test_the_second_of_two_pages_learns_that_the_first_saved():
    application = make_draft()
    fill(application, "idea", {"title": "One"}, version=0, edit="page-one")

    with pytest.raises(Stale):
        fill(application, "idea", {"title": "Two"}, version=0, edit="page-two")

    application.refresh_from_db()
    assert application.title == "One"


def test_a_page_never_collides_with_its_own_saves():
    application = make_draft()

    for title in ("O", "On", "One"):
        fill(application, "idea", {"title": title}, version=0, edit="page-one", checked=False)

    assert application.title == "One"


def test_a_paper_is_needed_where_an_institute_owns_a_part():
    application = make_draft(filled=True, technology={"ip_owner": "institute"})

    draft = Draft.of(application)

    assert [paper.key for paper in draft.missing_papers(draft.definition.task("papers"))] == ["ip_statement"]
    assert [state.task.key for state in draft.unfinished] == ["papers"]


def test_a_foreign_passport_brings_one_more_question_and_one_more_paper():
    application = make_draft(filled=True, personal={"nationality": "DEU"})

    assert [state.task.key for state in Draft.of(application).unfinished] == ["personal", "papers"]


def test_the_file_of_another_cannot_be_added():
    application, other = make_draft(), make_draft()
    document = add_paper(other, "business_plan").document
    task = Draft(application).definition.task("papers")

    with pytest.raises(GuardFailed):
        actions.add_document(
            application=application, task=task, paper="business_plan", by=application.talent.user, document=document
        )


# --- Sending ----------------------------------------------------------------------------------------------------------
@time_machine.travel("2026-11-23T10:00:00+08:00")
def test_sending_gives_a_number_a_clock_a_revision_and_a_letter():
    officer = make_officer()
    application = make_draft(filled=True)

    actions.submit(application=application, by=application.talent.user, says_true=True, agrees_to_storage=True)

    assert (application.state, application.ref) == ("submitted", "LJ-2026-0001")
    assert application.revisions.get().answers["idea"]["title"] == "Lumen Weave"
    clock = Clock.objects.of(application).get()
    assert (clock.name, clock.due_at.isoformat()) == ("screening", "2026-11-26T09:00:00+00:00")
    assert told(application.talent.user) == ["application-sent"]
    assert told(officer) == ["application-arrived"]
    assert application.talent.consents.get().what == Consent.What.DATA_IN_CHINA
    assert type(application.talent).objects.get(pk=application.talent_id).state == TalentState.APPLICANT


def test_an_unfinished_application_is_not_sent_and_takes_no_number():
    application = make_draft()

    with pytest.raises(GuardFailed):
        actions.submit(application=application, by=application.talent.user, says_true=True, agrees_to_storage=True)

    application.refresh_from_db()
    assert (application.state, application.ref) == ("draft", application.draft_ref)
    complete = make_application()
    assert complete.ref.endswith("-0001")


def test_nothing_is_sent_without_both_declarations():
    application = make_draft(filled=True)

    with pytest.raises(GuardFailed):
        actions.submit(application=application, by=application.talent.user, says_true=True, agrees_to_storage=False)


def test_what_was_changed_after_the_reading_is_not_sent():
    application = make_draft(filled=True)
    read_at = application.saved_at
    fill(application, "needs", {"else": "One more thing"})

    with pytest.raises(Stale):
        actions.submit(
            application=application, by=application.talent.user, says_true=True, agrees_to_storage=True, read_at=read_at
        )


@pytest.mark.parametrize(("minutes", "sent"), [(29, True), (31, False)])
def test_a_call_closes_with_half_an_hour_of_grace(minutes, sent):
    application = make_draft(filled=True)
    closes = timezone.now() - dt.timedelta(minutes=minutes)
    application.call = make_call(closes_at=closes)
    application.save()

    with suppress(GuardFailed):
        actions.submit(application=application, by=application.talent.user, says_true=True, agrees_to_storage=True)

    application.refresh_from_db()
    assert (application.state == "submitted") == sent


def test_numbers_follow_each_other():
    assert [make_application().ref[-4:] for _ in range(3)] == ["0001", "0002", "0003"]


# --- Screening --------------------------------------------------------------------------------------------------------
def test_who_takes_an_application_is_named_to_the_applicant():
    application, officer = make_application(), make_officer(name="Li Na")

    actions.take(application=application, by=officer)

    letter = Notice.objects.get(recipient=application.talent.user, kind="application-taken")
    assert application.officer == officer
    assert letter.letter["subject"] == f"Li Na looks after your application · {application.ref}"


def test_the_letter_is_written_in_the_language_she_chose():
    talent = make_talent()
    talent.user.language = "zh-hans"
    talent.user.save()

    with translation.override("en"):
        make_application(talent=talent)

    letter = Notice.objects.get(recipient=talent.user, kind="application-sent").letter
    assert letter["language"] == "zh-hans"


def test_a_case_is_handed_over_and_the_next_officer_learns_of_it():
    officer, colleague = make_officer(), make_officer()
    application = make_application("screening", officer=officer)

    actions.hand_over(application=application, to=colleague, by=officer)

    assert application.officer == colleague
    assert "application-yours" in told(colleague)
    with pytest.raises(NotYours):
        actions.pass_on(application=application, by=officer)


def test_nobody_without_the_duty_gets_a_case():
    officer = make_officer()
    application = make_application("screening", officer=officer)

    with pytest.raises(GuardFailed):
        actions.hand_over(application=application, to=make_user(), by=officer)


def test_asking_stops_the_parks_clock_and_answering_lets_it_go_on():
    application = make_application("more_info")
    paused = Clock.objects.of(application).get(name="screening")
    assert paused.paused_at is not None

    fill(application, "market", {"customers": "The first clinic.", "readiness": "pilot"})
    actions.answer(application=application, by=application.talent.user, text="The first one.")

    assert application.state == "screening"
    assert Clock.objects.of(application).get(name="screening").paused_at is None
    assert Clock.objects.of(application).get(name="answer").stopped_at is not None
    assert application.revisions.first().number == 2
    assert InfoRequest.objects.get(application=application).answer == "The first one."


def test_only_what_was_asked_for_can_be_changed():
    application = make_application("more_info")

    with pytest.raises(actions.EditRefused):
        fill(application, "idea", {"title": "Something else"})


def test_a_sent_application_cannot_be_changed():
    application = make_application()

    with pytest.raises(actions.EditRefused):
        fill(application, "market", {"customers": "x"})


def test_without_an_answer_the_check_goes_on_and_both_sides_learn_it():
    application = make_application("more_info")

    with time_machine.travel(timezone.now() + dt.timedelta(days=30)):
        watch_clocks()

    application.refresh_from_db()
    assert application.state == "screening"
    assert told(application.talent.user)[-1] == "application-unanswered"
    assert told(application.officer)[-1] == "application-answer-came"


def test_a_late_check_is_told_to_every_officer_while_nobody_has_it():
    first, second = make_officer(), make_officer()
    make_application()

    with time_machine.travel(timezone.now() + dt.timedelta(days=30)):
        watch_clocks()
        watch_clocks()

    assert told(first).count("application-late") == told(second).count("application-late") == 1


# --- Decision ---------------------------------------------------------------------------------------------------------
def test_an_accepted_project_starts_as_a_tenant_in_the_first_stage():
    application = make_application("in_review")

    tenant = actions.accept(application=application, by=make_officer(), note="Welcome.")

    assert application.state == "accepted"
    team = tenant.organisation
    assert (tenant.stage, team.kind, team.name) == ("project_pre", "project", "Lumen Weave")
    assert team.memberships.get().user == application.talent.user
    assert tenant.enrolments.get(ended_on=None).stage == "project_pre"
    assert tenant.milestones.count() == 3
    assert TenantFact.objects.get(pk=tenant.pk).tenant_stage == "project_pre"
    assert told(application.talent.user)[-1] == "application-accepted"
    assert type(application.talent).objects.get(pk=application.talent_id).state == TalentState.RESIDENT


@pytest.mark.parametrize("state", ["screening", "in_review"])
def test_whoever_checked_an_application_does_not_decide_it(state):
    officer = make_officer()
    application = make_application(state, officer=officer)

    with pytest.raises(SecondPersonNeeded):
        actions.reject(application=application, by=officer, note="No.", reason_code="plan")

    assert application.talent.tenancies.count() == 0


def test_an_officer_who_got_the_case_does_not_decide_it_either():
    application, colleague = make_application("in_review"), make_officer()
    actions.hand_over(application=application, to=colleague, by=application.officer)

    with pytest.raises(GuardFailed):
        actions.accept(application=application, by=colleague)


def test_four_eyes_are_two_persons_and_not_two_accounts():
    officer = make_officer(name="Wu Min", name_zh="吴敏")
    application = make_application("in_review", officer=officer)

    with pytest.raises(SecondPersonNeeded):
        actions.accept(application=application, by=make_officer(name="Wu Min", name_zh="吴敏"))


def test_a_refusal_needs_its_reason_in_words():
    application = make_application("in_review")

    with pytest.raises(MoveRefused):
        actions.reject(application=application, by=make_officer(), note=" ", reason_code="plan")


def test_a_refused_try_is_in_the_log():
    officer = make_officer()
    application = make_application("in_review", officer=officer)

    with pytest.raises(SecondPersonNeeded):
        actions.accept(application=application, by=officer)

    assert TransitionLog.objects.of(application).refused().get().move == "accept"


def test_every_act_of_the_walk_is_in_the_log():
    application = make_application("accepted")

    moves = TransitionLog.objects.of(application).made().order_by("pk").values_list("move", flat=True)

    assert list(moves) == ["start", "submit", "take", "pass_on", "accept"]


# --- Changing one's mind ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["submitted", "screening", "more_info", "in_review"])
def test_a_withdrawal_can_be_taken_back_to_where_it_stood(state):
    application = make_application(state)

    actions.withdraw(application=application, by=application.talent.user, note="A stipend came.")
    assert application.state == "withdrawn"
    assert not Clock.objects.of(application).running().exists()

    actions.undo_withdraw(application=application, by=application.talent.user)
    assert application.state == state
    assert Clock.objects.of(application).running().count() == 1


def test_after_seven_days_a_withdrawal_stands():
    application = make_application("withdrawn")

    with time_machine.travel(timezone.now() + dt.timedelta(days=7, minutes=1)), pytest.raises(GuardFailed):
        actions.undo_withdraw(application=application, by=application.talent.user)


def test_a_decided_application_cannot_be_withdrawn():
    application = make_application("rejected")

    with pytest.raises(NotInTable):
        actions.withdraw(application=application, by=application.talent.user)


def test_a_draft_is_discarded_and_its_papers_stay_on_file():
    application = make_draft(filled=True)

    actions.discard(application=application, by=application.talent.user)

    assert application.state == "closed"
    assert application.talent.user.documents.count() == 2


def test_a_closed_case_tells_the_reason():
    application = make_application("closed")

    letter = Notice.objects.get(recipient=application.talent.user, kind="application-closed").letter
    assert "Sent twice." in letter["body"]


def test_officers_see_what_was_sent_and_never_a_draft():
    draft, sent = make_draft(), make_application()
    discarded = make_draft()
    actions.discard(application=discarded, by=discarded.talent.user)

    assert list(Application.objects.visible_to(make_officer())) == [sent]
    assert list(Application.objects.visible_to(draft.talent.user)) == [draft]
    assert Tenant.objects.count() == 0
