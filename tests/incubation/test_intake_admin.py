"""The officers' desk: the queue, the case, and its acts."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubation.intake import actions
from incubation.intake.models import Application
from park.workflow.models import TransitionLog
from tests.factories.accounts import make_administrator, make_staff, make_user
from tests.factories.intake import make_application, make_draft, make_officer

pytestmark = pytest.mark.django_db
QUEUE = "/admin/intake/application/"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def act(client, application, name, **data):
    application.refresh_from_db()
    return client.post(f"{QUEUE}{application.pk}/{name}/", {"version": application.version} | data)


def case(application) -> str:
    return f"{QUEUE}{application.pk}/change/"


def queue(client, name: str) -> list[Application]:
    return sorted(client.get(QUEUE, {"queue": name}).context["cl"].result_list, key=lambda record: record.pk)


def test_the_walk_of_two_officers(client):
    application, first, second = make_application(), make_officer(name="Li Na"), make_officer(name="Wu Min")

    client.force_login(first)
    act(client, application, "take")
    act(client, application, "pass-on", note="Complete.", internal_note="Strong team")
    client.force_login(second)
    response = act(client, application, "accept", note="Welcome.", internal_note="")

    application.refresh_from_db()
    assert response.url == case(application)
    assert (application.state, application.tenant.stage) == ("accepted", "project_pre")
    moves = TransitionLog.objects.of(application).made().order_by("pk").values_list("move", "actor__name")
    assert list(moves)[2:] == [("take", "Li Na"), ("pass_on", "Li Na"), ("accept", "Wu Min")]


def test_the_queue_answers_the_mornings_questions(client):
    officer = make_officer()
    waiting, mine = make_application(), make_application("screening", officer=officer)
    asked = make_application("more_info")
    in_review = make_application("in_review")
    make_draft(filled=True)
    make_application("rejected")
    client.force_login(officer)

    assert queue(client, "mine") == [mine]
    assert queue(client, "unassigned") == [waiting]
    assert queue(client, "applicant") == [asked]
    assert queue(client, "decide") == [in_review]
    assert queue(client, "late") == []
    with time_machine.travel(timezone.now() + dt.timedelta(days=40)):
        client.force_login(officer)
        assert queue(client, "late") == [waiting, mine, in_review]


def test_a_draft_is_not_on_the_desk(client):
    draft = make_draft()
    client.force_login(make_administrator())

    assert list(client.get(QUEUE).context["cl"].result_list) == []
    assert client.get(case(draft)).status_code == 302


def test_the_case_shows_answers_papers_clocks_and_history(client):
    application = make_application("screening")
    client.force_login(application.officer)

    response = client.get(case(application))

    text = response.text
    document = application.documents.first().document
    for words in ("Lumen Weave", "TU Munich", "CN¥1.5 million", "40 m²", document.get_absolute_url(), "screening"):
        assert words in text
    history = [form.instance.move for form in response.context["inline_admin_formsets"][0].formset.forms]
    assert history == ["take", "submit", "start"]


def test_only_possible_acts_have_a_button(client):
    application = make_application("screening")
    client.force_login(application.officer)
    own = client.get(case(application)).text
    client.force_login(make_officer())
    others = client.get(case(application)).text

    def buttons(text):
        names = ("take", "ask", "pass-on", "accept", "reject", "hand-over", "close")
        return [name for name in names if f"{QUEUE}{application.pk}/{name}/" in text]

    assert buttons(own) == ["ask", "pass-on", "hand-over", "close"]
    assert buttons(others) == ["reject", "hand-over", "close"]


def test_a_refusal_is_said_on_the_page_of_the_act(client):
    application = make_application("in_review")
    client.force_login(application.officer)

    response = act(client, application, "accept", note="", internal_note="")

    application.refresh_from_db()
    assert (response.status_code, application.state) == (403, "in_review")
    assert "second person" in response.text


def test_a_page_that_was_read_before_a_change_does_not_act(client):
    application, officer = make_application(), make_officer()
    client.force_login(officer)
    version = application.version
    actions.take(application=application, by=make_officer())

    response = client.post(f"{QUEUE}{application.pk}/close/", {"version": version, "note": "Sent twice."})

    application.refresh_from_db()
    assert (response.status_code, application.state) == (409, "screening")


def test_asking_names_what_may_be_changed(client):
    application = make_application("screening")
    client.force_login(application.officer)

    act(client, application, "ask", note="Which clinic?", tasks=["market", "papers"])

    application.refresh_from_db()
    assert application.state == "more_info"
    assert application.requests.get().tasks == ["market", "papers"]


def test_a_refusal_of_an_application_needs_a_reason_and_words(client):
    application = make_application("in_review")
    client.force_login(make_officer())

    response = act(client, application, "reject", note="", reason_code="")

    application.refresh_from_db()
    assert (response.status_code, application.state) == (422, "in_review")


def test_looking_at_the_page_of_an_act_does_nothing(client):
    application = make_application()
    client.force_login(make_officer())

    response = client.get(f"{QUEUE}{application.pk}/take/")

    application.refresh_from_db()
    assert (response.status_code, application.state) == (200, "submitted")


def test_nothing_of_a_case_can_be_edited(client):
    application = make_application()
    client.force_login(make_administrator())

    response = client.post(case(application), {"state": "accepted", "title": "Mine"})

    application.refresh_from_db()
    assert (response.status_code, application.state, application.title) == (403, "submitted", "Lumen Weave")


@pytest.mark.parametrize("path", ["", "{pk}/change/", "{pk}/take/"])
def test_the_desk_is_for_those_with_the_duty(client, path):
    application = make_application()

    client.force_login(make_staff())
    assert client.get(QUEUE + path.format(pk=application.pk)).status_code in {403, 404}
    client.force_login(make_user())
    assert client.get(QUEUE + path.format(pk=application.pk)).status_code in {302, 403, 404}


def test_the_queue_costs_the_same_for_one_and_for_three(client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(QUEUE).status_code == 200
        return len(captured)

    officer = make_officer()
    make_application("screening", officer=officer)
    client.force_login(officer)
    client.get(QUEUE)
    one = cost()
    make_application("screening", officer=officer)
    make_application("in_review")

    assert cost() == one
