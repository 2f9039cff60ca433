"""The pages of a meeting: run by two, used by the members, shut for everybody who has no part or keeps off."""

import ast
from pathlib import Path

import pytest
from django.contrib import admin
from django.urls import reverse

from incubation.intake.models import CoApplicant
from incubation.review import actions, panel, sealed
from incubation.review.models import Ballot, KeptOff, LiveScore, Meeting
from tests.factories.accounts import make_staff, make_user
from tests.factories.meetings import conduct, first, make_item, make_meeting, make_member, score_all, seats, vote_all
from tests.factories.review import make_chair, make_expert, make_organiser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]
STOCK = [(make_meeting,), (make_meeting, "closed", {"files": 1}), (make_item, "scoring"), (make_item, "discussion")]
CANARY = {"innovation": 5, "market": 2, "commercial": 3, "team": 1}  # 35 + 12 + 15 + 2 = 64.00
ROOT = Path(__file__).resolve().parents[3]


def address(meeting, page="meeting") -> str:
    return reverse(f"review:{page}", args=[meeting.ref])


def act(client, item, do, **more):
    return client.post(address(item.meeting, "meeting_act"), {"do": do, "item": item.pk} | more, follow=True)


def sign_in(client, user):
    client.force_login(user)
    return client


def test_a_file_goes_from_the_call_to_the_proposal_by_pages_alone(client):
    item = make_item("waiting", files=1)
    chair, people = item.meeting.chair, [seat.expert.user for seat in seats(item.meeting)]
    sign_in(client, chair)
    assert "Call this file" in client.get(address(item.meeting)).content.decode()
    act(client, item, "call")
    for person in people:
        sign_in(client, person)
        page = act(client, item, "score", **{f"score-{key}": value for key, value in CANARY.items()})
        assert "Your score is in" in page.content.decode()
    sign_in(client, chair)
    assert "64.0" in act(client, item, "open_vote").content.decode()
    for person in people:
        act(sign_in(client, person), item, "vote", choice="reserve")
    sign_in(client, chair)
    act(client, item, "close_vote")
    words = {"item": item.pk, "version": "0", "edit": "page", "text": "Good talk.", "why": "No desk is free."}
    client.post(address(item.meeting, "meeting_minutes"), words)

    act(client, item, "propose")

    item.refresh_from_db()
    assert (item.state, item.decision.outcome, item.decision.criterion) == (
        "proposed", "waitlisted", "No desk is free.")  # fmt: skip


def test_nobody_finds_a_score_before_the_hour(client):
    item = make_item("scoring")
    person, *others = [seat.expert.user for seat in seats(item.meeting)]
    actions.score_live(item=item, by=person, scores=CANARY)
    readers = [item.meeting.chair, item.meeting.secretary, *others]

    for reader in readers:
        sign_in(client, reader)
        for page in ("meeting", "meeting_card", "meeting_room", "meeting_results"):
            text = client.get(address(item.meeting, page)).content.decode()
            assert "64.0" not in text and "64.00" not in text
        if page == "meeting_results":
            assert client.get(address(item.meeting, page)).context["experts"] == []
    staff = make_staff("review.view_meeting", "review.view_agendaitem", "review.manage_round", "review.read_results")
    sign_in(client, staff)
    assert client.get(address(item.meeting)).status_code == 404


def test_the_places_of_shown_scores_tell_members_nothing_about_people():
    item = make_item("scoring", files=1)
    score_all(item, [CANARY, CANARY | {"innovation": 4}, CANARY | {"innovation": 3}])
    scores = sealed.live_scores(item)
    member = scores[0].seat.expert.user

    shown = [row["total"] for row in panel.view(item.meeting, member).scores]

    assert shown == [score.total for score in sealed.shuffled(scores)]
    assert [row["total"] for row in panel.view(item.meeting, item.meeting.chair).scores] == [s.total for s in scores]
    tables = ([LiveScore(item_id=n, turn=1, seat_id=seat) for seat in (1, 2, 3)] for n in range(60))
    orders = {tuple(each.seat_id for each in sealed.shuffled(table)) for table in tables}
    assert len(orders) == 6  # all that there are: no place belongs to a seat


def test_live_scores_and_votes_have_no_other_door():
    assert LiveScore not in admin.site._registry and Ballot not in admin.site._registry
    named = set()
    for path in ROOT.rglob("*.py"):
        if {"migrations", "tests", ".venv", "var"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Name) and node.id in ("LiveScore", "Ballot"):
                named.add(path.relative_to(ROOT).as_posix())
    named -= {"services/demo/meetings.py"}  # writes what the demo's members scored; reads nothing
    assert named == {"incubation/review/sealed.py", "incubation/review/actions/agenda.py"}


def test_who_keeps_off_finds_neither_the_file_nor_its_figures(client):
    item = make_item("discussion", files=2)
    gone = seats(item.meeting)[0].expert.user
    actions.step_aside(item=item, by=gone, kind="rival")
    sign_in(client, gone)

    for page in ("meeting", "meeting_card", "meeting_room", "meeting_results", "meeting_declare"):
        text = client.get(address(item.meeting, page)).content.decode()
        assert item.file.code not in text
    assert "You keep off the file on the table" in client.get(address(item.meeting)).content.decode()
    assert client.get(address(item.meeting, "meeting_results")).context["experts"] == []
    assert act(client, item, "vote", choice="no").status_code == 404


