"""The review meeting, verb by verb: quorum, recusal, scores that nobody reads before the hour, votes, signatures."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from incubation.intake.models import CoApplicant, Decision
from incubation.review import actions, meeting_states, minutes, sealed
from incubation.review.actions.declaring import keep_off
from incubation.review.models import AgendaItem, Attendance, Ballot, LiveScore, Meeting, Recusal
from park.letters import actions as letters
from park.letters.access import readable_by
from park.letters.models import Letter
from park.notices.models import Notice
from park.workflow.actions import GuardFailed, MoveRefused, NotInTable, NotYours, Stale
from park.workflow.models import TransitionLog
from tests.factories.accounts import make_staff, make_user
from tests.factories.meetings import (
    all_in,
    conduct,
    first,
    high,
    low,
    make_item,
    make_meeting,
    make_member,
    make_panel_files,
    resolve,
    score_all,
    seats,
    vote_all,
)
from tests.factories.review import GOOD, make_chair, make_expert, make_organiser
from tests.park.machine_checks import refused_pairs, try_refused_pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]
STOCK = [
    (make_panel_files, 1, 3),
    (make_panel_files, 2, 4),
    (make_meeting,),
    (make_meeting, "open"),
    (make_meeting, "closed", {"files": 1}),
    (make_item, "scoring"),
]


def refused_by_the_database(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        return True
    return False


def force(record, **fields) -> None:
    """Put a record where no verb would put it, past the triggers, for a test of the table alone."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        type(record)._base_manager.filter(pk=record.pk).update(**fields)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    record.refresh_from_db()


# --- The tables -------------------------------------------------------------------------------------------------------
def test_a_meeting_makes_no_move_that_its_table_does_not_list():
    meeting, by = make_meeting("signed", files=1), make_organiser()

    for origin, name in refused_pairs(meeting_states.MEETING):
        force(meeting, state=origin)
        try_refused_pair(meeting_states.MEETING, meeting, name, by=by)


def test_an_item_makes_no_move_that_its_table_does_not_list():
    item, by, now = make_item("proposed", files=1), make_organiser(), timezone.now()

    for origin, name in refused_pairs(meeting_states.ITEM):
        voted = {"result": "recommend", "resolved_at": now} if origin in meeting_states.VOTED else {
            "result": "", "resolved_at": None}  # fmt: skip
        force(item, state=origin, **voted)
        try_refused_pair(meeting_states.ITEM, item, name, by=by)


@pytest.mark.parametrize("state", meeting_states.ItemState.values)
def test_each_state_of_an_item_is_reached_by_the_verbs(state):
    assert make_item(state, files=1).state == state


# --- Before -----------------------------------------------------------------------------------------------------------
def test_whoever_is_invited_is_told_once_a_change():
    meeting = make_meeting()
    people = [seat.expert.user for seat in seats(meeting)] + [meeting.chair, meeting.secretary]
    experts = [seat.expert for seat in seats(meeting)]

    actions.change_meeting(meeting=meeting, by=make_organiser(), experts=experts, files=[], place="Hall 5")

    told = Notice.objects.filter(kind="meeting-invited", subject_id=meeting.pk)
    assert sorted(told.values_list("recipient", "version")) == sorted(
        (person.pk, version) for person in people for version in (1, 2)
    )
    meeting.refresh_from_db()
    assert (meeting.place, meeting.items.count()) == ("Hall 5", 2)


def test_a_plan_that_cannot_work_is_refused_in_words():
    with pytest.raises(GuardFailed, match="fewer than the quorum of 4"):
        make_meeting(experts=3, quorum=4)
    with pytest.raises(GuardFailed, match="two people"):
        chair = make_chair()
        make_meeting(chair=chair, secretary=chair)
    with pytest.raises(GuardFailed, match="does not have the duty to chair"):
        make_meeting(chair=make_user())


def test_a_file_waits_in_one_meeting_only():
    meeting = make_meeting()
    files = [item.file for item in meeting.items.select_related("file__application")]
    experts = [seat.expert for seat in seats(meeting)]
    second = Meeting(name="Other", name_en="Other", starts_at=meeting.starts_at, ends_at=meeting.ends_at,
                     place="Hall 3", chair=meeting.chair, secretary=meeting.secretary, quorum=2)  # fmt: skip

    with pytest.raises(MoveRefused, match="on the agenda of another meeting"):
        actions.plan_meeting(meeting=second, files=files, experts=experts, by=make_organiser())


