"""The way of a request, verb by verb: who may, what changes, who hears of it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from park.notices.models import Notice
from park.workflow.actions import MoveRefused, NotInTable, NotYours, history
from park.workflow.models import Clock
from services.intermediaries import actions, matching, upkeep
from services.intermediaries.models import Match, ServiceRequest
from services.intermediaries.states import FINAL, MACHINE, State
from tests.factories.accounts import make_staff, make_user
from tests.factories.facts import make_company, make_owner
from tests.factories.intermediaries import make_institution, make_licence, make_member, make_request, make_taken

pytestmark = pytest.mark.django_db


def told(kind, request):
    """Return who was told one thing about a request, by address."""
    return sorted(Notice.objects.about(kind, request.pk).values_list("recipient__email", flat=True))


def replies(request):
    return {match.institution_id: match.reply for match in request.matches.all()}


def officer():
    return make_staff("intermediaries.triage_servicerequest", "intermediaries.view_servicerequest")


def test_a_simple_need_is_matched_at_once_and_both_sides_hear_of_it():
    bank = make_institution()
    member, tenant = make_member(bank), make_company()
    owner = make_owner(tenant)

    request = make_request(tenant, owner)

    assert request.state == State.MATCHED
    assert replies(request) == {bank.pk: "waiting"}
    assert told("request-sent", request) == [owner.email]
    assert told("request-offered", request) == [member.email]


def test_the_best_three_are_asked_and_the_others_wait_in_reserve():
    banks = [make_institution() for _ in range(5)]

    request = make_request()

    assert list(request.matches.values_list("institution", "rank", "reply").order_by("rank")) == [
        (bank.pk, place, "waiting" if place <= 3 else "reserve") for place, bank in enumerate(banks, start=1)
    ]


def test_who_was_left_out_is_kept_with_every_reason():
    bank = make_institution(licensed=False)
    make_licence(bank, code="financial_permit", expires_on=dt.date(2026, 1, 31))
    make_institution()

    match = make_request().matches.get(institution=bank)

    assert match.reply == Match.Reply.EXCLUDED
    assert [reason for reason in match.reasons if not reason["met"]] == [
        {"code": "licence_lapsed", "met": False, "licence": "financial_permit", "ended": "2026-01-31"}
    ]


def test_a_request_is_numbered_within_its_year():
    year = timezone.now().astimezone(matching.BEIJING).year

    first, second = make_request(), make_request()

    assert (first.ref, second.ref) == (f"S-{year}-0001", f"S-{year}-0002")


def test_the_tenant_may_choose_whom_to_ask():
    first, second = make_institution(), make_institution()

    request = make_request(recipients=[second.pk])

    assert replies(request) == {first.pk: "reserve", second.pk: "waiting"}


@pytest.mark.parametrize("chosen", [[], ["left out"], ["a", "b", "c", "d"]])
def test_a_choice_outside_the_ranking_or_too_large_is_refused(chosen):
    fitting = {name: make_institution().pk for name in "abcd"}
    left_out = make_institution(licensed=False).pk

    with pytest.raises(actions.ChoiceRefused):
        make_request(recipients=[fitting.get(name, left_out) for name in chosen])

    assert not ServiceRequest.objects.exists()


def test_a_stranger_cannot_ask_for_a_tenant():
    with pytest.raises(NotYours):
        make_request(make_company(), by=make_user())


def test_a_need_that_an_officer_looks_at_first_waits_for_one():
    make_institution("seed_equity", type="vc_pe")
    someone = officer()

    request = make_request(need="equity_finance")

    assert request.state == State.OPEN
    assert not request.matches.exists()
    assert told("request-triage", request) == [someone.email]
    assert [clock.name for clock in Clock.objects.of(request).open()] == ["triage"]


def test_an_officer_matches_it():
    fund = make_institution("seed_equity", type="vc_pe")
    request = make_request(need="equity_finance")

    actions.triage(request=request, by=officer())

    assert (request.state, replies(request)) == (State.MATCHED, {fund.pk: "waiting"})


def test_an_officer_matches_for_what_it_turned_out_to_be():
    bank = make_institution()
    request = make_request(need="other")

    actions.triage(request=request, by=officer(), need="ip_pledge_finance")

    assert (request.need, replies(request)) == ("ip_pledge_finance", {bank.pk: "waiting"})


def test_only_an_officer_matches():
    make_institution("seed_equity", type="vc_pe")
    request = make_request(need="equity_finance")

    with pytest.raises(NotYours):
        actions.triage(request=request, by=make_staff())


def test_where_nobody_fits_the_request_stays_with_the_officer():
    someone = officer()
    request = make_request()

    with pytest.raises(actions.NobodyFits):
        actions.triage(request=request, by=someone)

    request.refresh_from_db()
    assert request.state == State.OPEN
    assert told("request-triage", request) == [someone.email]


def test_an_officer_answers_without_an_institution():
    tenant = make_company()
    owner = make_owner(tenant)
    request = make_request(tenant, owner, need="other")

    actions.answer(request=request, by=officer(), note="The library on floor 2 lends what you need.")

    assert request.state == State.CLOSED
    assert told("request-answered", request) == [owner.email]


def test_the_first_institution_takes_it_and_the_others_hear_of_it():
    first, second = make_institution(), make_institution()
    taker, other, tenant = make_member(first), make_member(second), make_company()
    owner = make_owner(tenant)
    request = make_request(tenant, owner)

    actions.take(request=request, institution=first, by=taker)

    assert request.state == State.TAKEN
    assert replies(request) == {first.pk: "taken", second.pk: "passed"}
    assert told("request-taken", request) == [owner.email]
    assert told("request-passed", request) == [other.email]
    assert [clock.name for clock in Clock.objects.of(request).open()] == ["contact"]


def test_a_request_is_not_taken_twice():
    first, second = make_institution(), make_institution()
    request = make_request()
    actions.take(request=request, institution=first, by=make_member(first))

    with pytest.raises(NotInTable):
        actions.take(request=request, institution=second, by=make_member(second))

    assert replies(request) == {first.pk: "taken", second.pk: "passed"}


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_at_once_one_has_it():
    banks = [make_institution() for _ in range(3)]
    hands = [(bank, make_member(bank)) for bank in banks]
    request = make_request()

    def try_to_take(hand):
        try:
            actions.take(request=ServiceRequest.objects.get(pk=request.pk), institution=hand[0], by=hand[1])
        except MoveRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(try_to_take, hands))

    assert sorted(outcomes) == [False, False, True]
    assert sorted(replies(request).values()) == ["passed", "passed", "taken"]


def test_a_person_who_left_the_institution_cannot_take():
    bank = make_institution()
    member = make_member(bank)
    request = make_request()
    member.memberships.update(ended_at=timezone.now())

    with pytest.raises(NotYours):
        actions.take(request=request, institution=bank, by=member)


def test_an_institution_that_was_not_asked_cannot_take():
    asked, in_reserve = make_institution(), make_institution()
    request = make_request(recipients=[asked.pk])

    with pytest.raises(NotYours):
        actions.take(request=request, institution=in_reserve, by=make_member(in_reserve))


def test_a_licence_that_lapsed_meanwhile_stops_the_taking():
    bank = make_institution()
    request = make_request()
    bank.licences.update(expires_on=timezone.localdate() - dt.timedelta(days=2))

    with pytest.raises(MoveRefused) as refusal:
        actions.take(request=request, institution=bank, by=make_member(bank))

    assert refusal.value.code == "licence-lapsed"
    assert replies(request) == {bank.pk: "waiting"}


def test_who_declines_says_why_and_the_tenant_reads_it():
    bank, _other = make_institution(), make_institution()
    tenant = make_company()
    owner = make_owner(tenant)
    request = make_request(tenant, owner)

    actions.decline(request=request, institution=bank, by=make_member(bank), code="full", note="Not before May.")

    match = request.matches.get(institution=bank)
    assert (request.state, match.reply, match.decline_code) == (State.MATCHED, "declined", "full")
    assert told("request-declined", request) == [owner.email]


def test_declining_needs_a_reason():
    bank = make_institution()
    request = make_request()

    with pytest.raises(MoveRefused):
        actions.decline(request=request, institution=bank, by=make_member(bank), code="")


def test_when_all_decline_the_next_are_asked():
    banks = [make_institution() for _ in range(5)]
    request = make_request()

    for bank in banks[:3]:
        actions.decline(request=request, institution=bank, by=make_member(bank), code="full")

    assert request.state == State.MATCHED
    assert [replies(request)[bank.pk] for bank in banks] == ["declined"] * 3 + ["waiting"] * 2


def test_when_nobody_is_left_an_officer_has_it():
    bank, someone, tenant = make_institution(), officer(), make_company()
    owner = make_owner(tenant)
    request = make_request(tenant, owner)

    actions.decline(request=request, institution=bank, by=make_member(bank), code="field")

    assert request.state == State.OPEN
    assert told("request-none", request) == [owner.email]
    assert told("request-triage", request) == [someone.email]


def test_who_was_asked_once_is_not_asked_again_by_the_officer():
    bank = make_institution()
    request = make_request()
    actions.decline(request=request, institution=bank, by=make_member(bank), code="field")

    with pytest.raises(actions.NobodyFits):
        actions.triage(request=request, by=officer())


def test_from_taken_to_closed():
    bank, tenant = make_institution(), make_company()
    owner = make_owner(tenant)
    request = make_taken(bank, tenant, by=owner)
    member = make_member(bank)

    actions.start(request=request, institution=bank, by=member)
    actions.deliver(request=request, institution=bank, by=member, outcome="helped", note="Facility letter signed.")
    actions.close(request=request, by=owner)

    assert (request.state, request.outcome) == (State.CLOSED, "helped")
    assert [log.move for log in reversed(history(request).made())] == [
        "ask",
        "match",
        "take",
        "start",
        "deliver",
        "close",
    ]
    assert told("request-delivered", request) == [owner.email]


def test_another_institution_cannot_go_on_with_it():
    first, second = make_institution(), make_institution()
    request = make_request()
    actions.take(request=request, institution=first, by=make_member(first))

    with pytest.raises(MoveRefused):
        actions.start(request=request, institution=second, by=make_member(second))


def test_the_tenant_takes_it_back_and_those_asked_hear_of_it():
    bank, tenant = make_institution(), make_company()
    member, owner = make_member(bank), make_owner(tenant)
    request = make_request(tenant, owner)

    actions.cancel(request=request, by=owner)

    assert (request.state, replies(request)) == (State.CANCELLED, {bank.pk: "passed"})
    assert told("request-cancelled", request) == [member.email]


def test_the_tenant_changes_what_is_shown():
    tenant = make_company()
    owner = make_owner(tenant)
    request = make_request(tenant, owner, share_contact=True)

    actions.share(request=request, by=owner, contact=False)

    assert request.share_contact is False


@pytest.mark.parametrize(
    ("move", "state"),
    [
        (move.name, state)
        for move in MACHINE.moves
        if move.origins
        for state in State.values
        if state not in move.origins
    ],
)
def test_a_move_that_the_table_does_not_list_is_refused(move, state):
    bank = make_institution()
    request = make_request()
    ServiceRequest.objects.filter(pk=request.pk).update(state=state, outcome="helped")
    request.refresh_from_db()
    someone = make_staff("intermediaries.triage_servicerequest")
    owner, member = make_owner(request.tenant), make_member(bank)
    def not_widened():
        raise MoveRefused

    verbs = {
        "match": lambda: actions.triage(request=request, by=someone),
        "answer": lambda: actions.answer(request=request, by=someone, note="Done."),
        "widen": lambda: actions.widen(request=request, by=someone) or not_widened(),
        "decline": lambda: actions.decline(request=request, institution=bank, by=member, code="full"),
        "give_back": not_widened,
        "take": lambda: actions.take(request=request, institution=bank, by=member),
        "start": lambda: actions.start(request=request, institution=bank, by=member),
        "deliver": lambda: actions.deliver(request=request, institution=bank, by=member, outcome="helped"),
        "close": lambda: actions.close(request=request, by=owner),
        "share": lambda: actions.share(request=request, by=owner, contact=True),
        "cancel": lambda: actions.cancel(request=request, by=owner),
        "expire": lambda: actions.expire(request=request),
    }

    with pytest.raises(MoveRefused):
        verbs[move]()

    request.refresh_from_db()
    assert request.state == state


# --- What the portal does by itself -----------------------------------------------------------------------------------
def clocks_of(request, name):
    return Clock.objects.of(request).filter(name=name)


def test_who_has_not_replied_is_reminded():
    bank = make_institution()
    member = make_member(bank)
    request = make_request()

    upkeep.remind_institutions(clocks_of(request, "reply"))

    assert told("request-reminder", request) == [member.email]


def test_after_the_time_to_reply_the_next_are_asked_too():
    banks = [make_institution() for _ in range(4)]
    request = make_request()

    upkeep.ask_the_next(clocks_of(request, "reply"))

    assert [replies(request)[bank.pk] for bank in banks] == ["waiting"] * 4


def test_after_the_time_to_reply_with_nobody_left_an_officer_hears_of_it():
    make_institution()
    someone = officer()
    request = make_request()

    upkeep.ask_the_next(clocks_of(request, "reply"))

    assert told("request-late", request) == [someone.email]


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (61, None),
        (60, "licence-ending"),
        (30, "licence-ending"),
        (7, "licence-ending"),
        (0, "licence-ending"),
        (-1, "licence-ended"),
    ],
)
def test_a_licence_is_spoken_of_before_it_ends(days, kind):
    bank = make_institution(licensed=False)
    member = make_member(bank)
    now = timezone.now()
    day = now.astimezone(matching.BEIJING).date()
    licence = make_licence(bank, expires_on=day + dt.timedelta(days=days))

    upkeep.warn_of_licences(now)
    upkeep.warn_of_licences(now)

    found = Notice.objects.filter(kind__startswith="licence-", subject_id=licence.pk)
    assert [(notice.kind, notice.recipient) for notice in found] == ([(kind, member)] if kind else [])


def test_a_licence_that_was_renewed_under_another_number_is_not_spoken_of():
    bank = make_institution(licensed=False)
    make_member(bank)
    today = timezone.localdate()
    make_licence(bank, expires_on=today + dt.timedelta(days=5))
    make_licence(bank, expires_on=today + dt.timedelta(days=900))

    upkeep.warn_of_licences()

    assert not Notice.objects.filter(kind__startswith="licence-").exists()


def test_silence_of_45_days_ends_a_request_and_a_word_keeps_it():
    make_institution()
    tenant = make_company()
    owner = make_owner(tenant)
    quiet, spoken_of = make_request(), make_request(tenant, owner)
    later = timezone.now() + dt.timedelta(days=46)
    with time_machine.travel(later - dt.timedelta(days=1)):
        actions.share(request=spoken_of, by=owner, contact=True)

    upkeep.end_the_silent(later)

    quiet.refresh_from_db(), spoken_of.refresh_from_db()
    assert (quiet.state, spoken_of.state) == (State.EXPIRED, State.MATCHED)


def test_what_was_delivered_closes_after_14_days():
    bank = make_institution()
    request = make_taken(bank)
    actions.start(request=request, institution=bank, by=make_member(bank))
    actions.deliver(request=request, institution=bank, by=make_member(bank), outcome="helped")

    upkeep.end_the_silent(timezone.now() + dt.timedelta(days=15))

    request.refresh_from_db()
    assert request.state == State.CLOSED


def test_every_final_state_stops_every_clock():
    tenant = make_company()
    owner = make_owner(tenant)
    make_institution()
    request = make_request(tenant, owner)

    actions.cancel(request=request, by=owner)

    assert request.state in FINAL
    assert not Clock.objects.of(request).open().exists()


def test_where_nobody_fits_the_reasons_are_kept_until_it_is_matched():
    bank = make_institution(licensed=False)

    request = make_request()
    kept = request.matches.get()
    make_licence(bank, code="financial_permit")
    actions.triage(request=request, by=officer())

    assert (kept.reply, kept.institution) == ("excluded", bank)
    assert replies(request) == {bank.pk: "waiting"}
