"""Asked once: what is known is filled in with its age, old answers are copied and marked, papers can be missing."""

import copy
import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from incubation.intake import actions
from incubation.intake.models import Application, PaperExcuse
from incubation.intake.progress import Draft
from incubation.intake.receipts import receipt_of
from park.files.models import DocumentState
from park.letters import pdfs
from park.workflow.actions import NotYours
from tests.factories.accounts import make_user
from tests.factories.files import make_document, pdf_bytes, upload
from tests.factories.intake import (
    ANSWERS,
    fill,
    form_in_use,
    make_application,
    make_co_applicant,
    make_draft,
    make_officer,
    make_version,
)
from tests.factories.profiles import make_stay, make_talent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page(name, application, *more):
    return reverse(f"intake:{name}", args=[application.ref, *more])


def sign_in(client, application):
    client.force_login(application.talent.user)


def task_states(application) -> dict[str, str]:
    return {state.task.key: state.state for state in Draft.of(application).states}


# --- Asked once -------------------------------------------------------------------------------------------------------
def test_a_second_application_asks_for_nothing_that_is_known():
    first = make_draft(filled=True)
    fill(first, "idea", ANSWERS["idea"])
    second = actions.start(by=first.talent.user)

    states, asked = task_states(second), Draft.of(second).definition
    known = [task for task in asked.tasks if any(field.fact and field.required for field in task.fields)]
    open_facts = [
        field.key
        for task in known
        for field in task.fields
        if field.fact and field.required and not second.answers.get(task.key, {}).get("raw")
    ]
    assert open_facts == []
    assert {key: states[key] for key in ("personal", "abroad", "degree")} == dict.fromkeys(
        ("personal", "abroad", "degree"), "done"
    )
    assert second.documents.filter(paper="degree_certificate").exists()


def test_what_is_known_shows_its_age_and_a_paper_until_when_it_holds(client):
    with time_machine.travel("2026-03-12T10:00:00+08:00"):
        talent = make_talent(degree="doctor", degree_abroad=True)
        make_document(
            owner=talent.user, kind="degree_certificate", name="doctorate.pdf", valid_until=dt.date(2027, 5, 1)
        )
    with time_machine.travel("2026-11-20T10:00:00+08:00"):
        application = make_draft(talent)
        sign_in(client, application)
        degree = client.get(page("task", application, "degree")).text
        papers = client.get(page("task", application, "papers")).text

    assert "From your profile, saved" in degree
    assert "doctorate.pdf" in papers and "on file since 12 Mar 2026 · valid until 1 May 2027" in papers


@pytest.mark.parametrize("why", ["expired", "held back"])
def test_a_paper_that_does_not_hold_any_more_is_not_used_again(why):
    talent = make_talent()
    document = make_document(owner=talent.user, kind="degree_certificate")
    if why == "expired":
        document.valid_until = timezone.localdate() - dt.timedelta(days=1)
    else:
        document.state = DocumentState.QUARANTINED
    document.save()

    assert not make_draft(talent).documents.exists()


def test_the_answers_of_the_self_check_begin_the_draft(client):
    form_in_use()
    client.force_login(make_user())
    said = "living=back_year&degree=doctor_abroad&field=biomedicine&company=none"

    shown = client.get(f"{reverse('intake:new')}?{said}").text
    assert len(re.findall(r"<input[^>]*checked", shown)) == 2 and 'value="doctor_abroad"' in shown
    assert not Application.objects.exists()

    start = {"abroad": "yes", "sector": "biomedicine", "company": "no", "degree": "doctor_abroad"}
    client.post(reverse("intake:new"), start)
    application = Application.objects.get()
    assert application.sector == "biomedicine"
    assert application.answers["degree"]["raw"] == {"degree": ["doctor"], "degree_abroad": ["yes"]}
    application.talent.refresh_from_db()
    assert application.talent.degree == ""  # said, not saved yet


@pytest.mark.parametrize("said", ["degree=king&field=gold&living=moon", "degree=none", "degree=%00"])
def test_nonsense_in_the_address_says_nothing(client, said):
    form_in_use()
    client.force_login(make_user())

    assert client.get(f"{reverse('intake:new')}?{said}").status_code == 200
    start = {"abroad": "yes", "sector": "biomedicine", "company": "no", "degree": "king"}
    client.post(reverse("intake:new"), start)

    assert "degree" not in Application.objects.get().answers


# --- Copying an earlier application -----------------------------------------------------------------------------------
def test_an_earlier_application_is_copied_into_a_new_one_and_what_is_old_is_marked(client):
    with time_machine.travel("2026-02-01T10:00:00+08:00"):
        old = make_application("withdrawn")
    with time_machine.travel("2026-11-20T10:00:00+08:00"):
        fill_again = old.answers["market"]
        fill_again["at"] = timezone.now().isoformat()  # one task is fresh
        Application.objects.filter(pk=old.pk).update(answers=old.answers | {"market": fill_again})
        sign_in(client, old)
        response = client.post(page("copy", old))

        new = Application.objects.get(state="draft")
        states = task_states(new)
        task = client.get(page("task", new, "technology")).text
        client.post(
            page("task", new, "technology"),
            {"novelty": "Printed in one step.", "ip_owner": "me", "patents_granted": "2", "version": "1"},
        )
        new.refresh_from_db()

    assert response.url == page("application", new)
    assert (new.title, new.sector) == (old.title, old.sector)
    assert (states["technology"], states["market"]) == ("check", "done")
    assert f"Copied from {old.ref}, written 1 Feb 2026." in task
    assert task_states(new)["technology"] == "done"
    assert set(new.documents.values_list("paper", flat=True)) >= {"business_plan", "degree_certificate"}


