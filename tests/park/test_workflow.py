"""A record moves only as its table says, by whom it says, once, and it is all written down."""

import threading

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.transaction import TransactionManagementError
from django.utils import translation

from park.accounts.models import User
from park.workflow import actions
from park.workflow.actions import apply_move, begin, history, open_moves, refusals_logged, verb
from park.workflow.machine import ClockRule, Machine, Move
from park.workflow.models import Clock, TransitionLog
from tests.factories.workflow import fill_calendar
from tests.park.machine_checks import refused_pairs, try_refused_pair
from tests.park.paper import MACHINE, Paper, State, may, papers, table_of_papers  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers")]
number = iter(range(1, 10_000))


def person(**fields):
    return User.objects.create(email=f"paper{next(number)}@park.example", **fields)


def writer():
    return person()


def reader(**fields):
    return person(is_staff=True, **fields)


def move(paper, name, by, **kwargs):
    return apply_move(MACHINE, paper, name, by=by, may=may, **kwargs)


# --- The table --------------------------------------------------------------------------------------------------------
def machine(*moves, finals=("sent",)):
    class Two(models.TextChoices):
        DRAFT = "draft"
        SENT = "sent"

    return Machine("two", Two, moves, finals=finals)


@pytest.mark.parametrize(
    ("moves", "finals", "fault"),
    [
        ([Move("send", "draft", "sent", "w", "Send")], (), "'sent' is a dead end"),
        (
            [Move("send", "draft", "gone", "w", "Send")],
            ("sent",),
            "'send' names 'gone', which is no state; 'sent' is never reached",
        ),
        ([Move("back", "sent", "draft", "w", "Back")], (), "'draft' is a dead end; 'sent' is never reached"),
        (
            [Move("send", "draft", "sent", "w", "Send", pauses="reading")],
            ("sent",),
            "'send' touches the clock 'reading', which nothing starts",
        ),
        (
            [Move("send", "draft", "sent", "w", "Send", other_than="check")],
            ("sent",),
            "'send' compares with 'check', which is no move",
        ),
        (
            [Move("send", "draft", "sent", "w", "Send"), Move("send", "sent", "draft", "w", "Send")],
            (),
            "two moves share a name",
        ),
        (
            [Move("send", "draft", "sent", "w", "Send"), Move("back", "sent", "draft", "w", "Back")],
            ("sent",),
            "'sent' is final, yet a move leaves it",
        ),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_on_import(moves, finals, fault):
    with pytest.raises(ImproperlyConfigured) as refusal:
        machine(*moves, finals=finals)

    assert str(refusal.value) == f"The table of 'two' is wrong: {fault}."


@pytest.mark.parametrize(("origin", "name"), refused_pairs(MACHINE))
def test_a_move_that_the_table_does_not_list_is_refused(origin, name):
    paper = Paper.objects.create(state=origin)

    try_refused_pair(MACHINE, paper, name, by=None)


def test_a_page_offers_only_the_moves_a_person_may_make():
    paper = Paper.objects.create(state=State.SENT)
    checker = reader()
    move(paper, "check", checker)

    assert [each.name for each in open_moves(MACHINE, paper, writer(), may)] == []
    assert [each.name for each in open_moves(MACHINE, paper, checker, may)] == ["ask", "check", "reject"]
    assert [each.name for each in open_moves(MACHINE, paper, reader(), may)] == ["ask", "check", "accept", "reject"]


# --- A move -----------------------------------------------------------------------------------------------------------
def test_a_move_changes_the_state_and_is_written_down():
    paper, who = Paper.objects.create(), writer()

    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        log = move(paper, "send", who, note="Here it is.", changes={"title": "On tea"}, versions={"form": 3})

    assert (paper.state, paper.title, paper.version) == (State.SENT, "On tea", 2)
    row = Paper.objects.get()
    assert (row.state, row.title, row.version) == (State.SENT, "On tea", 2)
    log.refresh_from_db()
    assert (log.move, log.origin, log.target, log.actor, log.note, log.request_id, log.versions, log.refusal) == (
        "send", "draft", "sent", who, "Here it is.", "r-1", {"form": 3}, ""
    )  # fmt: skip
    assert list(history(paper)) == [log]


def test_a_record_begins_with_a_line_in_its_log():
    paper, who = Paper.objects.create(), writer()

    begin(MACHINE, paper, "write", by=who, may=may)

    log = history(paper).get()
    assert (log.origin, log.target, log.move, log.actor) == ("", "draft", "write", who)


def test_only_a_move_without_origins_begins_a_record():
    with pytest.raises(actions.NotInTable):
        begin(MACHINE, Paper.objects.create(state=State.SENT), "send", by=writer())


def test_a_second_click_finds_the_work_done():
    paper, who = Paper.objects.create(), writer()
    stale = Paper.objects.get()
    move(paper, "send", who)

    with pytest.raises(actions.NotInTable) as refusal:
        move(stale, "send", who)

    assert str(refusal.value) == "“Send” is not possible now: it stands at “Sent”."
    assert (refusal.value.status, history(paper).count()) == (409, 1)


def test_who_read_an_older_version_is_told_so():
    paper = Paper.objects.create(state=State.SENT, version=4)

    with pytest.raises(actions.Stale):
        move(paper, "check", reader(), version=3)

    assert move(paper, "check", reader(), version=4).target == State.SENT


def test_a_move_of_somebody_else_is_refused():
    with pytest.raises(actions.NotYours) as refusal:
        move(Paper.objects.create(), "send", reader())

    assert refusal.value.status == 403


def test_the_right_is_asked_of_the_locked_row():
    paper = Paper.objects.create(title="old")
    Paper.objects.update(title="new")

    with pytest.raises(actions.NotYours):
        apply_move(MACHINE, paper, "send", by=writer(), may=lambda user, move, record: record.title == "old")


def test_a_reason_is_asked_for():
    paper = Paper.objects.create(state=State.SENT)

    with pytest.raises(actions.ReasonMissing):
        move(paper, "reject", reader())
    with pytest.raises(actions.ReasonMissing):
        move(paper, "ask", reader(), note="  ", reason_code="papers")

    assert move(paper, "reject", reader(), reason_code="off-topic").reason_code == "off-topic"


def test_a_guard_keeps_a_move_back():
    def guard(record):
        raise actions.GuardFailed("The title is missing.", code="title-missing")

    def old_fashioned(record):
        raise ValidationError("The title is missing.", code="title-missing")

    paper = Paper.objects.create()
    for each in (guard, old_fashioned):
        with pytest.raises(actions.GuardFailed) as refusal:
            move(paper, "send", writer(), guard=each)
        assert (str(refusal.value), refusal.value.code) == ("The title is missing.", "title-missing")
    assert Paper.objects.get().state == State.DRAFT


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"email": "wu.min@park.example"}, {"email": "wu.min+2@park.example"}),
        ({"name": "Wu  Min", "name_zh": "吴敏"}, {"name": "wu min", "name_zh": "吴 敏"}),
    ],
)
def test_four_eyes_belong_to_two_persons_not_to_two_accounts(first, second):
    def account(**fields):
        return User.objects.create(**{"email": f"eye{next(number)}@park.example", "is_staff": True} | fields)

    paper, one = Paper.objects.create(state=State.SENT), account(**first)
    move(paper, "check", one)

    for same in (one, account(**second)):
        with pytest.raises(actions.SecondPersonNeeded):
            move(paper, "accept", same)
    assert move(paper, "accept", account(name="Wu Min", name_zh="吴民")).target == State.ACCEPTED


