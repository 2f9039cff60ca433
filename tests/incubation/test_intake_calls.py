"""Calls: what the public reads, what staff write, and drafts that nobody sends."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from incubation.intake import actions
from incubation.intake.actions import dropping, forming
from incubation.intake.models import Application, Call
from incubation.intake.tasks import watch_drafts
from park.notices.models import Notice
from park.workflow.actions import GuardFailed
from tests.factories.accounts import make_staff, make_user
from tests.factories.intake import fill, form_in_use, make_application, make_call, make_draft, make_writer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def told(application, kind: str) -> int:
    return Notice.objects.filter(kind=kind, subject_id=application.pk).count()


# --- What the public reads --------------------------------------------------------------------------------------------
def test_the_guide_lists_the_calls_that_are_open_and_those_that_come(client):
    form_in_use()
    now = timezone.now()
    make_call(name_en="Spring round", closes_at=now + 9 * DAY)
    make_call(name_en="Autumn round", opens_at=now + 9 * DAY)
    make_call(name_en="Old round", closes_at=now - DAY)

    text = client.get(reverse("intake:guide")).text

    assert "Spring round" in text and "Autumn round" in text and "Rolling admission" in text
    assert "Old round" not in text
    assert "Needed if: Who owns the intellectual property" in text


def test_a_call_has_a_page_of_its_own_in_both_languages(client):
    form_in_use()
    call = make_call(
        name_en="Growth round", name_zh_hans="成长期专场", stages=["growth"], places=4, about_en="For sales.",
        about_zh_hans="面向已有收入的公司。",
    )  # fmt: skip

    assert "4 places" in client.get(call.get_absolute_url()).text
    with translation.override("zh-hans"):
        assert "面向已有收入的公司。" in client.get(call.get_absolute_url()).text


@pytest.mark.parametrize(("opens", "closes", "words"), [(-9, -1, "This call is closed."), (9, 20, "not open yet")])
def test_a_call_that_is_not_open_says_so_and_starts_nothing(client, opens, closes, words):
    form_in_use()
    now = timezone.now()
    call = make_call(opens_at=now + opens * DAY, closes_at=now + closes * DAY)
    client.force_login(make_user())

    text = client.get(call.get_absolute_url()).text
    answers = {"abroad": "yes", "sector": "software_ai", "company": "no"}
    response = client.post(f"{reverse('intake:new')}?call={call.slug}", answers)

    assert words in text and "?call=" not in text
    assert (response.status_code, Application.objects.count()) == (422, 0)


def test_an_application_is_for_the_call_that_was_chosen(client):
    form_in_use()
    call = make_call(closes_at=timezone.now() + 9 * DAY)
    client.force_login(make_user())

    client.post(
        f"{reverse('intake:new')}?call={call.slug}", {"abroad": "yes", "sector": "software_ai", "company": "no"}
    )

    assert Application.objects.get().call == call


# --- What staff write -------------------------------------------------------------------------------------------------
def written(**changes) -> dict:
    return {
        "name_en": "Spring round", "name_zh_hans": "春季专场", "slug": "spring", "opens_at_0": "2027-03-01",
        "opens_at_1": "09:00", "closes_at_0": "2027-04-01", "closes_at_1": "17:00", "stages": ["startup"],
        "decided_by": "officers",
    } | changes  # fmt: skip


def desk(client) -> str:
    client.force_login(make_staff("intake.view_call", "intake.add_call", "intake.change_call"))
    return reverse("admin:intake_call_add")


def test_staff_write_a_call(client):
    client.post(desk(client), written())

    call = Call.objects.get(slug="spring")
    assert (call.name_zh_hans, call.stages, call.form) == ("春季专场", ["startup"], None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_at_0": "2027-02-01"}, {"name_zh_hans": ""}, {"about_en": "Only English"}, {"stages": ["moon"]},
        {"places": "0"},
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_is_refused(client, wrong):
    client.post(desk(client), written(**wrong))

    assert not Call.objects.filter(slug="spring").exists()


def test_a_call_takes_no_form_of_which_no_version_is_in_use(client):
    empty = forming.start_form(slug="empty", name_en="Empty", name_zh="空", by=make_writer())

    client.post(desk(client), written(form=str(empty.form_id)))

    assert not Call.objects.filter(slug="spring").exists()


def test_the_database_knows_the_stages_too():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_call(stages=["moon"])


def test_the_list_of_calls_costs_the_same_for_one_and_for_three(client):
    desk(client)
    url = reverse("admin:intake_call_changelist")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    make_draft()
    client.get(url)
    one = cost()
    make_call(stages=["growth"])
    make_call(closes_at=timezone.now() + DAY)

    assert cost() == one


# --- Drafts that nobody sends -----------------------------------------------------------------------------------------
def test_the_writer_of_a_draft_is_reminded_seven_days_and_one_day_before_a_call_closes():
    form_in_use()
    closes = timezone.now() + 20 * DAY
    draft = actions.start(by=make_user(), call=make_call(closes_at=closes))
    counts = []

    for days in (8, 6.9, 5, 0.9, 0.5):
        with time_machine.travel(closes - days * DAY):
            watch_drafts()
            watch_drafts()
        counts.append(told(draft, "draft-closing"))

    assert counts == [0, 1, 1, 2, 2]


def test_what_was_sent_is_not_reminded_of():
    application = make_application()
    Call.objects.filter(pk=application.call_id).update(closes_at=timezone.now() + DAY)

    watch_drafts()

    assert told(application, "draft-closing") == 0


def test_a_draft_is_dropped_after_half_a_year_and_two_letters():
    draft = make_draft()
    saved, seen = draft.saved_at, []

    for days in (149, 151, 172, 174, 180, 182):
        with time_machine.travel(saved + days * DAY):
            watch_drafts()
            watch_drafts()
        draft.refresh_from_db()
        seen.append((told(draft, "draft-idle"), draft.state))

    assert seen == [(0, "draft"), (1, "draft"), (1, "draft"), (2, "draft"), (2, "draft"), (2, "closed")]
    assert draft.talent.user.documents.count() == 0


def test_a_timetable_that_stood_still_drops_nothing_untold():
    draft = make_draft()
    seen = []

    for days in (400, 401, 408, 409, 416):
        with time_machine.travel(draft.saved_at + days * DAY):
            watch_drafts()
        draft.refresh_from_db()
        seen.append((told(draft, "draft-idle"), draft.state))

    assert seen == [(1, "draft"), (1, "draft"), (2, "draft"), (2, "draft"), (2, "closed")]


def test_writing_in_a_draft_keeps_it():
    draft = make_draft()
    saved = draft.saved_at
    with time_machine.travel(saved + 175 * DAY):
        watch_drafts()
        fill(draft, "idea", {"title": "Still here"}, checked=False)

    with time_machine.travel(saved + 190 * DAY):
        watch_drafts()
        with pytest.raises(GuardFailed):
            dropping.drop(application=draft)

    draft.refresh_from_db()
    assert draft.state == "draft"
