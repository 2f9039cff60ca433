"""What the applicant sees and does after a decision, and what staff press."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from incubation.intake import actions
from incubation.intake.decision_letters import letter_of
from incubation.intake.models import Application, CoApplicant, Condition, Decision, SecondLook
from incubation.journey.models import Tenant
from park.letters import actions as letters
from park.letters.access import readable_by
from park.notices.models import Notice
from tests.factories.accounts import make_user
from tests.factories.files import pdf_bytes
from tests.factories.intake import make_application, make_chair, make_officer, make_panel_application

pytestmark = pytest.mark.django_db


def page(name: str, application, *more) -> str:
    return reverse(f"intake:{name}", args=[application.ref, *more])


def act(application, name: str) -> str:
    return reverse(f"admin:intake_application_act_{name}", args=[application.pk])


# --- The letter -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("accepted", "Decision: accepted"),
        ("conditional", "Decision: accepted with conditions"),
        ("waitlisted", "Decision: on the waiting list"),
        ("rejected", "Decision: not accepted"),
    ],
)
def test_each_decision_is_a_letter_on_top_of_the_tracker(client, state, title):
    application = make_application(state)
    letter = letter_of(application)
    client.force_login(application.talent.user)

    tracker = client.get(page("application", application)).text
    read = client.get(letter.get_absolute_url()).text

    assert letter.get_absolute_url() in tracker
    assert f"<h1>{title}</h1>" in read
    assert letter.number in read
    assert application.ref in read
    assert "Lumen Weave" in read
    assert ("Show the result of one cleaning test. By" in read) == (state == "conditional")
    assert ("You can ask for a second look until" in read) == (state == "rejected")


@pytest.mark.parametrize("state", ["conditional", "waitlisted"])
def test_the_letter_of_a_withdrawn_application_is_no_longer_valid_until_it_is_taken_back(client, state):
    application = make_application(state)
    applicant, old = application.talent.user, letter_of(application)
    check = reverse("letters:check", args=[old.ref])

    actions.withdraw(application=application, by=applicant)

    said = client.get(check).text
    assert "no longer valid" in said and "The application was withdrawn" not in said
    actions.undo_withdraw(application=application, by=applicant)
    new = letter_of(application)
    assert (new.kind, new.replaces, new.is_valid) == (old.kind, old, True)
    assert "A newer letter stands in its place" in client.get(check).text


def test_the_letter_of_an_application_that_is_closed_is_no_longer_valid():
    application = make_application("waitlisted")

    actions.close(application=application, by=application.officer, note="The call is over.")

    assert not letter_of(application).is_valid
    assert letter_of(application).withdrawn_because == "The application was closed."


def test_co_applicants_read_letters_to_the_applicant_and_none_to_others():
    application = make_application("rejected")
    partner, stranger = make_user(), make_user()
    CoApplicant.objects.create(application=application, user=partner, role="reader")
    told = {"kind": "decision-upheld", "subject": application, "language": "en", "context": {"title": "Lumen"}}
    by_name = letters.issue(**told, to=None, name="Zhao Ming")
    to_another = letters.issue(**told, to=stranger)

    read = set(readable_by(partner))

    assert by_name in read and to_another not in read
    assert {letter.to for letter in read - {by_name}} == {application.talent.user}
    assert set(readable_by(stranger)) == {to_another}


def test_the_letter_is_written_in_the_language_of_the_applicant(client):
    application = make_application("in_review")
    application.talent.user.language = "zh-hans"
    application.talent.user.save()
    actions.reject(
        application=Application.objects.get(pk=application.pk), by=make_officer(), note="尚早。", reason_code="plan"
    )

    letter = letter_of(application)
    assert (letter.language, letter.content["title"]) == ("zh-hans", "决定：未通过")
    assert Notice.objects.get(kind="application-rejected").letter["language"] == "zh-hans"


def test_the_experts_view_by_criterion_stands_in_the_letter(client):
    label = {"en": "Novelty", "zh-hans": "新颖性"}
    scores = [{"label": label, "score": "4.3", "of": 5, "reason": "First of its kind."}]
    application = make_panel_application("decided_pending", scores=scores)

    actions.accept(application=application, by=make_officer())

    blocks = letter_of(application).content["blocks"]
    table = next(block for block in blocks if block["type"] == "table")
    assert table["head"] == ["Criterion", "Of 5", "Reason"]
    assert table["rows"] == [["Novelty", "4.3", "First of its kind."]]


@pytest.mark.parametrize("state", ["panel_ready", "decided_pending"])
def test_the_applicant_never_learns_what_the_panel_proposes(client, state):
    chair = make_chair(name="Panel Chair")
    application = make_panel_application(
        state, chair=chair, outcome="rejected", reason_code="plan", criterion="No buyer yet."
    )
    client.force_login(application.talent.user)

    seen = client.get(page("application", application)).text + client.get(reverse("intake:applications")).text

    for secret in ("No buyer yet.", "Panel Chair", "Not accepted</", "To be confirmed", "Ready for the panel"):
        assert secret not in seen
    assert "Expert review" in seen
    assert letter_of(application) is None


def test_the_letter_of_an_earlier_decision_is_valid_no_longer(client):
    application = make_application("waitlisted")
    first = letter_of(application)

    actions.accept(application=application, by=make_officer())

    second = letter_of(application)
    first.refresh_from_db()
    assert (second.replaces, first.is_valid, second.is_valid) == (first, False, True)
    assert "A newer letter stands in its place." in client.get(f"/v/{first.ref}/").text


# --- Conditions -------------------------------------------------------------------------------------------------------
def test_the_applicant_shows_how_a_condition_is_met_and_an_officer_finds_it_so(client):
    application = make_application("conditional")
    condition = Condition.objects.get()
    client.force_login(application.talent.user)
    address = page("condition", application, condition.pk)

    assert address in client.get(page("application", application)).text
    assert "Add a file, or say in words" in client.post(address, {"words": ""}).text
    file = SimpleUploadedFile("result.pdf", pdf_bytes("A result"))
    answer = client.post(address, {"words": "Done on Monday.", "file": file})
    assert answer.status_code == 302
    condition.refresh_from_db()
    assert (condition.words, condition.evidence.name) == ("Done on Monday.", "result.pdf")
    assert "We check what you showed" in client.get(page("application", application)).text

    officer = make_officer()
    client.force_login(officer)
    case = client.get(reverse("admin:intake_application_change", args=[application.pk])).text
    assert "result.pdf" in case
    assert "act-conditions-met" not in case
    application.refresh_from_db()
    client.post(act(application, "meet_condition"), {"version": application.version, "condition": condition.pk})
    application.refresh_from_db()
    client.post(act(application, "conditions_met"), {"version": application.version})
    application.refresh_from_db()
    assert application.state == "accepted"
    assert Tenant.objects.get().application == application


def test_nobody_else_opens_the_conditions_or_the_second_look_of_another(client):
    conditional, rejected = make_application("conditional"), make_application("rejected")
    client.force_login(make_user())

    assert client.get(page("condition", conditional, Condition.objects.get().pk)).status_code == 404
    assert client.get(page("second_look", rejected)).status_code == 404


# --- Second look ------------------------------------------------------------------------------------------------------
def test_a_second_look_is_asked_for_on_a_page_that_says_what_is_missing(client):
    application = make_application("rejected")
    client.force_login(application.talent.user)
    address = page("second_look", application)
    assert address in client.get(page("application", application)).text
    assert "Too early." in client.get(address).text

    missing = client.post(address, {})
    assert missing.status_code == 422
    assert "Say whether we made an error" in missing.text
    assert "Write what speaks for a second look." in missing.text
    client.post(address, {"ground": "new_facts", "text": "The patent was granted."})

    application.refresh_from_db()
    assert (application.state, SecondLook.objects.get().ground) == ("reconsideration", "new_facts")
    assert address not in client.get(page("application", application)).text
    assert client.get(address).status_code == 302


def test_another_officer_answers_the_second_look_at_the_desk(client):
    application, other = make_application("reconsideration"), make_officer()
    client.force_login(other)
    case = client.get(reverse("admin:intake_application_change", args=[application.pk])).text
    assert "The patent is granted." in case

    client.post(act(application, "uphold"), {"version": application.version, "note": "It is of another firm."})

    application.refresh_from_db()
    assert application.state == "rejected"
    letter = letter_of(application)
    assert letter.content["title"] == "Second look: the decision stands"


# --- The desk of the panel --------------------------------------------------------------------------------------------
def test_the_chair_proposes_and_the_decider_is_offered_that_alone(client):
    application, chair, decider = make_panel_application(), make_chair(), make_officer()
    client.force_login(chair)
    proposal = {
        "version": application.version, "outcome": "conditional", "advice": "Talk to the clinic.",
        "conditions": "tomorrow Show it.",
    }  # fmt: skip

    refused = client.post(act(application, "propose"), proposal)
    assert "does not begin with a day such as" in refused.text
    client.post(act(application, "propose"), proposal | {"conditions": "2090-02-26 Show the test."})
    assert Decision.objects.get().conditions.get().text == "Show the test."

    client.force_login(decider)
    case = client.get(reverse("admin:intake_application_change", args=[application.pk])).text
    assert act(application, "accept_with_conditions") in case
    assert act(application, "send_back") in case
    assert act(application, "accept") not in case
    assert act(application, "reject") not in case
    application.refresh_from_db()
    client.post(act(application, "accept_with_conditions"), {"version": application.version})
    application.refresh_from_db()
    assert application.state == "conditional"


def test_a_stale_page_does_not_decide(client):
    application = make_panel_application("decided_pending")
    client.force_login(make_officer())

    answer = client.post(act(application, "accept"), {"version": application.version - 1})

    assert answer.status_code == 409
    assert "Read it again" in answer.text
    assert Application.objects.get(pk=application.pk).state == "decided_pending"