def test_four_eyes_look_at_the_latest_check():
    paper, one, other = Paper.objects.create(state=State.SENT), reader(), reader()
    move(paper, "check", one)
    move(paper, "check", other)

    with pytest.raises(actions.SecondPersonNeeded):
        move(paper, "accept", other)
    move(paper, "accept", one)


def test_the_log_cannot_be_rewritten():
    log = move(Paper.objects.create(), "send", writer())

    for rewriting in (lambda: TransitionLog.objects.update(note="never"), log.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewriting()


def test_a_move_needs_a_transaction(monkeypatch):
    paper = Paper.objects.create()
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)

    with pytest.raises(TransactionManagementError):
        move(paper, "send", None)


# --- Refused tries ----------------------------------------------------------------------------------------------------
@verb
def hand_in(paper, by, title=""):
    return move(paper, "send", by, changes={"title": title} if title else None)


@verb
def hand_in_all(those, by):
    return [hand_in(paper, by) for paper in those]


def test_a_refused_try_is_written_down_after_the_rollback():
    paper, who = Paper.objects.create(), reader()

    with translation.override("zh-hans"), pytest.raises(actions.NotYours):
        hand_in(paper, who)

    log = history(paper).get()
    assert (log.move, log.origin, log.target, log.actor) == ("send", "draft", "sent", who)
    assert log.refusal == "not-yours: This step is not yours to take."
    assert list(history(paper).made()) == []