def test_a_meeting_opens_with_a_quorum_and_by_its_chair_alone():
    meeting = make_meeting()
    with pytest.raises(GuardFailed, match="0 members are here; the quorum is 2"):
        actions.open_meeting(meeting=meeting, by=meeting.chair)
    all_in(meeting)

    for other in (make_chair(), meeting.secretary, make_organiser()):
        with pytest.raises(NotYours):
            actions.open_meeting(meeting=meeting, by=other)

    actions.open_meeting(meeting=meeting, by=meeting.chair)
    assert meeting.state == "open"


# --- Quorum and recusal -----------------------------------------------------------------------------------------------
def test_who_steps_aside_counts_for_no_quorum_and_reads_nothing():
    meeting = make_meeting("open", quorum=3)
    item, gone = first(meeting), seats(meeting)[0].expert.user

    actions.step_aside(item=item, by=gone, kind="rival")

    with pytest.raises(GuardFailed, match="2 members without a conflict are here, 3 are needed"):
        actions.call_item(item=item, by=meeting.chair)
    assert TransitionLog.objects.of(item).filter(target="scoring").exclude(refusal="").exists()


def test_what_a_recused_member_scored_or_voted_counts_no_more():
    item = make_item("scoring", experts=4)
    people = [seat.expert.user for seat in seats(item.meeting)]
    for person in people[:3]:
        actions.score_live(item=item, by=person, scores=high())

    actions.step_aside(item=item, by=people[0], kind="family")
    actions.score_live(item=item, by=people[3], scores=high())

    item.refresh_from_db()
    assert item.state == "discussion"
    assert [score.seat.expert.user for score in sealed.live_scores(item)] == people[1:]
    with pytest.raises(MoveRefused):
        actions.score_live(item=item, by=people[0], scores=high())


def test_the_database_takes_no_score_and_no_vote_of_somebody_outside():
    item = make_item("scoring")
    late, recused = make_member(item.meeting), seats(item.meeting)[0]
    actions.step_aside(item=item, by=recused.expert.user, kind="rival")

    for seat in (late, recused):
        assert refused_by_the_database(
            lambda seat=seat: LiveScore.objects.create(item=item, seat=seat, turn=1, scores=GOOD, total=70)
        )
        assert refused_by_the_database(lambda seat=seat: Ballot.objects.create(item=item, seat=seat, choice="no"))


def test_a_tie_in_the_records_keeps_a_member_off_without_a_word():
    meeting = make_meeting()
    tied = make_expert(user=first(meeting).file.application.talent.user)
    experts = [*(seat.expert for seat in seats(meeting)), tied]
    actions.change_meeting(meeting=meeting, by=make_organiser(), experts=experts, files=[])
    seat = meeting.seats.get(expert=tied)

    with pytest.raises(GuardFailed, match="keep off"):
        actions.declare_for_meeting(meeting=meeting, by=tied.user, clear=[first(meeting)])

    assert (first(meeting).pk, "self") in seat.kept_off.values_list("item", "kind")


# --- Scores that nobody reads before the hour -------------------------------------------------------------------------
def test_scores_are_sealed_until_everybody_in_the_room_is_in():
    item = make_item("scoring")
    people = [seat.expert.user for seat in seats(item.meeting)]
    for person in people[:-1]:
        actions.score_live(item=item, by=person, scores=high())
        with pytest.raises(sealed.Sealed):
            sealed.live_scores(item)
        assert sealed.standings(item.meeting).rows == []

    actions.score_live(item=item, by=people[-1], scores=low())

    assert [score.total for score in sealed.live_scores(item)] == [100, 100, 20]


def test_the_database_shows_no_scores_before_all_are_in_and_lets_none_change_after():
    item = make_item("scoring")
    assert refused_by_the_database(lambda: AgendaItem.objects.filter(pk=item.pk).update(shown_turn=1))

    score_all(item)

    assert refused_by_the_database(lambda: LiveScore.objects.filter(item=item).update(total=100))
    assert refused_by_the_database(lambda: LiveScore.objects.filter(item=item).delete())


