"""Two people at the same moment: one effect, and the other learns what is true."""

import threading

import pytest
from django.db import connection

from incubation.intake import actions
from incubation.intake.actions import forming
from incubation.intake.models import Application, FormVersion, SecondLook
from incubation.journey.models import Tenant
from park.letters.models import Letter
from park.notices.models import Notice
from park.workflow.actions import MoveRefused
from park.workflow.models import Clock, TransitionLog
from tests.factories.intake import (
    make_application,
    make_conditions,
    make_draft,
    make_officer,
    make_panel_application,
    make_publisher,
    make_version,
)
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


def test_of_two_who_decide_a_proposal_differently_one_does_and_the_other_reads_why():
    application = make_panel_application("decided_pending", outcome="waitlisted", criterion="No desk is free.")
    first, second = make_officer(), make_officer()

    ends = at_once(
        lambda: actions.waitlist(application=fresh(application), by=first),
        lambda: actions.send_back(application=fresh(application), by=second, internal_note="Count again."),
    )

    made = application.decisions.get()
    assert sorted(ends) == ["", "not-in-table"]
    assert fresh(application).state == ("waitlisted" if ends[0] == "" else "panel_ready")
    assert (made.decided_at is None) == (made.returned_at is not None)
    assert Letter.objects.filter(prefix="DL").count() == (made.decided_at is not None)


def test_withdrawing_against_an_acceptance_with_conditions_leaves_no_clock_behind():
    application = make_application("in_review")
    decider, applicant = make_officer(), application.talent.user

    ends = at_once(
        lambda: actions.accept_with_conditions(
            application=fresh(application), by=decider, conditions=make_conditions()
        ),
        lambda: actions.withdraw(application=fresh(application), by=applicant),
    )

    assert ends[1] == ""  # before or after: what is not decided for good can be withdrawn
    assert fresh(application).state == "withdrawn"
    assert not Clock.objects.running().exists()


def test_a_second_look_that_is_asked_for_twice_at_once_is_asked_for_once():
    application = make_application("rejected")

    def ask():
        actions.ask_second_look(
            application=fresh(application), by=application.talent.user, ground="error", text="The patent is granted."
        )

    ends = at_once(ask, ask)

    assert sorted(ends) == ["", "not-in-table"]
    assert SecondLook.objects.count() == 1


def test_of_two_answers_to_a_second_look_one_stands():
    application = make_application("reconsideration")
    first, second = make_officer(), make_officer()

    ends = at_once(
        lambda: actions.uphold(application=fresh(application), by=first, note="It stands."),
        lambda: actions.overturn(application=fresh(application), by=second, note="It was wrong."),
    )

    accepted = fresh(application).state == "accepted"
    assert sorted(ends) == ["", "not-in-table"]
    assert Tenant.objects.count() == accepted
    assert SecondLook.objects.get().answer.outcome == ("accepted" if accepted else "rejected")


def test_of_putting_a_form_into_use_and_sending_it_back_one_happens():
    version, first, second = make_version("in_review"), make_publisher(), make_publisher()

    ends = at_once(
        lambda: forming.publish(form=FormVersion.objects.get(pk=version.pk), by=first),
        lambda: forming.return_for_changes(form=FormVersion.objects.get(pk=version.pk), by=second, note="Wait."),
    )

    version.refresh_from_db()
    assert sorted(ends) == ["", "not-in-table"]
    assert version.state == ("published" if ends[0] == "" else "draft")
    assert FormVersion.objects.filter(form=version.form, state="published").count() == 1


def test_of_two_versions_put_into_use_at_once_one_is_left_in_use():
    versions = [make_version("in_review"), make_version("in_review")]
    people = [make_publisher(), make_publisher()]

    ends = at_once(
        *[
            lambda v=version, p=person: forming.publish(form=FormVersion.objects.get(pk=v.pk), by=p)
            for version, person in zip(versions, people, strict=True)
        ]
    )

    assert ends == ["", ""]
    assert FormVersion.objects.filter(form=versions[0].form, state="published").count() == 1
