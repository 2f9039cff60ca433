"""What the park asks for opens, and nothing else; what came back stands beside what was there before."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from incubation.intake import actions
from incubation.intake.actions import EditRefused, MoveRefused
from incubation.intake.models import Application
from incubation.intake.progress import Draft
from incubation.intake.tasks import remind_applicants
from park.notices.models import Notice
from park.workflow import tasks
from park.workflow.models import Clock
from tests.factories.intake import ANSWERS, add_paper, fill, make_application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def asked(**options) -> Application:
    application = make_application("screening")
    actions.ask(application=application, by=application.officer, note="Which clinic?", **options)
    return application


def test_only_the_field_that_was_asked_for_can_be_changed():
    application = asked(fields=["market.customers"])

    fill(application, "market", ANSWERS["market"] | {"customers": "Clinic A.", "readiness": "idea"})
    actions.answer(application=application, by=application.talent.user)

    first, second = application.revisions.order_by("number")
    assert second.answers["market"] == first.answers["market"] | {"customers": "Clinic A."}
    assert {key: each for key, each in second.answers.items() if key != "market"} == {
        key: each for key, each in first.answers.items() if key != "market"
    }
    with pytest.raises(EditRefused):
        fill(application, "market", ANSWERS["market"])


def test_a_task_of_which_nothing_was_asked_for_stays_shut():
    application = asked(fields=["market.customers"])

    with pytest.raises(EditRefused):
        fill(application, "money", ANSWERS["money"])


def test_a_question_that_an_open_answer_brings_up_is_open_too():
    application = asked(fields=["technology.ip_owner"])

    fill(application, "technology", ANSWERS["technology"] | {"ip_owner": "institute", "ip_consent": "yes"})

    assert Draft.of(application).form(Draft(application).definition.task("technology")).is_valid()


def test_only_the_paper_that_was_asked_for_can_be_changed():
    application = asked(fields=["papers.business_plan"])
    others = application.documents.get(paper="degree_certificate")
    task = Draft(application).definition.task("papers")

    add_paper(application, "business_plan")
    with pytest.raises(EditRefused):
        add_paper(application, "degree_certificate")
    with pytest.raises(EditRefused):
        actions.remove_document(application=application, task=task, entry=others, by=application.talent.user)

    assert sorted(application.documents.values_list("paper", flat=True)) == [
        "business_plan", "business_plan", "degree_certificate",
    ]  # fmt: skip


def test_the_page_of_a_task_asks_only_what_was_asked_for(client):
    application = asked(fields=["market.customers"])
    client.force_login(application.talent.user)

    page = client.get(reverse("intake:task", args=[application.ref, "market"]))

    assert 'name="customers"' in page.text
    assert 'name="readiness"' not in page.text
    assert "This stays as you sent it" in page.text


def test_what_is_asked_for_must_be_in_the_form_and_in_reason():
    application = make_application("screening")

    for options in ({"fields": ["market.songs"]}, {"tasks": ["songs"]}, {"working_days": 400}):
        with pytest.raises(MoveRefused):
            actions.ask(application=application, by=application.officer, note="Which?", **options)

    assert not application.requests.exists()


def test_the_officer_gives_the_time_for_the_answer():
    with time_machine.travel(dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)):
        application = asked(fields=["market.customers"], working_days=5)

    clock = Clock.objects.of(application).get(name="answer")
    assert (clock.working_days, clock.due_at) == (5, dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC))


def test_the_applicant_is_reminded_five_days_and_one_day_before_and_then_the_check_goes_on():
    def watch(day: int) -> list[str]:
        with time_machine.travel(dt.datetime(2026, 3, day, 2, tzinfo=dt.UTC)):
            tasks.watch_clocks()
            remind_applicants()
            remind_applicants()
        told = Notice.objects.filter(subject_id=application.pk, recipient=application.talent.user)
        return [kind for kind in told.order_by("pk").values_list("kind", flat=True) if "remind" in kind]

    with time_machine.travel(dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)):
        application = asked(fields=["market.customers"])  # due on the 16th

    assert watch(6) == []
    assert watch(9) == ["application-reminder"]
    assert watch(12) == ["application-reminder"]
    assert watch(13) == ["application-reminder", "application-last-reminder"]
    watch(17)
    application.refresh_from_db()
    request = application.requests.get()
    assert (application.state, request.was_answered, bool(request.closed_at)) == ("screening", False, True)
    assert (request.reminded_at.day, request.last_reminded_at.day) == (9, 13)


def test_the_officer_sees_old_beside_new(client):
    application = asked(fields=["market.customers", "papers.business_plan"])
    fill(application, "market", ANSWERS["market"] | {"customers": "Clinic A."})
    actions.answer(application=application, by=application.talent.user, text="As you wished.")
    client.force_login(application.officer)

    page = client.get(reverse("admin:intake_application_change", args=[application.pk]))

    entry = page.context["case"]["requests"][0]
    assert [row["old"] for section in entry["changes"] for row in section["rows"]] == ["Hospitals of the city."]
    assert [row["new"] for section in entry["changes"] for row in section["rows"]] == ["Clinic A."]
    assert "<del>Hospitals of the city.</del>" in page.text
    assert "<ins>Clinic A.</ins>" in page.text


def test_any_two_revisions_lie_side_by_side(client):
    application = asked(fields=["market.customers"])
    fill(application, "market", ANSWERS["market"] | {"customers": "Clinic A."})
    actions.answer(application=application, by=application.talent.user)
    client.force_login(application.officer)
    url = reverse("admin:intake_application_revisions", args=[application.pk])

    assert "<ins>Clinic A.</ins>" in client.get(url).text
    assert "<del>Clinic A.</del>" in client.get(url, {"from": "2", "to": "1"}).text
    assert "Nothing differs" in client.get(url, {"from": "1", "to": "1"}).text
    client.force_login(application.talent.user)
    assert client.get(url).status_code == 302