def test_strangers_find_no_meeting_and_members_no_minutes(client):
    meeting = make_meeting("closed", files=1)
    stranger = make_expert().user
    for page in ("meeting", "meeting_card", "meeting_room", "meeting_results", "meeting_declare", "meeting_calendar"):
        assert sign_in(client, stranger).get(address(meeting, page)).status_code == 404
    sign_in(client, seats(meeting)[0].expert.user)
    assert client.get(address(meeting, "meeting_result")).status_code == 404
    assert client.post(address(meeting, "meeting_minutes"), {"text": "Mine"}).status_code == 404
    assert sign_in(client, make_user()).get(reverse("review:meetings")).context["ahead"] == []


def test_a_member_declares_for_the_whole_agenda_at_once(client):
    meeting = make_meeting()
    seat = make_member(meeting)
    sign_in(client, seat.expert.user)
    assert "2 files" in client.get(address(meeting)).content.decode()
    one, two = meeting.items.all()

    client.post(address(meeting, "meeting_declare"), {f"item-{one.pk}": "none", f"item-{two.pk}": "teacher"})

    assert list(seat.declarations.values_list("item", flat=True)) == [one.pk]
    assert seat.expert.recusals.get().application == two.file.application
    assert not KeptOff.objects.filter(seat=seat).exists()


def test_a_card_that_did_not_change_is_not_sent_again(client):
    item = make_item("scoring")
    sign_in(client, seats(item.meeting)[0].expert.user)
    stamp = client.get(address(item.meeting)).context["seen"].stamp

    assert client.get(address(item.meeting, "meeting_card"), {"seen": stamp}).status_code == 204
    score_all(item)
    assert client.get(address(item.meeting, "meeting_card"), {"seen": stamp}).status_code == 200


def test_minutes_keep_themselves_and_a_second_page_is_told(client):
    item = make_item("discussion")
    sign_in(client, item.meeting.secretary)
    url, quiet = address(item.meeting, "meeting_minutes"), {"headers": {"X-Autosave": "1"}}
    typed = {"item": item.pk, "version": "0", "edit": "one", "text": "So far", "condition": "Half", "due": ""}

    assert client.post(url, typed, **quiet).status_code == 200
    assert client.post(url, typed | {"edit": "two"}, **quiet).status_code == 409


def test_the_result_is_signed_on_its_page_and_leads_to_the_letter(client):
    meeting = make_meeting("closed", files=1)
    url = address(meeting, "meeting_result")
    for who in (meeting.chair, meeting.secretary):
        page = sign_in(client, who).get(url)
        client.post(url, {"sign": "1", "digest": page.context["digest"]})

    meeting.refresh_from_db()
    assert meeting.state == "signed"
    assert meeting.letter.number in client.get(url).content.decode()


def test_the_calendar_file_holds_the_meeting(client):
    meeting = make_meeting()
    answer = sign_in(client, meeting.secretary).get(address(meeting, "meeting_calendar"))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"UID:{meeting.ref}@" in answer.content.decode()
    assert f"DTSTART:{meeting.starts_at:%Y%m%dT%H%M%SZ}" in answer.content.decode()


def test_forty_items_cost_no_more_questions_than_two(client, django_assert_max_num_queries):
    small, large = make_meeting("open", files=2), make_meeting("open", files=5)
    costs = {}
    for meeting in (small, large):
        item = first(meeting)
        conduct(item, "voting")
        vote_all(item, "recommend")
        sign_in(client, meeting.chair)
        for page in ("meeting", "meeting_results"):
            client.get(address(meeting, page))
            with django_assert_max_num_queries(60) as asked:
                client.get(address(meeting, page))
            costs.setdefault(page, []).append(len(asked))

    assert all(one == two for one, two in costs.values())


def test_an_officer_plans_a_meeting_on_the_desk(client):
    meeting = make_meeting()  # its files, members and chair serve once more after it was called off
    actions.call_off_meeting(meeting=meeting, by=make_organiser(), note="The hall is flooded.")
    officer = make_staff(
        "review.manage_round", "review.view_meeting", "review.add_meeting", "review.change_meeting",
        "review.view_agendaitem",
    )  # fmt: skip
    sign_in(client, officer)
    files = list(meeting.items.values_list("file", flat=True))
    data = {
        "name_en": "Winter meeting", "name_zh_hans": "冬季评审会", "starts_at_0": "2099-01-05", "starts_at_1": "09:00",
        "ends_at_0": "2099-01-05", "ends_at_1": "12:00", "place": "Hall 2", "link": "", "chair": meeting.chair_id,
        "secretary": officer.pk, "quorum": "9", "spread_limit": "25", "language": "zh-hans", "files": files,
        "experts": [seat.expert_id for seat in seats(meeting)],
    }  # fmt: skip
    add = reverse("admin:review_meeting_add")
    assert "fewer than the quorum of 9" in client.post(add, data).content.decode()

    CoApplicant.objects.create(application=first(meeting).file.application, user=meeting.chair, role="editor")
    tied = client.post(add, data | {"quorum": "2"})
    assert (tied.status_code, "has a tie to" in tied.text, "Winter meeting" in tied.text) == (409, True, True)

    assert client.post(add, data | {"quorum": "2", "chair": make_chair().pk}).status_code == 302

    planned = Meeting.objects.get(name_en="Winter meeting")
    assert (planned.state, planned.items.count(), planned.seats.count()) == ("planned", 2, 3)
    page = client.get(reverse("admin:review_meeting_change", args=[planned.pk]))
    assert page.status_code == 200
    assert client.get(reverse("admin:review_meeting_changelist")).status_code == 200