def test_of_a_verb_inside_a_verb_one_refusal_is_written_and_nothing_else_stays():
    first, second = Paper.objects.create(), Paper.objects.create(state=State.SENT)

    with pytest.raises(actions.NotInTable):
        hand_in_all([first, second], writer())

    assert not history(first).exists()
    assert history(second).get().refusal == "not-in-table: “Send” is not possible now: it stands at “Sent”."
    assert Paper.objects.get(pk=first.pk).state == State.DRAFT


def test_the_edge_may_be_drawn_by_hand():
    paper, who = Paper.objects.create(), reader()

    with pytest.raises(actions.NotYours), refusals_logged(), transaction.atomic():
        move(paper, "send", who)

    assert history(paper).refused().count() == 1


def test_acts_of_one_whole_stand_or_fall_together():
    those = [Paper.objects.create() for _one in range(2)]
    who, other = writer(), reader()

    with pytest.raises(actions.NotYours), actions.all_or_nothing():
        hand_in(those[0], who)
        hand_in(those[1], other)

    assert {Paper.objects.get(pk=paper.pk).state for paper in those} == {State.DRAFT}
    with actions.all_or_nothing():
        hand_in_all([Paper.objects.get(pk=paper.pk) for paper in those], who)
    assert {Paper.objects.get(pk=paper.pk).state for paper in those} == {State.SENT}


# --- What the database refuses ----------------------------------------------------------------------------------------
def test_a_constraint_speaks_in_its_own_words():
    @verb
    def shout(who):
        User.objects.filter(pk=who.pk).update(email="LOUD@park.example")

    with pytest.raises(actions.Conflict) as refusal:
        shout(writer())

    assert str(refusal.value) == "Write the e-mail address in small letters."
    assert (refusal.value.code, refusal.value.status) == ("an_address_is_kept_in_small_letters", 409)


def test_a_constraint_without_words_gets_a_plain_sentence():
    Paper.objects.create(title="On tea")
    with pytest.raises(actions.Conflict) as refusal:
        hand_in(Paper.objects.create(), writer(), title="On tea")
    assert str(refusal.value).startswith("This exists already:")

    with pytest.raises(actions.Conflict) as refusal:
        hand_in(Paper.objects.create(), writer(), title="silly")

    assert str(refusal.value) == "This breaks a rule of the record, so nothing was changed."


def test_our_own_fault_stays_an_error():
    with pytest.raises(DatabaseError):
        hand_in(Paper.objects.create(), writer(), title="x" * 51)


def test_a_deadlock_is_tried_again_twice():
    tries, answers = [], []

    @verb
    def unlucky(luck):
        tries.append(1)
        if len(tries) < luck:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$")
        return "done"

    def another_request():  # its connection is not in the transaction that the test will roll back
        try:
            answers.append(unlucky(3))
            tries.clear()
            unlucky(4)
        except actions.Conflict as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    request = threading.Thread(target=another_request)
    request.start()
    request.join()

    assert answers == ["done", "40P01"]


# --- Clocks of a move -------------------------------------------------------------------------------------------------
def test_moves_start_pause_and_resume_their_clocks():
    fill_calendar()
    paper, who, other = Paper.objects.create(), writer(), reader()

    move(paper, "send", who)
    clock = Clock.objects.of(paper).running().get()
    assert (clock.name, clock.working_days) == ("reading", 3)

    move(paper, "ask", other, note="Which tea?")
    assert Clock.objects.of(paper).paused().get() == clock

    move(paper, "answer", who)
    assert Clock.objects.of(paper).running().get() == clock

    move(paper, "reject", other, reason_code="off-topic")
    assert not Clock.objects.of(paper).open().exists()


def test_a_single_clock_and_a_single_origin_need_no_brackets():
    send = Move("send", State.DRAFT, State.SENT, "writer", "Send", starts=ClockRule("reading", 3), stops="asking")

    assert (send.origins, send.starts, send.stops) == (("draft",), (ClockRule("reading", 3),), ("asking",))
