"""Several people write one application: who may what, who edits now, who confirms."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from incubation.intake import actions
from incubation.intake.models import Application, CoApplicant, TaskLease, TeamAct, TeamInvitation
from park.accounts.models import Letter
from park.files.models import Document
from park.workflow.actions import NotYours
from tests.factories.accounts import make_user
from tests.factories.intake import (
    ANSWERS,
    add_paper,
    fill,
    form_in_use,
    make_application,
    make_co_applicant,
    make_draft,
    make_officer,
    posted,
)

pytestmark = pytest.mark.django_db
OWN_PAGES = ("application", "check", "team")
ACTS_OF_LEADS = ("discard", "withdraw", "undo_withdraw", "answer")


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page(name, application, *more):
    return reverse(f"intake:{name}", args=[application.ref, *more])


def send(application, by=None):
    by = by or application.talent.user
    return actions.submit(application=application, by=by, says_true=True, agrees_to_storage=True)


def save(application, by, key="idea", **more):
    return actions.save_answers(
        application=application, task=task_of(application, key), data=posted(ANSWERS[key] | more), by=by
    )


def task_of(application, key):
    from incubation.intake.progress import Draft

    return Draft(application).definition.task(key)


def link(letter) -> str:
    return re.search(r"http\S+(/me/invitations/\S+)", letter.text).group(1)


# --- Inviting and joining ---------------------------------------------------------------------------------------------
def test_an_invited_person_joins_by_the_link_of_the_mail_and_the_link_works_once(client):
    application, chen = make_draft(), make_user(name="Chen Wei", email="chen@talent.example")
    client.force_login(application.talent.user)
    client.post(page("team", application), {"email": "Chen@talent.example", "role": "editor", "signs": "on"})
    address = link(Letter.objects.get(to="chen@talent.example"))

    client.force_login(chen)
    assert "invites you to an application" in client.get(address).text
    joined = client.post(address)

    part = CoApplicant.objects.get()
    assert joined.url == page("application", application)
    assert (part.user, part.role, part.signs) == (chen, "editor", True)
    assert client.get(address).status_code == 404
    assert "Chen Wei" in client.get(page("team", application)).text


def test_the_link_opens_nothing_for_another_address(client):
    application, stranger = make_draft(), make_user()
    actions.invite(application=application, by=application.talent.user, email="chen@talent.example", role="editor")
    client.force_login(stranger)
    address = link(Letter.objects.get())

    shown, pressed = client.get(address), client.post(address)

    assert "went to another address" in shown.text
    assert (pressed.status_code, CoApplicant.objects.count()) == (409, 0)
    assert client.get(page("application", application)).status_code == 404


@pytest.mark.parametrize("end", ["revoked", "expired", "asked again", "discarded", "forged"])
def test_a_link_that_does_not_hold_any_more_is_not_found(client, end):
    application, chen = make_draft(), make_user(email="chen@talent.example")
    lead = application.talent.user
    invitation = actions.invite(application=application, by=lead, email=chen.email, role="editor")
    address, now = link(Letter.objects.get()), timezone.now()
    if end == "revoked":
        actions.take_invitation_back(invitation=invitation, by=lead)
    elif end == "expired":
        now += dt.timedelta(days=15)
    elif end == "asked again":
        actions.invite(application=application, by=lead, email=chen.email, role="reader")
    elif end == "discarded":
        actions.discard(application=application, by=lead)
    else:
        address = address.replace("/me/invitations/", "/me/invitations/x")

    with time_machine.travel(now):
        client.force_login(chen)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert not CoApplicant.objects.exists()


def test_who_has_the_address_joins_without_the_mail(client):
    application, chen = make_draft(), make_user()
    actions.invite(application=application, by=application.talent.user, email=chen.email, role="reader")
    client.force_login(chen)

    address = re.search(r"/me/invitations/\d+/", client.get(reverse("intake:applications")).text).group()
    client.post(address)

    assert CoApplicant.objects.get().user == chen


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"email": "nobody"}, "Write the address like name@example.org."),
        ({"role": "king"}, "Select a valid choice"),
        ({"until_day": "1", "until_month": "1", "until_year": "2020"}, "lies in the past"),
    ],
)
def test_an_invitation_that_cannot_work_is_refused_with_a_sentence(client, said, sentence):
    application = make_draft()
    client.force_login(application.talent.user)

    response = client.post(page("team", application), {"email": "chen@talent.example", "role": "editor"} | said)

    assert response.status_code in (409, 422)
    assert sentence in response.text
    assert not TeamInvitation.objects.exists()


def test_the_applicant_cannot_be_a_co_applicant_whoever_writes_it():
    application = make_draft()
    lead = application.talent.user

    with pytest.raises(actions.MoveRefused):
        actions.invite(application=application, by=lead, email=lead.email, role="editor")
    with pytest.raises(DatabaseError), transaction.atomic():
        CoApplicant.objects.create(application=application, user=lead, role="editor")


# --- Who may what -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "reads", "writes", "leads"),
    [
        ("lead", True, True, True), ("editor", True, True, False), ("reader", True, False, False),
        ("ended", False, False, False), ("run out", False, False, False), ("nobody", False, False, False),
    ],
)  # fmt: skip
def test_each_role_may_what_it_says(client, role, reads, writes, leads):
    application = make_draft(filled=True)
    document = application.documents.first().document
    user, now = make_user(), timezone.now()
    if role != "nobody":
        until = now + dt.timedelta(days=1) if role == "run out" else None
        real = role if role in ("lead", "editor", "reader") else "lead"
        part = make_co_applicant(application, real, user, until=until)
        if role == "ended":
            actions.end_part(co_applicant=part, by=application.talent.user)
    with time_machine.travel(now + dt.timedelta(days=2) if role == "run out" else now):
        client.force_login(user)
        for name in OWN_PAGES:
            assert client.get(page(name, application)).status_code == (200 if reads else 404)
        assert client.get(document.get_absolute_url()).status_code == (200 if reads else 404)
        saved = client.post(page("autosave", application, "idea"), ANSWERS["idea"])
        assert saved.status_code == (200 if writes else 403 if reads else 404)
        invited = client.post(page("team", application), {"email": "more@talent.example", "role": "reader"})
        assert invited.status_code == (302 if leads else 404)
        client.post(page("check", application), {"says_true": "on", "agrees_to_storage": "on"})
        application.refresh_from_db()
        assert application.is_draft  # the applicant alone sends it


@pytest.mark.parametrize("role", ["editor", "reader"])
def test_who_does_not_lead_cannot_withdraw_answer_or_discard(client, role):
    for application in (make_draft(), make_application(), make_application("withdrawn"), make_application("more_info")):
        user, state = make_user(), application.state
        CoApplicant.objects.create(application=application, user=user, role=role)
        client.force_login(user)
        for act in ACTS_OF_LEADS:
            client.post(page(act, application), {"note": "", "text": "Words."})

        application.refresh_from_db()
        assert application.state == state


def test_an_editor_cannot_change_who_takes_part(client):
    application = make_draft()
    editor, other = make_co_applicant(application, "editor"), make_co_applicant(application, "reader")

    for act in (
        lambda: actions.end_part(co_applicant=other, by=editor.user),
        lambda: actions.change_part(co_applicant=editor, by=editor.user, role="lead", signs=False),
        lambda: actions.invite(application=application, by=editor.user, email="x@talent.example", role="lead"),
    ):
        with pytest.raises(NotYours):
            act()


def test_a_co_applicant_who_is_an_officer_neither_checks_nor_decides():
    application, officer = make_draft(filled=True), make_officer()
    make_co_applicant(application, "reader", officer)
    send(application)

    with pytest.raises(NotYours):
        actions.take(application=application, by=officer)


def test_what_a_co_applicant_writes_does_not_change_the_profile_of_the_applicant():
    application = make_draft()
    editor = make_co_applicant(application, "editor")

    actions.save_answers(
        application=application, task=task_of(application, "personal"), by=editor.user, checked=True,
        data=posted(ANSWERS["personal"] | {"name": "Somebody Else"}),
    )  # fmt: skip

    application.talent.refresh_from_db()
    assert application.talent.name != "Somebody Else"


def test_somebody_who_left_can_be_invited_again():
    application, user = make_draft(), make_user()
    part = make_co_applicant(application, "editor", user)
    actions.end_part(co_applicant=part, by=user)

    make_co_applicant(application, "reader", user)

    assert [each.role for each in application.co_applicants.current()] == ["reader"]


# --- One editor a task ------------------------------------------------------------------------------------------------
def test_a_task_has_one_editor_named_to_the_others_and_ten_idle_minutes_release_it(client):
    application = make_draft()
    chen = make_co_applicant(application, "editor", make_user(name="Chen Wei")).user
    save(application, chen, title="Theirs")
    client.force_login(application.talent.user)

    listed = client.get(page("application", application)).text
    opened = client.get(page("task", application, "idea")).text
    typed = client.post(page("autosave", application, "idea"), ANSWERS["idea"] | {"title": "Mine"})
    pressed = client.post(page("task", application, "idea"), ANSWERS["idea"] | {"title": "Mine", "continue": "1"})

    application.refresh_from_db()
    assert "Chen Wei is editing" in listed and "Chen Wei is editing this task." in opened
    assert (typed.status_code, pressed.status_code, application.title) == (409, 409, "Theirs")
    assert 'value="Mine"' in pressed.text and "Theirs" in pressed.text
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        client.force_login(application.talent.user)
        assert "is editing" not in client.get(page("application", application)).text
        assert save(application, application.talent.user, title="Mine").title == "Mine"


def test_pressing_continue_leaves_the_task_free():
    application = make_draft()
    chen = make_co_applicant(application, "editor").user
    save(application, chen)

    actions.save_answers(
        application=application, task=task_of(application, "idea"), data=posted(ANSWERS["idea"]), by=chen, checked=True
    )

    assert not TaskLease.objects.exists()


def test_entering_a_field_is_enough_to_be_the_editor(client):
    application = make_draft()
    chen = make_co_applicant(application, "editor", make_user(name="Chen Wei")).user
    client.force_login(chen)
    assert client.post(page("claim", application, "idea")).status_code == 204

    client.force_login(application.talent.user)
    answer = client.post(page("claim", application, "idea"))

    assert (answer.status_code, "Chen Wei" in answer.text) == (409, True)


def test_who_is_removed_while_editing_loses_the_task_at_once():
    application = make_draft()
    part = make_co_applicant(application, "editor")
    save(application, part.user)

    actions.end_part(co_applicant=part, by=application.talent.user)

    assert not TaskLease.objects.exists()
    with pytest.raises(NotYours):
        save(application, part.user, title="Too late")


def test_the_database_allows_a_task_one_editor():
    application, chen = make_draft(), make_user()
    TaskLease.objects.create(application=application, task="idea", user=application.talent.user)

    with pytest.raises(IntegrityError), transaction.atomic():
        TaskLease.objects.create(application=application, task="idea", user=chen)


# --- Confirming -------------------------------------------------------------------------------------------------------
def test_nothing_is_sent_before_every_co_signer_has_confirmed_these_words(client):
    application = make_draft(filled=True)
    part = make_co_applicant(application, "reader", make_user(name="Chen Wei"), signs=True)
    with pytest.raises(actions.MoveRefused, match="Not confirmed yet: Chen Wei"):
        send(application)

    client.force_login(part.user)
    read = re.search(r'name="read" value="(\w+)"', client.get(page("check", application)).text).group(1)
    client.post(page("sign", application), {"read": read})
    fill(application, "idea", ANSWERS["idea"] | {"title": "Changed after it was confirmed"})
    with pytest.raises(actions.MoveRefused, match="Not confirmed yet: Chen Wei"):
        send(application)
    assert client.post(page("sign", application), {"read": read}).status_code == 302
    assert application.signatures.count() == 1  # what was read is not what stands there

    read = re.search(r'name="read" value="(\w+)"', client.get(page("check", application)).text).group(1)
    client.post(page("sign", application), {"read": read})
    send(application)

    assert application.state == "submitted"
    assert "Confirmed by Chen Wei" in client.get(page("sent", application)).text


def test_an_invited_co_signer_who_has_not_joined_is_waited_for():
    application = make_draft(filled=True)
    lead = application.talent.user
    invitation = actions.invite(
        application=application, by=lead, email="chen@talent.example", role="reader", signs=True
    )

    with pytest.raises(actions.MoveRefused, match=r"chen@talent\.example"):
        send(application)
    actions.take_invitation_back(invitation=invitation, by=lead)

    assert send(application).target == "submitted"


def test_only_a_co_signer_confirms_and_only_a_whole_application(client):
    application = make_draft(filled=True)
    editor, signer = make_co_applicant(application), make_co_applicant(application, signs=True)
    with pytest.raises(NotYours):
        actions.sign(application=application, by=editor.user, read="")

    add = Document.objects.filter(kind="business_plan")
    application.documents.filter(document__in=add).delete()
    with pytest.raises(actions.MoveRefused, match="Some tasks are not done yet"):
        actions.sign(application=application, by=signer.user, read="")


# --- Who did what -----------------------------------------------------------------------------------------------------
def test_every_act_says_who_did_it_and_cannot_be_changed(client):
    application = make_draft()
    part = make_co_applicant(application, "editor", make_user(name="Chen Wei"))
    save(application, part.user)
    add_paper(application, "business_plan")
    client.force_login(part.user)

    text = client.get(page("team", application)).text

    for words in ("worked on a task: What you want to build", "joined", "added a paper: Business plan"):
        assert words in text
    with pytest.raises(DatabaseError), transaction.atomic():
        TeamAct.objects.update(about="somebody else")


def test_the_team_page_costs_the_same_for_one_and_for_four(client, django_assert_max_num_queries):
    form_in_use()
    application = make_draft()
    make_co_applicant(application)
    client.force_login(application.talent.user)
    client.get(page("team", application))
    with django_assert_max_num_queries(14) as first:
        client.get(page("team", application))
    for _one in range(3):
        make_co_applicant(application)

    with django_assert_max_num_queries(len(first)):
        client.get(page("team", application))
    assert Application.objects.taken_part_in_by(application.talent.user).count() == 1
    assert connection.vendor == "postgresql"
