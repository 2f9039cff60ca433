"""Three threads on a file: what each role reads of them, wherever it looks."""

import pytest
from django.core import mail
from django.urls import reverse

from incubation.intake import actions
from incubation.intake.actions import MoveRefused
from incubation.intake.models import CoApplicant, Role
from park.accounts.matrix import routes
from park.casework.models import Message, Visibility
from park.files.access import readable_by as files_of
from park.notices import tasks as post
from park.notices.models import Notice
from tests.factories.accounts import make_administrator, make_staff, make_user
from tests.factories.api import bearer, make_key
from tests.factories.casework import make_absence, make_flag
from tests.factories.files import make_document
from tests.factories.intake import make_application, make_officer
from tests.factories.organisations import make_membership, make_organisation
from tests.factories.profiles import make_talent

pytestmark = pytest.mark.django_db
CANARIES = {each: f"CANARY-{each.value.upper()}" for each in Visibility}
READS = {
    "applicant": {Visibility.APPLICANT},
    "officer": set(Visibility),
    "administrator": set(Visibility),
    "another person": set(),
    "an institution": set(),
    "a partner": set(),
    "staff without the duty": set(),
}


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def file():
    """An application with one message in each thread, and a flag."""
    application = make_application("screening")
    for visibility, canary in CANARIES.items():
        document = make_document(owner=application.officer, name=f"{canary}.pdf")
        actions.write(
            application=application, visibility=visibility, text=canary, by=application.officer, documents=[document]
        )
    make_flag(application.talent, reason="CANARY-FLAG")
    return application


def person(role: str, application):
    match role:
        case "applicant":
            return application.talent.user
        case "officer":
            return make_staff("intake-officer")
        case "administrator":
            return make_administrator()
        case "an institution":
            return make_membership(organisation=make_organisation(kind="institution")).user
        case "a partner":
            return make_membership(organisation=make_organisation(kind="partner")).user
        case "staff without the duty":
            return make_staff()
    return make_user()


def pages(client, application) -> str:
    """Read every page on which something of an application could stand."""
    ref, pk = application.ref, application.pk
    addresses = [
        f"/me/applications/{ref}/", f"/me/applications/{ref}/messages/", f"/me/applications/{ref}/state/",
        f"/me/applications/{ref}/sent/", "/me/applications/", "/me/", "/me/documents/", "/me/notices/",
        "/search/?q=CANARY", "/me/profile/", "/admin/", f"/admin/intake/application/{pk}/change/",
        f"/admin/intake/application/{pk}/messages/", f"/admin/intake/application/{pk}/history/",
        "/admin/intake/application/?q=CANARY", "/admin/casework/flag/",
        f"/admin/profiles/talent/{application.talent_id}/change/", "/admin/notices/notice/", "/admin/files/document/",
    ]  # fmt: skip
    return "\n".join(client.get(address, follow=True).text.replace("?q=CANARY", "") for address in addresses)


@pytest.mark.parametrize("role", READS)
def test_each_role_reads_its_threads_and_nothing_of_the_others(client, file, role):
    user = person(role, file)
    client.force_login(user)

    seen = pages(client, file)

    assert {each for each, canary in CANARIES.items() if canary in seen} == READS[role]
    assert ("CANARY-FLAG" in seen) is (role in {"officer", "administrator"})
    names = set(files_of(user).values_list("name", flat=True)) if role != "administrator" else set()
    assert {each for each, canary in CANARIES.items() if f"{canary}.pdf" in names} == (READS[role] if names else set())


def test_no_mail_and_no_notice_carries_what_its_reader_may_not_read(file):
    post.deliver()

    applicant = file.talent.user
    letters = [f"{each.subject} {each.body}" for each in mail.outbox if applicant.email in each.to]
    kept = [str(each.context) for each in Notice.objects.filter(recipient=applicant)]
    told = " ".join(letters + kept)
    assert CANARIES[Visibility.APPLICANT] in told
    assert CANARIES[Visibility.STAFF] not in told
    assert CANARIES[Visibility.REVIEWERS] not in told
    assert "CANARY-FLAG" not in told