def test_only_what_the_new_form_still_asks_is_copied():
    old = make_application()
    definition = copy.deepcopy(old.form.definition)
    market = next(task for part in definition["parts"] for task in part["tasks"] if task["key"] == "market")
    market["fields"] = [field for field in market["fields"] if field["key"] != "customers"]
    form = make_version("published", definition=definition)

    new = actions.start(by=old.talent.user, like=old)

    assert new.form == form
    assert set(new.answers["market"]["raw"]) == {"readiness"}


def test_nobody_copies_what_somebody_else_began(client):
    old = make_application()
    part = make_co_applicant(old, "editor")

    with pytest.raises(NotYours):
        actions.start(by=part.user, like=old)
    client.force_login(make_user())
    assert client.post(page("copy", old)).status_code == 404


# --- A paper that cannot be provided ----------------------------------------------------------------------------------
def excuse(client, application, **more):
    given = {"paper": "degree_certificate", "excuse": "1", "degree_certificate-excuse-reason": "It comes in July."}
    return client.post(page("task", application, "papers"), given | more)


def test_a_paper_that_cannot_be_provided_counts_with_a_reason_that_officers_read(client):
    application = make_draft(filled=True)
    application.documents.filter(paper="degree_certificate").delete()
    sign_in(client, application)
    letter = upload("letter.pdf", pdf_bytes(), "application/pdf")
    assert "Send application" not in client.get(page("check", application)).text

    excuse(client, application, **{"degree_certificate-excuse-file": letter})
    checked = client.get(page("check", application)).text
    application.refresh_from_db()
    actions.submit(application=application, by=application.talent.user, says_true=True, agrees_to_storage=True)

    papers = application.revisions.get().answers["papers"]
    assert "Cannot be provided: It comes in July." in checked and "Instead: letter.pdf" in checked
    assert {"paper": "degree_certificate", "document": None, "name": "", "cannot": "It comes in July."} in papers
    officer = make_officer(is_superuser=True)
    client.force_login(officer)
    assert (
        "Cannot be provided: It comes in July."
        in client.get(reverse("admin:intake_application_change", args=[application.pk])).text
    )


def test_a_reason_is_needed(client):
    application = make_draft()
    sign_in(client, application)

    response = excuse(client, application, **{"degree_certificate-excuse-reason": "  "})

    assert response.status_code == 422
    assert "Say why the paper cannot be provided." in response.text
    assert not PaperExcuse.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperExcuse.objects.create(application=application, paper="cv", reason="", said_by=application.talent.user)


def test_the_paper_itself_ends_the_excuse_and_what_stood_in_its_place(client):
    application = make_draft()
    sign_in(client, application)
    letter = upload("letter.pdf", pdf_bytes(), "application/pdf")
    excuse(client, application, **{"degree_certificate-excuse-file": letter})

    paper = upload("degree.pdf", pdf_bytes(), "application/pdf")
    client.post(page("task", application, "papers"), {"paper": "degree_certificate", "degree_certificate-file": paper})

    assert not application.excuses.exists()
    assert [entry.document.name for entry in application.documents.all()] == ["degree.pdf"]


def test_an_excuse_is_taken_back(client):
    application = make_draft()
    sign_in(client, application)
    excuse(client, application)
    assert "I can provide it after all" in client.get(page("task", application, "papers")).text

    client.post(page("end_excuse", application, "degree_certificate"))

    assert not application.excuses.exists()
    assert client.post(page("end_excuse", application, "gold")).status_code == 404


def test_the_paper_that_is_there_needs_no_excuse(client):
    application = make_draft(filled=True)
    sign_in(client, application)

    assert excuse(client, application).status_code == 409
    assert not application.excuses.exists()


# --- On paper ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_question_can_be_printed(client, language):
    form_in_use()
    cache.clear()
    with translation.override(language):
        text = client.get(reverse("intake:all_questions")).text
        pdf = client.get(reverse("intake:all_questions_pdf"))

    assert ("Who owns the intellectual property?" if language == "en" else "知识产权归谁所有？") in text
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_draft_and_what_was_sent_are_numbered_pdfs(client):
    draft, sent = make_draft(), make_application()
    for application in (draft, sent):
        sign_in(client, application)
        answer = client.get(page("pdf", application))
        assert (answer.content[:5], application.ref in answer["Content-Disposition"]) == (b"%PDF-", True)
    client.force_login(make_user())
    assert client.get(page("pdf", draft)).status_code == 404


@time_machine.travel("2026-11-23T10:00:00+08:00")
def test_sending_issues_a_numbered_receipt_that_anybody_can_check(client):
    application = make_draft(filled=True)
    part = make_co_applicant(application, "reader")
    actions.submit(application=application, by=application.talent.user, says_true=True, agrees_to_storage=True)
    receipt = receipt_of(application)
    pdfs.make(receipt.pk)
    sign_in(client, application)

    assert f"Receipt {receipt.number}" in client.get(page("sent", application)).text
    assert "23 Nov 2026, 10:00" in client.get(receipt.get_absolute_url()).text
    assert client.get(reverse("letters:pdf", args=[receipt.ref])).content[:5] == b"%PDF-"
    client.force_login(part.user)
    assert client.get(receipt.get_absolute_url()).status_code == 200
    client.force_login(make_user())
    assert client.get(receipt.get_absolute_url()).status_code == 404


def test_nobody_types_a_formula_into_a_pdf(client):
    application = make_draft()
    fill(application, "idea", {"title": '#import "x" $x$ *bold*', "summary": "#panic()"}, checked=False)
    make_stay(application.talent)
    sign_in(client, application)

    assert client.get(page("pdf", application)).content[:5] == b"%PDF-"