def test_who_leaves_the_room_is_waited_for_no_longer():
    item = make_item("scoring")
    *staying, leaving = seats(item.meeting)
    for seat in staying:
        actions.score_live(item=item, by=seat.expert.user, scores=GOOD)

    actions.attend(seat=leaving, by=item.meeting.secretary, came=False)

    item.refresh_from_db()
    assert (item.state, len(sealed.live_scores(item))) == ("discussion", 2)


def test_an_item_is_scored_once_more_where_opinions_lie_far_apart_and_no_second_time():
    item = make_item("scoring")
    score_all(item, [GOOD])
    with pytest.raises(GuardFailed, match="points apart; from 25 on"):
        actions.score_again(item=item, by=item.meeting.chair)

    other = make_item("rescoring")
    assert [score.total for score in sealed.live_scores(other)] == [20, 100, 20]
    score_all(other, [low(), high()])
    assert (other.state, other.shown_turn) == ("discussion", 2)
    with pytest.raises(GuardFailed, match="once more at most"):
        actions.score_again(item=other, by=other.meeting.chair)


def test_the_rank_follows_the_mean_and_a_tie_the_score_for_innovation():
    meeting = make_meeting("open", files=3)
    inventive = {"innovation": 5, "market": 3, "commercial": 3, "team": 0}  # 35 + 18 + 15 + 0 = 68
    plain = {"innovation": 3, "market": 3, "commercial": 5, "team": 2}  # 21 + 18 + 25 + 4 = 68
    items = list(meeting.items.all())
    for item, scores in zip(items, (plain, inventive, high()), strict=True):
        conduct(item, "scoring")
        score_all(item, [scores])
        actions.put_off(item=item, by=meeting.chair, note="Next time.")

    found = sealed.standings(meeting)

    assert [row.file.code for row in found.ranked] == [items[n].file.code for n in (2, 1, 0)]
    assert [row.rank for row in found.ranked] == [1, 2, 3]


# --- The vote ---------------------------------------------------------------------------------------------------------
def test_a_vote_needs_more_than_half_of_a_quorum():
    item = make_item("voting", experts=4)
    people = [seat.expert.user for seat in seats(item.meeting)]
    actions.vote(item=item, by=people[0], choice="no")
    with pytest.raises(GuardFailed, match="1 votes are in; the quorum is 2"):
        actions.close_vote(item=item, by=item.meeting.chair)
    vote_all(item, "recommend", "no")
    with pytest.raises(GuardFailed, match="more than half"):
        actions.close_vote(item=item, by=item.meeting.chair)
    with pytest.raises(sealed.Sealed):
        sealed.ballots(item)
    assert refused_by_the_database(
        lambda: AgendaItem.objects.filter(pk=item.pk).update(
            result="no", resolved_at=timezone.now(), state="resolved")
    )  # fmt: skip

    actions.vote(item=item, by=people[1], choice="recommend")
    actions.close_vote(item=item, by=item.meeting.chair)

    item.refresh_from_db()
    assert (item.result, sealed.ballots(item)["recommend"]) == ("recommend", 3)


def test_one_item_is_on_the_table_at_a_time():
    meeting = make_meeting("open")
    one, two = meeting.items.all()
    actions.call_item(item=one, by=meeting.chair)

    with pytest.raises(GuardFailed, match="Another item is on the table"):
        actions.call_item(item=two, by=meeting.chair)


def test_a_result_becomes_a_proposal_in_the_words_of_the_minutes():
    item = make_item("scoring", files=1)
    score_all(item)
    chair = item.meeting.chair
    actions.open_vote(item=item, by=chair)
    vote_all(item, "conditional")
    actions.close_vote(item=item, by=chair)
    with pytest.raises(MoveRefused, match="condition"):
        actions.propose_result(item=item, by=chair)
    actions.save_minutes(
        meeting=item.meeting, item=item, by=item.meeting.secretary, text="Long talk.", advice="See the fund.",
        conditions=[("Register the company", "2099-03-01"), ("", "")],
    )  # fmt: skip

    made = actions.propose_result(item=item, by=chair)

    assert (made.outcome, made.advice, made.proposed_by) == ("conditional", "See the fund.", chair)
    assert [str(each.due) for each in made.conditions.all()] == ["2099-03-01"]
    assert [line["score"] for line in made.scores] == ["4.0", "3.0", "3.0", "4.0"]
    item.refresh_from_db()
    assert (item.state, item.file.application.state) == ("proposed", "decided_pending")
    with pytest.raises(MoveRefused):
        actions.propose_result(item=item, by=chair)
    assert Decision.objects.filter(application=item.file.application).count() == 1


