"""Two people at the same moment: one effect, and the other learns what is true."""

import threading

import pytest
from django.db import connection

from incubation.intake import actions
from incubation.intake.models import Application
from incubation.journey.models import Tenant
from park.notices.models import Notice
from park.workflow.actions import MoveRefused
from park.workflow.models import TransitionLog
from tests.factories.intake import make_application, make_draft, make_officer
from tests.factories.workflow import fill_calendar

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def calendar():
    fill_calendar()


def at_once(*acts) -> list[str]:
    """Run acts in threads that start together; return how each ended: '' or why it was refused."""
    start, ends = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place, act):
        start.wait()
        try:
            act()
        except MoveRefused as refusal:
            ends[place] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def fresh(application) -> Application:
    return Application.objects.select_related("talent__user", "form", "call").get(pk=application.pk)


def test_of_two_officers_who_take_it_at_once_one_has_it():
    application = make_application()
    officers = [make_officer(), make_officer()]

    ends = at_once(*[lambda o=officer: actions.take(application=fresh(application), by=o) for officer in officers])

    assert sorted(ends) == ["", "not-in-table"]
    assert fresh(application).officer == officers[ends.index("")]


def test_of_two_who_accept_at_once_one_does_and_one_tenant_starts():
    application = make_application("in_review")
    deciders = [make_officer(), make_officer()]

    ends = at_once(*[lambda d=decider: actions.accept(application=fresh(application), by=d) for decider in deciders])

    assert sorted(ends) == ["", "not-in-table"]
    assert Tenant.objects.count() == 1
    assert Notice.objects.filter(kind="application-accepted").count() == 1


def test_withdrawing_against_accepting_has_one_winner():
    application = make_application("in_review")
    decider, applicant = make_officer(), application.talent.user

    ends = at_once(
        lambda: actions.accept(application=fresh(application), by=decider),
        lambda: actions.withdraw(application=fresh(application), by=applicant),
    )

    accepted = fresh(application).state == "accepted"
    assert sorted(ends) == ["", "not-in-table"]
    assert Tenant.objects.count() == accepted
    assert (ends[0] == "") == accepted


def test_an_application_that_is_sent_twice_is_sent_once():
    application = make_draft(filled=True)

    def send():
        actions.submit(
            application=fresh(application), by=application.talent.user, says_true=True, agrees_to_storage=True
        )

    ends = at_once(send, send)

    assert sorted(ends) == ["", "not-in-table"]
    assert fresh(application).revisions.count() == 1
    assert TransitionLog.objects.of(application).made().filter(move="submit").count() == 1


def test_many_who_send_at_once_get_numbers_without_gap_or_double():
    drafts = [make_draft(filled=True) for _ in range(6)]

    def sender(draft):
        return lambda: actions.submit(
            application=fresh(draft), by=draft.talent.user, says_true=True, agrees_to_storage=True
        )

    ends = at_once(*[sender(draft) for draft in drafts])

    numbers = sorted(Application.objects.values_list("ref", flat=True))
    assert ends == [""] * 6
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003", "0004", "0005", "0006"]
