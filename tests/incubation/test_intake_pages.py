"""What an applicant sees, page by page."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from incubation.intake import actions
from incubation.intake.models import Application, Call
from park.files.models import Document, DocumentState
from tests.factories.accounts import make_user
from tests.factories.files import make_document, pdf_bytes, upload
from tests.factories.intake import (
    ANSWERS,
    fill,
    form_in_use,
    make_application,
    make_call,
    make_draft,
    make_officer,
)
from tests.factories.profiles import make_stay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page(name, application, *more, language="en"):
    with translation.override(language):
        return reverse(f"intake:{name}", args=[application.ref, *more])


def sign_in(client, application):
    client.force_login(application.talent.user)


# --- Before -----------------------------------------------------------------------------------------------------------
def test_the_guide_is_public_and_lists_every_question(client):
    form_in_use()

    response = client.get(reverse("intake:guide"))

    assert response.status_code == 200
    assert "Who owns the intellectual property?" in response.text


def test_the_guide_says_when_the_next_round_opens(client):
    form_in_use()
    Call.objects.all().delete()
    make_call(opens_at=timezone.now() + dt.timedelta(days=30))

    response = client.get(reverse("intake:guide"))

    assert "The next one opens" in response.text
    assert reverse("intake:new") not in response.text


def test_everything_else_asks_for_a_sign_in(client):
    application = make_draft()

    for name in ("application", "check", "sent", "withdraw"):
        assert client.get(page(name, application)).status_code == 302


def test_three_questions_make_a_draft(client):
    form_in_use()
    client.force_login(make_user())

    response = client.post(reverse("intake:new"), {"abroad": "yes", "sector": "software_ai", "company": "no"})

    application = Application.objects.get()
    assert response.url == page("application", application)
    assert (application.state, application.sector) == ("draft", "software_ai")


def test_someone_who_was_never_abroad_is_advised_and_not_shut_out(client):
    form_in_use()
    client.force_login(make_user())
    answers = {"abroad": "no", "sector": "software_ai", "company": "no"}

    advised = client.post(reverse("intake:new"), answers)
    assert (advised.status_code, Application.objects.count()) == (200, 0)

    client.post(reverse("intake:new"), answers | {"anyway": "on"})
    assert Application.objects.count() == 1


# --- The draft --------------------------------------------------------------------------------------------------------
def test_the_task_list_says_that_done_is_not_sent(client):
    application = make_draft(filled=True)
    sign_in(client, application)

    response = client.get(page("application", application))

    assert "Done is not sent." in response.text
    assert "11 of 11 tasks done" in response.text
    assert page("check", application) in response.text


def test_the_draft_of_another_is_not_found(client):
    application = make_draft()
    client.force_login(make_user())

    for name in ("application", "check"):
        assert client.get(page(name, application)).status_code == 404
    assert client.get(page("task", application, "idea")).status_code == 404
    assert client.post(page("autosave", application, "idea"), {"title": "Mine"}).status_code == 404
    assert client.post(page("discard", application)).status_code == 404


def test_an_officer_does_not_see_a_draft(client):
    application = make_draft()
    client.force_login(make_officer())

    assert client.get(page("application", application)).status_code == 404


def test_a_task_is_saved_and_leads_to_the_next(client):
    application = make_draft()
    make_stay(application.talent)
    sign_in(client, application)

    response = client.post(page("task", application, "idea"), ANSWERS["idea"] | {"version": "0", "continue": "1"})

    application.refresh_from_db()
    assert application.title == "Lumen Weave"
    assert response.url == page("task", application, "technology")


def test_what_is_missing_is_said_beside_the_question_and_on_top_and_everything_typed_stays(client):
    application = make_draft()
    sign_in(client, application)

    response = client.post(
        page("task", application, "money"), {"need": "a lot", "milestones": "Prototype", "register_by_month": "13"}
    )

    assert response.status_code == 422
    assert 'class="error-summary"' in response.text
    assert "a lot" in response.text and "Prototype" in response.text and 'value="13"' in response.text
    assert 'aria-invalid="true"' in response.text
    assert "<title>Error:" in response.text


def test_leaving_keeps_what_is_half_done_and_calls_nothing_wrong(client):
    application = make_draft()
    sign_in(client, application)

    client.post(page("task", application, "money"), {"need": "a lot", "leave": "1"})
    response = client.get(page("task", application, "money"))

    assert "a lot" in response.text
    assert "error-summary" not in response.text


def test_typing_is_saved_while_one_types(client):
    application = make_draft()
    sign_in(client, application)

    response = client.post(page("autosave", application, "idea"), {"title": "Lum", "version": "0", "edit": "this-page"})
    again = client.post(page("autosave", application, "idea"), {"title": "Lumen", "version": "0", "edit": "this-page"})

    application.refresh_from_db()
    assert (response.status_code, again.status_code, application.title) == (200, 200, "Lumen")
    assert "Draft saved" in response.text


def test_a_draft_goes_on_on_another_device(client, client_class=None):
    from django.test import Client

    application = make_draft()
    sign_in(client, application)
    client.post(page("task", application, "idea"), ANSWERS["idea"] | {"version": "0", "leave": "1"})

    elsewhere = Client()
    sign_in(elsewhere, application)

    assert "Flat lenses for endoscopes." in elsewhere.get(page("task", application, "idea")).text


def test_a_conflict_shows_both_texts_and_loses_none(client):
    application = make_draft()
    sign_in(client, application)
    fill(application, "idea", ANSWERS["idea"] | {"title": "Theirs"}, edit="another-page")

    response = client.post(
        page("task", application, "idea"), ANSWERS["idea"] | {"title": "Mine", "version": "0", "edit": "this-page"}
    )

    application.refresh_from_db()
    assert response.status_code == 409
    assert "Theirs" in response.text and 'value="Mine"' in response.text
    assert application.title == "Theirs"


def test_a_conflict_while_typing_is_409(client):
    application = make_draft()
    sign_in(client, application)
    fill(application, "idea", {"title": "Theirs"}, edit="another-page")

    typed = {"title": "Mine", "version": "0", "edit": "this-page"}

    assert client.post(page("autosave", application, "idea"), typed).status_code == 409


@pytest.mark.parametrize(
    ("field", "text", "status"),
    [("title", "x" * 5000, 422), ("title", "\0", 400), ("sector", "gold", 422), ("version", "99999999999", 302)],
)
def test_no_text_breaks_a_task(client, field, text, status):
    application = make_draft()
    make_stay(application.talent)
    sign_in(client, application)

    response = client.post(page("task", application, "idea"), ANSWERS["idea"] | {field: text})

    assert response.status_code == status


def test_a_task_that_the_form_does_not_have_is_not_found(client):
    application = make_draft()
    sign_in(client, application)

    assert client.get(page("task", application, "hobbies")).status_code == 404


def test_time_abroad_comes_from_the_profile_and_is_needed(client):
    application = make_draft()
    sign_in(client, application)

    missing = client.post(page("task", application, "abroad"))
    make_stay(application.talent, place="TU Munich")
    there = client.get(page("task", application, "abroad"))

    assert (missing.status_code, there.status_code) == (422, 200)
    assert "TU Munich" in there.text


# --- Papers -----------------------------------------------------------------------------------------------------------
def test_a_paper_is_added_taken_out_and_stays_on_file(client):
    application = make_draft()
    sign_in(client, application)
    address = page("task", application, "papers")

    client.post(
        address, {"paper": "business_plan", "business_plan-file": upload("plan.pdf", pdf_bytes(), "application/pdf")}
    )
    entry = application.documents.get()
    assert (entry.paper, entry.document.kind, entry.document.name) == ("business_plan", "business_plan", "plan.pdf")

    client.post(page("remove_paper", application, entry.pk))
    assert application.documents.count() == 0
    assert Document.objects.get() == entry.document

    assert "plan.pdf" in client.get(address).text
    client.post(address, {"paper": "business_plan", "document": str(entry.document.public_id)})
    assert application.documents.get().document == entry.document


def test_a_file_that_is_not_what_it_says_is_refused_with_the_rule(client):
    application = make_draft()
    sign_in(client, application)

    response = client.post(
        page("task", application, "papers"),
        {"paper": "business_plan", "business_plan-file": upload("plan.pdf", b"MZ not a pdf", "application/pdf")},
    )

    assert (response.status_code, Document.objects.count()) == (422, 0)
    assert 'class="error-summary"' in response.text


def test_the_file_of_another_cannot_be_chosen(client):
    application, document = make_draft(), make_document(kind="business_plan")
    sign_in(client, application)

    response = client.post(
        page("task", application, "papers"), {"paper": "business_plan", "document": str(document.public_id)}
    )
    nonsense = client.post(page("task", application, "papers"), {"paper": "business_plan", "document": "x"})

    assert (response.status_code, nonsense.status_code) == (404, 404)


def test_without_the_papers_one_cannot_continue(client):
    application = make_draft()
    sign_in(client, application)

    response = client.post(page("task", application, "papers"), {"continue": "1"})

    assert response.status_code == 422
    assert "Add the paper: Business plan" in response.text


def test_a_file_that_is_held_back_counts_as_a_thing_to_fix(client):
    application = make_draft(filled=True)
    Document.objects.filter(kind="business_plan").update(state=DocumentState.QUARANTINED)
    sign_in(client, application)

    assert "1 thing to fix" in client.get(page("application", application)).text


def test_an_officer_reads_the_papers_once_they_are_sent(client):
    application, officer = make_draft(filled=True), make_officer()
    address = application.documents.first().document.get_absolute_url()
    client.force_login(officer)

    assert client.get(address).status_code == 404
    actions.submit(application=application, by=application.talent.user, says_true=True, agrees_to_storage=True)
    assert client.get(address).status_code == 200


# --- Sending ----------------------------------------------------------------------------------------------------------
def send(client, application, **more):
    return client.post(page("check", application), {"says_true": "on", "agrees_to_storage": "on"} | more)


def test_the_check_page_shows_every_answer_in_words(client):
    application = make_draft(filled=True)
    sign_in(client, application)

    text = client.get(page("check", application)).text

    services = "Desks, Work and residence permits"
    for words in ("9 April 1988", "Medical devices", "CN¥1.5 million", services, "TU Munich"):
        assert words in text


def test_an_unfinished_application_shows_what_is_missing_instead_of_the_button(client):
    application = make_draft()
    sign_in(client, application)

    text = client.get(page("check", application)).text

    assert "Send application" not in text
    assert "tasks need you" in text


@time_machine.travel("2026-11-23T10:00:00+08:00")
def test_sending_leads_to_a_numbered_receipt(client):
    application = make_draft(filled=True)
    sign_in(client, application)

    response = send(client, application, read_at=application.saved_at.isoformat())

    application.refresh_from_db()
    receipt = client.get(response.url)
    assert response.url == page("sent", application)
    assert "We have your application LJ-2026-0001" in receipt.text
    assert "23 Nov 2026, 10:00 Beijing time (UTC+8)" in receipt.text


def test_sending_asks_for_both_declarations(client):
    application = make_draft(filled=True)
    sign_in(client, application)

    response = client.post(page("check", application), {"says_true": "on"})

    application.refresh_from_db()
    assert (response.status_code, application.state) == (422, "draft")


def test_what_changed_after_the_reading_is_shown_before_it_is_sent(client):
    application = make_draft(filled=True)
    sign_in(client, application)
    read_at = application.saved_at.isoformat()
    fill(application, "idea", ANSWERS["idea"] | {"title": "Another title"})

    response = send(client, application, read_at=read_at)

    application.refresh_from_db()
    assert (response.status_code, application.state) == (409, "draft")
    assert "Another title" in response.text
    assert send(client, application, read_at=application.saved_at.isoformat()).status_code == 302


def test_sending_twice_leads_to_the_same_receipt(client):
    application = make_draft(filled=True)
    sign_in(client, application)
    address = page("check", application)

    send(client, application)
    again = client.post(address, {"says_true": "on", "agrees_to_storage": "on"})

    application.refresh_from_db()
    assert again.url == page("sent", application)
    assert application.revisions.count() == 1


def test_the_address_of_the_draft_leads_to_the_tracker(client):
    application = make_application()
    sign_in(client, application)

    response = client.get(reverse("intake:application", args=[application.draft_ref]))

    assert response.url == page("application", application)


# --- The tracker ------------------------------------------------------------------------------------------------------
NOW = {
    "submitted": "We have it and look at it next",
    "screening": "We check that it is complete",
    "more_info": "We need something from you",
    "in_review": "The experts are reading it",
    "accepted": "Accepted: your project starts in the park",
    "rejected": "Not accepted",
    "withdrawn": "You withdrew it",
    "closed": "Closed",
}


@pytest.mark.parametrize(("state", "words"), NOW.items())
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_tracker_says_where_it_is(client, state, words, language):
    application = make_application(state)
    sign_in(client, application)

    response = client.get(page("application", application, language=language))

    assert response.status_code == 200
    if language == "en":
        assert words in response.text


@time_machine.travel("2026-11-23T10:00:00+08:00")
def test_the_tracker_names_who_has_it_and_by_when(client):
    application = make_application("screening", officer=make_officer(name="Li Na"))
    application.talent.user.time_zone = "Europe/Berlin"
    application.talent.user.save()
    sign_in(client, application)

    text = client.get(page("application", application)).text

    assert "Li Na" in text
    assert "10 Dec 2026, 17:00 Beijing time" in text
    assert "in your time zone (Berlin)" in text
    assert "You do not need to do anything." in text


def test_a_late_park_says_so(client):
    application = make_application()
    sign_in(client, application)

    with time_machine.travel(timezone.now() + dt.timedelta(days=14)):
        client.force_login(application.talent.user)
        text = client.get(page("application", application)).text

    assert "We are late. We told you by" in text and "New date:" in text


SECRETS = ("SECRET-NOTE", "Decider Without Name", "Refused Officer")


@pytest.mark.parametrize("outcome", ["accepted", "rejected"])
def test_nothing_internal_reaches_the_applicant(client, outcome):
    officer = make_officer(name="Li Na")
    application = make_application("screening", officer=officer)
    actions.ask(application=application, by=officer, note="Which clinic?", tasks=[], internal_note="SECRET-NOTE 1")
    actions.answer(application=application, by=application.talent.user, text="The first.")
    actions.pass_on(application=application, by=officer, internal_note="SECRET-NOTE 2")
    with pytest.raises(actions.MoveRefused):
        actions.accept(application=application, by=make_user(name="Refused Officer"))
    decider = make_officer(name="Decider Without Name")
    if outcome == "accepted":
        actions.accept(application=application, by=decider, note="Welcome.", internal_note="SECRET-NOTE 3")
    else:
        actions.reject(
            application=application, by=decider, note="Too early.", reason_code="plan", internal_note="SECRET-NOTE 3"
        )
    sign_in(client, application)

    texts = [client.get(page(name, application)).text for name in ("application", "state", "sent")]
    texts += [str(notice.letter) + str(notice.context) for notice in application.talent.user.notices.all()]

    for secret in SECRETS:
        assert not any(secret in text for text in texts)
    assert ("Welcome." if outcome == "accepted" else "Too early.") in texts[0]


def test_an_answer_is_sent_from_the_tracker(client):
    application = make_application("more_info")
    sign_in(client, application)
    before = client.get(page("application", application)).text

    client.post(page("task", application, "market"), ANSWERS["market"] | {"continue": "1"})
    response = client.post(page("answer", application), {"text": "The first clinic."})

    application.refresh_from_db()
    assert "Which clinic?" in before and page("task", application, "market") in before
    assert (response.status_code, application.state) == (302, "screening")


def test_an_answer_without_a_word_is_not_sent(client):
    application = make_application("screening")
    actions.ask(application=application, by=application.officer, note="Which clinic?", tasks=[])
    sign_in(client, application)

    response = client.post(page("answer", application), {"text": ""})

    application.refresh_from_db()
    assert (response.status_code, application.state) == (409, "more_info")


def test_withdrawing_is_asked_once_and_can_be_taken_back(client):
    application = make_application()
    sign_in(client, application)

    assert "Withdraw it" in client.get(page("withdraw", application)).text
    client.post(page("withdraw", application), {"note": ""})
    withdrawn = client.get(page("application", application)).text
    client.post(page("undo_withdraw", application))

    application.refresh_from_db()
    assert "Take back the withdrawal" in withdrawn
    assert application.state == "submitted"


def test_an_act_that_comes_too_late_leads_to_what_is_true_now(client):
    application = make_application("rejected")
    sign_in(client, application)

    response = client.post(page("withdraw", application), {"note": ""}, follow=True)

    assert response.redirect_chain == [(page("application", application), 302)]
    assert "is not possible now" in response.text


# --- What a page costs ------------------------------------------------------------------------------------------------
COSTS = {"applications": 7, "tasks": 10, "task": 11, "papers": 10, "check": 11, "tracker": 12, "state": 5}


def cost(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_each_page_costs_what_it_may(client):
    draft, sent = make_draft(filled=True), make_application("in_review")
    sign_in(client, draft)
    found = {
        "applications": cost(client, reverse("intake:applications")),
        "tasks": cost(client, page("application", draft)),
        "task": cost(client, page("task", draft, "idea")),
        "papers": cost(client, page("task", draft, "papers")),
        "check": cost(client, page("check", draft)),
    }
    sign_in(client, sent)
    found |= {"tracker": cost(client, page("application", sent)), "state": cost(client, page("state", sent))}

    assert {name: count for name, count in found.items() if count != COSTS[name]} == {}


def test_the_list_of_applications_costs_the_same_for_one_and_for_three(client):
    first = make_application()
    sign_in(client, first)
    one = cost(client, reverse("intake:applications"))
    make_draft(first.talent)
    make_draft(first.talent)

    assert cost(client, reverse("intake:applications")) == one