def test_minutes_of_two_open_pages_do_not_overwrite_each_other():
    item = make_item("discussion")
    write = {"meeting": item.meeting, "item": item, "by": item.meeting.secretary}
    actions.save_minutes(**write, text="First", version=0, edit="one")
    actions.save_minutes(**write, text="First, longer", version=0, edit="one")

    with pytest.raises(Stale):
        actions.save_minutes(**write, text="Second", version=0, edit="two")
    with pytest.raises(NotYours):
        actions.save_minutes(meeting=item.meeting, item=item, by=seats(item.meeting)[0].expert.user, text="Mine")
    with pytest.raises(GuardFailed, match="its words and a day"):
        actions.save_minutes(**write, text="", conditions=[("Register", "soon")])


# --- The end ----------------------------------------------------------------------------------------------------------
def test_a_meeting_closes_when_nothing_is_undone():
    meeting = make_meeting("open")
    one, two = meeting.items.all()
    resolve(one)
    with pytest.raises(GuardFailed, match="2 items are neither proposed nor put off"):
        actions.close_meeting(meeting=meeting, by=meeting.chair)
    actions.propose_result(item=one, by=meeting.chair)
    actions.put_off(item=two, by=meeting.secretary, note="No time left.")

    actions.close_meeting(meeting=meeting, by=meeting.chair)

    assert not Attendance.objects.filter(seat__meeting=meeting, left_at=None).exists()
    assert refused_by_the_database(lambda: Attendance.objects.create(seat=seats(meeting)[0], by=meeting.chair))


def test_two_people_sign_one_text_and_it_becomes_a_numbered_letter():
    meeting = make_meeting("closed")
    text = minutes.digest(meeting)
    with pytest.raises(GuardFailed, match="changed since you read it"):
        actions.sign(meeting=meeting, by=meeting.chair, digest="0" * 64)
    actions.sign(meeting=meeting, by=meeting.chair, digest=text)
    for who, refusal in ((meeting.chair, MoveRefused), (seats(meeting)[0].expert.user, MoveRefused)):
        with pytest.raises(refusal):
            actions.sign(meeting=meeting, by=who, digest=text)
    with pytest.raises(GuardFailed, match="cannot be changed now"):
        actions.save_minutes(meeting=meeting, by=meeting.secretary, text="Something else.")
    assert refused_by_the_database(lambda: Meeting.objects.filter(pk=meeting.pk).update(minutes="Changed"))
    assert refused_by_the_database(lambda: meeting.items.update(minutes="Changed"))

    actions.sign(meeting=meeting, by=meeting.secretary, digest=text)

    meeting.refresh_from_db()
    assert (meeting.state, meeting.digest, meeting.letter.kind) == ("signed", text, "review-result")
    assert text in str(meeting.letter.content)
    assert meeting.history.filter(digest=text, state="signed").exists()
    assert refused_by_the_database(lambda: Meeting.objects.filter(pk=meeting.pk).update(place="Elsewhere"))


def test_a_correction_makes_a_signature_void_and_keeps_it():
    meeting = make_meeting("closed", files=1)
    actions.sign(meeting=meeting, by=meeting.secretary, digest=minutes.digest(meeting))

    actions.correct_minutes(meeting=meeting, by=meeting.chair, note="A name is wrong.")
    actions.save_minutes(meeting=meeting, by=meeting.secretary, text="Corrected.")

    assert (meeting.signatures.count(), meeting.live_signatures.count()) == (1, 0)
    meeting.refresh_from_db()
    actions.sign(meeting=meeting, by=meeting.secretary, digest=minutes.digest(meeting))
    actions.sign(meeting=meeting, by=meeting.chair, digest=minutes.digest(meeting))
    meeting.refresh_from_db()
    assert meeting.state == "signed"


