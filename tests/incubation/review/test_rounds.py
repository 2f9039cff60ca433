"""What happens to rubrics, rounds and reviews, verb by verb."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from incubation.review import actions, states
from incubation.review.models import Criterion, ReadingCopy, Recusal, Review, RoundFile, Rubric, Sheet
from park.notices.models import Notice
from park.workflow.actions import GuardFailed, MoveRefused, NotYours, Stale
from park.workflow.models import Clock, TransitionLog
from tests.factories.accounts import make_staff, make_user
from tests.factories.intake import make_officer
from tests.factories.review import (
    GOOD,
    bring,
    make_candidate,
    make_chair,
    make_expert,
    make_files,
    make_organiser,
    make_review,
    make_round,
    make_rubric,
    make_scoring_round,
    score,
    typed,
)
from tests.park.machine_checks import refused_pairs, try_refused_pair

pytestmark = pytest.mark.django_db


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def refused_by_the_database(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        return True
    return False


# --- The tables -------------------------------------------------------------------------------------------------------
def test_a_round_makes_no_move_that_its_table_does_not_list():
    round, by = make_round(), make_organiser()

    for origin, name in refused_pairs(states.ROUND):
        type(round).objects.filter(pk=round.pk).update(state=origin)
        round.refresh_from_db()
        try_refused_pair(states.ROUND, round, name, by=by)


def test_a_review_makes_no_move_that_its_table_does_not_list():
    review, by, now = make_review(), make_organiser(), timezone.now()

    for origin, name in refused_pairs(states.REVIEW):
        Review.objects.filter(pk=review.pk).update(state=origin, declared_at=now, sent_at=now)
        review.refresh_from_db()
        try_refused_pair(states.REVIEW, review, name, by=by)


def test_each_state_of_a_review_is_reached_by_a_verb():
    reached = {make_review(state).state for state in ("assigned", "open", "sent", "recused", "declined")}
    relieved = make_review()
    make_expert()
    actions.replace(review=relieved, by=make_organiser())
    released = make_scoring_round(files=1, experts=3, experts_per_file=3, minimum=2)
    first, second, third = Review.objects.filter(file__round=released)
    for each in (first, second):
        bring(each, "sent")
    actions.call_panel(round=released, by=make_chair())
    for each in (relieved, third):
        each.refresh_from_db()

    assert reached | {relieved.state, third.state} == set(states.ReviewState.values)


# --- Rubrics ----------------------------------------------------------------------------------------------------------
def test_the_first_rubric_weighs_as_the_rules_of_the_park_say():
    rubric = make_rubric()

    weights = {each.key: each.weight for each in rubric.items}
    assert weights == {"innovation": 35, "market": 30, "commercial": 25, "team": 10}
    assert all(len(each.anchors) == 6 for each in rubric.items)
    assert [score for score in rubric.scores if rubric.needs_reason(score)] == [0, 1, 2, 5]


def test_a_published_rubric_is_never_changed_not_even_in_sql():
    rubric = make_rubric()
    criteria = Criterion.objects.filter(rubric=rubric)

    assert refused_by_the_database(lambda: Rubric.objects.filter(pk=rubric.pk).update(highest=4))
    assert refused_by_the_database(lambda: criteria.update(weight=25))
    assert refused_by_the_database(lambda: criteria.first().delete())


def test_the_next_version_is_a_copy_that_is_published_when_it_is_whole():
    editor = make_staff("review.add_rubric", "review.publish_rubric")
    draft = actions.new_version(rubric=make_rubric(), by=editor)
    draft.criteria.filter(key="team").update(weight=20)

    with pytest.raises(GuardFailed, match="add up to 110"):
        actions.publish(rubric=draft, by=editor)
    assert refused_by_the_database(lambda: Rubric.objects.filter(pk=draft.pk).update(published_at=timezone.now()))

    draft.criteria.filter(key="innovation").update(weight=25)
    actions.publish(rubric=Rubric.objects.get(pk=draft.pk), by=editor)
    assert (draft.number, Rubric.objects.get(pk=draft.pk).is_published) == (2, True)


# --- Setting up -------------------------------------------------------------------------------------------------------
def test_a_round_is_ready_when_files_are_there_and_their_copies_approved_by_a_second_person():
    by = make_organiser()
    round = make_round(by)
    make_expert(), make_expert()

    with pytest.raises(GuardFailed, match="no files"):
        actions.ready(round=round, by=by)

    file = make_files(round, by, 1)[0]
    actions.ready(round=round, by=by)
    assert round.state == "assigning"
    assert file.copy.approved_by != file.copy.made_by


def test_a_copy_is_approved_by_another_person_and_then_stays():
    by = make_organiser()
    round = make_round(by)
    approved = make_files(round, by, 1)[0].copy
    application = make_candidate(round.call)
    fresh = actions.make_copy(file=actions.add_files(round=round, by=by, applications=[application])[0], by=by)

    with pytest.raises(GuardFailed, match="second person"):
        actions.approve_copy(copy=fresh, by=by)

    copies, now = ReadingCopy.objects, timezone.now()
    assert refused_by_the_database(lambda: copies.filter(pk=fresh.pk).update(approved_by=by, approved_at=now))
    assert refused_by_the_database(lambda: copies.filter(pk=approved.pk).update(title="Another"))
    assert refused_by_the_database(lambda: approved.papers.update(kind="cv"))


def test_nobody_without_the_duty_sets_up_a_round():
    round = make_round()

    for somebody in (make_user(), make_officer(), make_expert().user):
        with pytest.raises(NotYours):
            actions.ready(round=round, by=somebody)
        with pytest.raises(NotYours):
            actions.add_files(round=round, by=somebody)


# --- A plan and what follows ------------------------------------------------------------------------------------------
def test_a_confirmed_plan_gives_every_file_its_experts_and_tells_each_once():
    round = make_scoring_round(files=3, experts=3)

    assert {file.reviews.count() for file in round.files.all()} == {2}
    loads = [expert.reviews.count() for expert in {review.expert for review in Review.objects.all()}]
    assert loads == [2, 2, 2]
    review = Review.objects.first()
    assert told(review.expert.user) == ["round-assigned"]
    assert Clock.objects.of(review).get().due_at == round.due_at
    log = TransitionLog.objects.of(round).get(move="confirm_plan")
    assert log.versions == {"plan": 1, "rubric": 1}


def test_a_plan_is_confirmed_as_long_as_nothing_changed():
    by = make_organiser()
    round = make_round(by)
    make_expert(), make_expert()
    make_files(round, by, 1)
    actions.ready(round=round, by=by)
    plan = actions.make_plan(round=round, by=by)
    make_expert()

    with pytest.raises(GuardFailed, match="changed since"):
        actions.confirm_plan(round=round, by=by, plan=plan)

    assert Review.objects.count() == 0
    assert refused_by_the_database(lambda: type(plan).objects.filter(pk=plan.pk).update(seed=9))


def test_an_expert_declares_before_the_file_opens():
    review = make_review()
    by = review.expert.user

    with pytest.raises(GuardFailed):
        actions.save_scores(review=review, scores=typed(GOOD), by=by)
    assert refused_by_the_database(lambda: Review.objects.filter(pk=review.pk).update(state="open"))

    actions.declare(review=review, by=by)
    assert (review.state, review.declared_at is not None) == ("open", True)


def test_who_stepped_aside_is_never_assigned_to_that_application_again():
    review = make_review()
    expert, file = review.expert, review.file

    actions.recuse(review=review, by=expert.user, kind="coauthor", note="A paper of 2025.")

    recusal = Recusal.objects.get()
    assert (recusal.kind, recusal.source) == ("coauthor", "declared")
    assert refused_by_the_database(lambda: Review.objects.filter(pk=review.pk).update(state="open"))
    assert refused_by_the_database(recusal.delete)
    assert refused_by_the_database(lambda: Recusal.objects.update(note=""))
    again = RoundFile.objects.create(round=make_round(), application=file.application, code="P-01")
    assert refused_by_the_database(lambda: Review.objects.create(file=again, expert=expert))
    with pytest.raises(GuardFailed, match="stepped aside"):
        actions.replace(review=file.reviews.exclude(pk=review.pk).get(), to=expert, by=make_organiser())


def test_a_recusal_is_not_written_while_a_review_of_the_file_lives():
    review = make_review()

    def write():
        Recusal.objects.create(
            expert=review.expert, application=review.file.application, kind="other", source="officer",
            by=review.expert.user,
        )  # fmt: skip

    assert refused_by_the_database(write)


def test_the_park_may_record_a_recusal_and_the_expert_loses_the_file_at_once():
    review = make_review("open")

    actions.record_recusal(
        expert=review.expert, application=review.file.application, kind="family", note="Sister.", by=make_organiser()
    )

    review.refresh_from_db()
    assert review.state == "recused"
    assert not Review.objects.visible_to(review.expert.user).exists()


def test_declining_needs_a_reason_and_tells_the_organisers():
    organiser = make_organiser()
    review = make_review()

    with pytest.raises(MoveRefused):
        actions.decline(review=review, by=review.expert.user, note=" ")
    actions.decline(review=review, by=review.expert.user, note="I am abroad until May.")

    assert review.state == "declined"
    assert "review-given-back" in told(organiser)
    assert not Recusal.objects.exists()


def test_an_expert_is_replaced_by_whom_the_portal_suggests():
    review = make_review()
    fresh = make_expert()

    newer = actions.replace(review=review, by=make_organiser())

    review.refresh_from_db()
    assert (review.state, newer.expert, newer.in_place_of) == ("replaced", fresh, review)
    assert told(review.expert.user) == ["round-assigned", "review-relieved"]
    assert told(fresh.user) == ["review-assigned"]


# --- Scoring ----------------------------------------------------------------------------------------------------------
def test_scores_are_sent_whole_with_reasons_at_the_extremes():
    review = make_review("open")
    by = review.expert.user
    actions.save_scores(review=review, scores={"innovation": {"score": 5, "reason": ""}}, by=by)

    with pytest.raises(actions.scoring.Incomplete) as refusal:
        actions.send(review=review, by=by)

    assert set(refusal.value.faults) == {"innovation", "market", "commercial", "team"}
    sheet = score(review, {"innovation": 5, "market": 3, "commercial": 2, "team": 4})
    assert str(sheet.total) == "71.00"  # 35 + 18 + 10 + 8
    assert [line.reason_needed for line in sheet.lines.all()] == [True, False, True, False]
    assert refused_by_the_database(lambda: Sheet.objects.update(total=99))


def test_two_open_pages_do_not_overwrite_each_other():
    review = make_review("open")
    by = review.expert.user
    actions.save_scores(review=review, scores=typed(GOOD), by=by, version=0, edit="one")

    actions.save_scores(review=review, scores=typed(GOOD), by=by, version=0, edit="one")
    with pytest.raises(Stale):
        actions.save_scores(review=review, scores=typed(GOOD), by=by, version=0, edit="two")


def test_a_score_off_the_scale_is_refused():
    review = make_review("open")

    with pytest.raises(GuardFailed):
        actions.save_scores(review=review, scores={"team": {"score": 6}}, by=review.expert.user)


def test_nobody_scores_for_another():
    review = make_review("open")

    for somebody in (make_expert().user, make_organiser(), make_user()):
        with pytest.raises(NotYours):
            actions.save_scores(review=review, scores=typed(GOOD), by=somebody)


def test_own_scores_can_be_taken_back_until_the_others_are_in():
    first, second = Review.objects.filter(file=make_review("sent").file)
    second.refresh_from_db()
    by = first.expert.user

    actions.reopen(review=first, by=by)
    score(first, GOOD | {"team": 3})
    assert [str(sheet.total) for sheet in first.sheets.all()] == ["67.00", "69.00"]

    bring(second, "sent")
    with pytest.raises(GuardFailed, match="All reviews"):
        actions.reopen(review=first, by=by)


# --- The end ----------------------------------------------------------------------------------------------------------
def test_the_last_review_of_a_file_hands_its_application_to_the_panel():
    round = make_scoring_round(files=1)
    file = round.files.get()

    for review in file.reviews.all():
        bring(review, "sent")

    file.refresh_from_db()
    file.application.refresh_from_db()
    assert file.closed_at is not None
    assert file.application.state == "panel_ready"


def test_the_chair_closes_the_scoring_when_enough_is_in():
    round = make_scoring_round(files=1, experts=3, experts_per_file=3, minimum=2)
    first, second, late = Review.objects.filter(file__round=round)
    bring(first, "sent")
    chair = make_chair()

    with pytest.raises(GuardFailed, match="Fewer than 2"):
        actions.call_panel(round=round, by=chair)
    with pytest.raises(NotYours):
        actions.call_panel(round=round, by=make_organiser())

    bring(second, "sent")
    actions.call_panel(round=round, by=chair)
    late.refresh_from_db()
    assert (round.state, late.state) == ("panel", "released")
    assert round.files.get().application.state == "panel_ready"
    actions.close_round(round=round, by=chair)
    assert round.state == "closed"


def test_the_due_date_can_be_moved_and_the_clocks_follow():
    round = make_scoring_round()
    later = round.due_at + dt.timedelta(days=7)

    actions.extend(round=round, by=make_organiser(), due_at=later, note="Two experts fell ill.")

    assert set(Clock.objects.open().of_all(Review, Review.objects.values("pk")).values_list("due_at")) == {(later,)}