def test_no_interface_for_programs_gives_messages_or_flags_away(client, file):
    _key, secret = make_key()
    lists = [each.address for each in routes() if each.who.startswith("API key") and "<" not in each.address]
    answers = [client.get(address, **bearer(secret)) for address in lists]

    assert 200 in {answer.status_code for answer in answers}
    assert "CANARY" not in "".join(answer.text for answer in answers)


def test_an_applicant_writes_to_the_case_officer_and_to_nobody_else(client):
    application = make_application("screening")
    client.force_login(application.talent.user)
    url = reverse("intake:talk", args=[application.ref])

    assert client.post(url, {"text": " "}).status_code == 422
    client.post(url, {"text": "May I send the patent later?", "visibility": "staff"})

    message = Message.objects.get()
    assert (message.visibility, message.side) == ("applicant", "applicant")
    assert list(Notice.objects.filter(kind="application-written").values_list("recipient", flat=True)) == [
        application.officer_id
    ]
    for visibility in (Visibility.STAFF, Visibility.REVIEWERS):
        with pytest.raises(MoveRefused):
            actions.write(application=application, visibility=visibility, text="Hi", by=application.talent.user)


def test_who_stands_in_is_written_to_as_well(client):
    application = make_application("screening")
    absence = make_absence(application.officer, make_officer())

    actions.write(application=application, text="Hello?", by=application.talent.user)

    told = Notice.objects.filter(kind="application-written").values_list("recipient", flat=True)
    assert set(told) == {absence.officer_id, absence.substitute_id}


def test_every_message_is_told_once(client):
    application = make_application("screening")

    for text in ("First.", "Second."):
        actions.write(application=application, text=text, by=application.officer)

    told = Notice.objects.filter(kind="application-message", recipient=application.talent.user)
    assert [each.context["text"] for each in told.order_by("pk")] == ["First.", "Second."]


def test_an_officer_who_applies_reads_no_thread_of_staff_on_their_own_file(client):
    application = make_application("screening")
    applicant = application.talent.user
    actions.write(application=application, visibility=Visibility.STAFF, text="CANARY", by=application.officer)
    applicant.is_staff = True
    applicant.save()
    applicant.groups.add(make_staff("intake-officer").groups.get())
    client.force_login(applicant)

    page = client.get(f"/admin/intake/application/{application.pk}/messages/")

    assert "CANARY" not in page.text


def test_a_case_shows_the_flags_of_its_person_and_staff_write_on_its_page(client):
    application = make_application("screening")
    make_flag(application.talent, reason="Ask for the contract.")
    client.force_login(make_staff("intake-officer"))
    url = reverse("admin:intake_application_messages", args=[application.pk])

    case = client.get(f"/admin/intake/application/{application.pk}/change/").text
    client.post(url, {"visibility": "staff", "text": "I know this team."})

    assert "Ask for the contract." in case
    assert Message.objects.get().visibility == "staff"
    assert "I know this team." in client.get(url).text
    assert client.post(url, {"visibility": "staff", "text": ""}).status_code == 422


def test_a_flag_shows_on_the_cases_of_co_applicants_too_and_nobody_finds_their_own_case_on_the_desk(client):
    application, member = make_application("screening"), make_talent()
    CoApplicant.objects.create(application=application, user=member.user, role=Role.EDITOR)
    make_flag(member, reason="Ask the institute first.")
    client.force_login(make_staff("intake-officer"))
    case = f"/admin/intake/application/{application.pk}/change/"

    seen, listed = client.get(case), client.get("/admin/intake/application/").context["cl"].result_list[0]
    member.user.is_staff = True
    member.user.save()
    member.user.groups.add(make_staff("intake-officer").groups.get())
    client.force_login(member.user)

    assert "Ask the institute first." in seen.text
    assert listed.flagged
    assert list(client.get("/admin/intake/application/").context["cl"].result_list) == []
    assert client.get(case).status_code == 302