def test_the_signed_result_names_everybody_who_kept_off_and_is_read_by_two():
    meeting = make_meeting("open", experts=4)
    aside = seats(meeting)[0].expert
    actions.step_aside(item=first(meeting), by=aside.user, kind="teacher")
    for item in meeting.items.all():
        actions.put_off(item=item, by=meeting.chair, note="Next time.")
    actions.close_meeting(meeting=meeting, by=meeting.chair)
    for who in (meeting.secretary, meeting.chair):
        actions.sign(meeting=meeting, by=who, digest=minutes.digest(meeting))

    words = minutes.words(meeting)
    assert words["recusals"] == [f"{first(meeting).file.code}: {aside} (Teacher or student of an applicant)"]
    readers = {user for user in (meeting.chair, meeting.secretary, aside.user) if _reads(user)}
    assert readers == {meeting.chair, meeting.secretary}


def test_who_is_tied_to_a_file_neither_chairs_the_meeting_nor_keeps_its_minutes():
    meeting = make_meeting(files=1)
    tied, keeper = make_chair(), make_organiser()
    for user in (tied, keeper):
        CoApplicant.objects.create(application=first(meeting).file.application, user=user, role="editor")
    members = [seat.expert for seat in seats(meeting)]
    kept = {"meeting": meeting, "experts": members, "files": [], "by": make_organiser()}

    for part in ({"chair": tied}, {"secretary": keeper}):
        with pytest.raises(GuardFailed, match="has a tie to"):
            actions.change_meeting(**kept | part)
        meeting.refresh_from_db()
    with pytest.raises(NotYours):
        actions.change_meeting(**kept | {"by": keeper})
    meeting.refresh_from_db()
    assert actions.change_meeting(**kept | {"chair": make_chair()})


def test_a_chair_who_is_tied_later_reads_nothing_of_the_file_in_minutes_and_result(client):
    meeting = make_meeting("closed", files=2)
    item, other = meeting.items.select_related("file__application")
    keep_off(make_expert(meeting.chair), item.file.application, "rival", "", make_organiser())
    whole = minutes.digest(meeting)
    client.force_login(meeting.chair)

    address = reverse("review:meeting_result", args=[meeting.ref])

    text = client.get(address).text

    assert [each.file.code in text for each in (item, other)] == [False, True]
    assert "You keep off 1 file of this meeting" in text
    for who in (meeting.chair, meeting.secretary):
        actions.sign(meeting=meeting, by=who, digest=whole)
    meeting.refresh_from_db()
    assert [_reads(user) for user in (meeting.chair, meeting.secretary)] == [False, True]
    assert meeting.letter.get_absolute_url() not in client.get(address).text


def test_staff_who_read_letters_read_no_result_that_speaks_of_their_own_application():
    meeting = make_meeting("signed", files=1)
    rights = ("letters.view_letter", "letters.withdraw_letter", "review.read_results")
    free, tied, recused = (make_staff(*rights) for _each in range(3))
    application = first(meeting).file.application
    CoApplicant.objects.create(application=application, user=tied, role="editor")
    Recusal.objects.create(
        expert=make_expert(recused), application=application, kind="teacher", source="officer", by=make_organiser()
    )

    assert [_reads(user) for user in (free, tied, recused, make_staff(*rights[:2]))] == [True, False, False, False]
    with pytest.raises(NotYours):
        letters.withdraw(letter=meeting.letter, by=tied, reason="I do not like it.")


def _reads(user) -> bool:
    return readable_by(user).filter(pk__in=Letter.objects.filter(kind="review-result")).exists()


def test_a_meeting_that_is_called_off_gives_its_files_back():
    meeting = make_meeting()

    actions.call_off_meeting(meeting=meeting, by=make_organiser(), note="The chair is ill.")

    assert set(meeting.items.values_list("state", flat=True)) == {"put_off"}
    assert Notice.objects.filter(kind="meeting-called-off").count() == 5
    with pytest.raises(NotInTable):
        actions.open_meeting(meeting=meeting, by=meeting.chair)


def test_who_signed_as_secretary_does_not_sign_as_chair():
    meeting = make_meeting("closed", files=1)
    actions.sign(meeting=meeting, by=meeting.secretary, digest=minutes.digest(meeting))

    assert refused_by_the_database(
        lambda: Meeting.objects.filter(pk=meeting.pk).update(chair=meeting.secretary, secretary=meeting.chair)
    )
