"""The officers' queue: what each question names, who stands in for whom, and what it costs."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incubation.intake import actions, queue
from incubation.intake.actions import MoveRefused
from incubation.intake.models import Application
from park.workflow import tasks
from park.workflow.models import Clock
from tests.factories.casework import make_absence, make_flag
from tests.factories.intake import make_application, make_officer

pytestmark = pytest.mark.django_db
LIST = "/admin/intake/application/"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def named(name: str, user) -> set[Application]:
    return set(Application.objects.filter(queue.question(name, user)))


def test_a_case_is_at_risk_from_seventy_per_cent_of_its_time_and_late_from_all_of_it():
    officer, monday = make_officer(), dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
    with time_machine.travel(monday):
        application = make_application("screening", officer=officer)  # due on Thursday at 17:00

    found = []
    for days in (1, 2, 3, 4):
        with time_machine.travel(monday + dt.timedelta(days, hours=1)):
            found.append([name for name in ("warning", "late") if application in named(name, officer)])

    assert found == [[], [], ["warning"], ["late"]]  # two of three days are used on Wednesday at 17:00


def test_a_case_that_waits_for_the_applicant_is_never_late():
    application = make_application("more_info")

    with time_machine.travel(timezone.now() + dt.timedelta(90)):
        assert named("late", application.officer) == set()
        assert named("applicant", application.officer) == {application}


def test_who_stands_in_finds_the_case_and_handles_it():
    application = make_application("screening")
    stranger, substitute = make_officer(), make_officer()
    with pytest.raises(MoveRefused):
        actions.pass_on(application=application, by=substitute)

    make_absence(application.officer, substitute)

    assert named("stand_in", substitute) == named("away", substitute) == {application}
    assert named("stand_in", stranger) == set()
    actions.pass_on(application=application, by=substitute)
    with pytest.raises(MoveRefused):  # whoever checked it does not decide, whosever case it is
        actions.accept(application=application, by=substitute)


def test_a_case_is_handed_over_when_its_officer_is_away(client):
    application, substitute = make_application("screening", officer=make_officer(name="Li Na")), make_officer()
    make_absence(application.officer, substitute)
    client.force_login(substitute)
    shown = client.get(LIST, {"queue": "away"}).text

    actions.hand_over(application=application, to=substitute, by=substitute)

    assert "Li Na, away until" in shown
    assert named("mine", substitute) == {application}
    assert named("away", substitute) == set()


def test_a_message_waits_until_somebody_of_the_park_answers():
    application = make_application("screening")
    officer = application.officer

    actions.write(application=application, text="Hello?", by=application.talent.user)
    waiting = named("written", officer)
    actions.write(application=application, text="Who knows them?", by=officer, visibility="staff")
    still = named("written", officer)
    actions.write(application=application, text="Yes.", by=officer)

    assert waiting == still == {application}
    assert named("written", officer) == set()


def test_the_counts_are_what_the_questions_name():
    officer = make_officer()
    for state in ("submitted", "screening", "more_info", "in_review", "rejected"):
        make_application(state, officer=officer)
    absent = make_application("screening")
    make_absence(absent.officer, officer)

    with CaptureQueriesContext(connection) as captured:
        counts = queue.counts(officer)

    assert counts == {name: len(named(name, officer)) for name in queue.LABELS}
    assert (counts["mine"], counts["stand_in"], counts["unassigned"], counts["applicant"]) == (3, 1, 1, 1)
    assert len([each for each in captured if "intake_application" in each["sql"]]) == 1


def test_list_and_home_cost_the_same_for_one_and_for_many(client):
    officer = make_officer()

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    make_application("screening", officer=officer)
    client.force_login(officer)
    addresses = [LIST, f"{LIST}?queue=late", reverse("admin:index")]
    one = [cost(address) for address in addresses]
    for _more in range(3):
        application = make_application("screening", officer=officer)
        actions.write(application=application, text="Hello?", by=application.talent.user)
        make_flag(application.talent)
        make_absence(make_application("screening").officer, officer)

    assert [cost(address) for address in addresses] == one


def test_broken_promises_stand_in_a_list_of_their_own(client):
    application = make_application("screening")
    due = Clock.objects.of(application).get(name="screening").due_at
    manager = make_officer()
    with time_machine.travel(due + dt.timedelta(days=1)):
        tasks.watch_clocks()
        client.force_login(manager)
        manager.user_permissions.add(*_right("view_clock"))

        page = client.get(reverse("admin:workflow_clock_changelist"), {"standing": "late"})

    assert application.ref in page.text
    assert Clock.objects.of(application).get().breached_at is not None


def _right(name: str):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename=name)


def test_what_is_usual_is_said_where_it_is_promised(client):
    monday = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
    for days in (1, 1, 1, 2, 3):
        with time_machine.travel(monday):
            application = make_application("screening")
        with time_machine.travel(monday + dt.timedelta(days)):
            actions.pass_on(application=application, by=application.officer)
    with time_machine.travel(monday):  # went silent, so it says nothing of the park
        silent = make_application("more_info")
    with time_machine.travel(monday + dt.timedelta(60)):
        tasks.watch_clocks()
        silent.refresh_from_db()
        actions.pass_on(application=silent, by=silent.officer)
        waiting = make_application()
        client.force_login(waiting.talent.user)

        pages = [client.get(reverse("intake:application", args=[waiting.ref])), client.get(reverse("intake:guide"))]

    for page in pages:
        assert "Usually 1 working day; nine of ten within 2.6." in page.text
