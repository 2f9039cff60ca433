"""Saved searches, reminders before a policy closes, and the calendar: told once, with the reason, and ended at once."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from incubation.facts.models import Source
from park.notices import delivery
from park.notices.models import Delivery, Notice
from services.alerts import actions, looking, reminding
from services.alerts.models import Alert, Feed, Hit, SavedSearch
from services.policies import acted, matching
from services.policies.facets import Asked
from tests.factories.accounts import make_user
from tests.factories.facts import know, make_company, make_owner
from tests.factories.policies import make_version, release, rule, staff_at_least

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 9, 9, 4, 0, tzinfo=dt.UTC)  # a Wednesday
A_DAY = dt.timedelta(1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def grants(user=None, *, frequency="at_once", text="rent", **chosen) -> SavedSearch:
    asked = Asked(text=text, chosen={"kind": ["subsidy"]} | chosen)
    return actions.save_search(user=user or make_user(), asked=asked, name="Rent", frequency=frequency)


def make_rent(**fields):
    """A grant that the search matches."""
    return make_version(title_en="Rent grant", **fields)


def run() -> None:
    looking.look()
    looking.tell_of_hits()


# --- Saved searches ---------------------------------------------------------------------------------------------------
def test_an_alert_says_of_each_policy_why_it_is_in_it(mailoutbox):
    make_rent()  # known when the search is saved: no news
    reader = make_user(name="Zhao Ming")
    grants(reader)
    make_rent(), make_version(title_en="Tax relief", about={"kind": "tax"})

    run(), run()
    delivery.run_lease()

    (mail,) = mailoutbox
    assert mail.subject == "1 new policy for your search “Rent”"
    assert "Because: it speaks of “rent”; What it is about: Grants and subsidies" in mail.body
    assert "/policies/" in mail.body and "Tax relief" not in mail.body
    assert Notice.objects.count() == Alert.objects.count() == 1


def test_a_new_version_of_a_policy_is_told_of_again_and_one_that_does_not_match_is_not():
    grants()
    make_rent(slug="rent")
    run()

    make_rent(slug="rent", rule=rule(staff_at_least(5)))
    make_version(title_en="Rent for parks", about={"kind": "space"})
    run()

    assert Hit.objects.filter(alert__isnull=False).count() == 2


@pytest.mark.parametrize(
    ("frequency", "later", "told"),
    [
        ("at_once", dt.timedelta(0), 1),
        ("daily", dt.timedelta(hours=2), 0),
        ("daily", dt.timedelta(hours=20), 1),  # eight in the morning in Beijing
        ("weekly", dt.timedelta(days=4), 0),
        ("weekly", dt.timedelta(days=4, hours=20), 1),  # Monday
    ],
)
def test_a_search_is_told_of_as_often_as_its_owner_chose(noon, frequency, later, told):
    grants(make_user(time_zone="Asia/Shanghai"), frequency=frequency)
    make_rent()

    noon.move_to(NOON + later)
    run(), run()

    assert Alert.objects.count() == Notice.objects.count() == told


def test_the_whole_day_of_a_daily_search_is_one_alert(noon):
    grants(frequency="daily")
    for _ in range(2):
        make_rent()
        noon.shift(A_DAY / 2)
        run()
        make_rent()
        noon.shift(A_DAY / 2)
        run()

    assert Alert.objects.count() == 2
    assert not Hit.objects.untold().exists()


def test_an_alert_whose_mail_did_not_go_is_not_forgotten(settings, mailoutbox):
    grants(), make_rent()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1,
    )  # fmt: skip
    run()
    delivery.run_lease()
    assert Delivery.objects.get().state == "pending"

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Delivery.objects.update(due_at=timezone.now())
    delivery.run_lease()
    assert len(mailoutbox) == 1


def test_one_click_stops_one_search_and_what_waits_of_it(client, mailoutbox):
    reader = make_user()
    search, other = grants(reader), grants(reader, text="grant")
    make_rent()
    run()

    delivery.run_lease()
    (link,) = {mail.extra_headers["List-Unsubscribe"] for mail in mailoutbox if "Rent" in mail.subject and (
        mail.body.count("“rent”"))}  # fmt: skip
    assert "/searches/stop/" in link
    path = "/" + link.strip("<>").split("/", 3)[3]
    assert "Stop the search" in client.get(path).content.decode()
    assert SavedSearch.objects.running().count() == 2  # opening it changes nothing
    client.post(path)

    assert list(SavedSearch.objects.running()) == [other]
    make_rent()
    run()
    assert {alert.search_id for alert in Alert.objects.all()} == {search.pk, other.pk}
    assert Alert.objects.filter(search=search).count() == 1
    assert client.get("/searches/stop/1.forged/").status_code == 404


def test_what_waits_of_a_stopped_search_is_not_sent(mailoutbox):
    search = grants()
    make_rent()
    run()
    actions.stop(search=search)

    delivery.run_lease()

    assert mailoutbox == []
    assert Delivery.objects.get().state == "cancelled"


def test_a_search_is_saved_from_the_catalogue_once(client):
    reader = make_user()
    client.force_login(reader)
    make_rent()
    listed = client.get(reverse("policies:catalogue"), {"q": "rent", "kind": "subsidy"}).content.decode()
    assert "/me/searches/new/?q=rent&amp;kind=subsidy" in listed

    address = reverse("alerts:save") + "?q=rent&kind=subsidy&kind=nonsense"
    assert "Grants and subsidies" in client.get(address).content.decode()
    client.post(address, {"name": "Rent", "frequency": "daily"})
    again = client.post(address, {"name": "Other", "frequency": "daily"})
    nothing = client.post(reverse("alerts:save"), {"name": "All", "frequency": "daily"})

    assert SavedSearch.objects.get().query == {"q": "rent", "kind": ["subsidy"]}
    assert again.status_code == nothing.status_code == 422
    assert "saved this search already" in again.content.decode()
    page = client.get(reverse("alerts:searches")).content.decode()
    assert "Rent" in page and "Nothing new has come" in page


def test_a_person_keeps_twenty_searches_at_the_most():
    reader = make_user()
    for nth in range(SavedSearch.MOST):
        grants(reader, text=f"word{nth}")

    with pytest.raises(actions.CannotSave, match="Stop one first"):
        grants(reader, text="one more")


def test_searches_of_somebody_else_do_not_exist(client):
    search = grants()
    client.force_login(make_user())

    for name in ("alerts:change", "alerts:end"):
        assert client.post(reverse(name, args=[search.pk]), {f"s{search.pk}-frequency": "weekly"}).status_code == 404
    client.force_login(search.user)
    client.post(reverse("alerts:change", args=[search.pk]), {f"s{search.pk}-frequency": "weekly"})
    search.refresh_from_db()
    assert (search.frequency, search.stopped_at) == ("weekly", None)


def test_the_tables_refuse_a_doubled_hit_alert_and_search():
    search = grants()
    version = make_rent()
    run()

    for row in (
        Hit(search=search, version=version),
        Alert(search=search, period=Alert.objects.get().period),
        SavedSearch(user=search.user, name="x", query=search.query, key=search.key),
        SavedSearch(user=search.user, name="x", query={}, key="other"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_many_searches_cost_the_questions_of_one(django_assert_max_num_queries, client):
    reader = make_user()
    client.force_login(reader)
    for nth in range(6):
        grants(reader, text=f"word{nth}")

    with django_assert_max_num_queries(11):  # one asks whether this person mentors
        client.get(reverse("alerts:searches"))


# --- Reminders --------------------------------------------------------------------------------------------------------
@pytest.fixture
def closing():
    """A company, its owner, and a released policy that fits it and closes in twenty days."""
    tenant = make_company()
    know(tenant, {"enterprise.headcount": 12})
    tenant.owner = make_owner(tenant)
    tenant.version = make_version(rule=rule(staff_at_least(10)), deadline=NOON + 20 * A_DAY, title_en="Equipment grant")
    matching.run_release(release(tenant.version).pk)
    return tenant


def reminders() -> list[int]:
    return list(Notice.objects.filter(kind=reminding.KIND).order_by("pk").values_list("version", flat=True))


def test_whom_a_policy_fits_is_reminded_fourteen_seven_and_two_days_before(noon, closing, mailoutbox):
    seen = []
    for day in range(21):
        noon.move_to(NOON + day * A_DAY)
        reminding.remind(), reminding.remind()
        if len(reminders()) > len(seen):
            seen = reminders()
            assert 20 - day == seen[-1]

    assert seen == [14, 7, 2]
    delivery.run_lease()
    last = next(mail for mail in mailoutbox if "last reminder" in mail.body)
    assert last.subject == "Closes soon: Equipment grant"
    assert "closes on 29 Sep 2026, 12:00 Beijing time" in last.body


def test_a_run_that_was_missed_is_made_up_for_once(noon, closing):
    noon.move_to(NOON + 14 * A_DAY)

    assert reminding.remind() == 1
    assert reminders() == [7]


def test_who_acted_or_no_longer_fits_is_not_reminded(noon, closing, monkeypatch, mailoutbox):
    noon.move_to(NOON + 7 * A_DAY)
    with monkeypatch.context() as patch:
        patch.setattr(acted, "_conditions", [lambda: Q(tenant=closing.pk)])
        assert reminding.remind() == 0
    assert reminding.remind() == 1

    know(closing, {"enterprise.headcount": 2}, source=Source.STAFF)
    matching.rejudge_changed()
    Delivery.objects.exclude(notice__kind=reminding.KIND).delete()
    delivery.run_lease()
    assert mailoutbox == []
    assert Delivery.objects.get().state == "cancelled"


# --- Calendars --------------------------------------------------------------------------------------------------------
def test_a_deadline_is_a_calendar_file_with_an_alarm(client, closing):
    address = reverse("alerts:deadline", args=[closing.version.policy.slug])
    assert address in client.get(closing.version.get_absolute_url()).content.decode()

    answer = client.get(address)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["summary"] == "Closes: Equipment grant"
    assert event.decoded("dtend") == NOON + 20 * A_DAY
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == dt.timedelta(days=-2)
    assert client.get(reverse("alerts:deadline", args=[make_version().policy.slug])).status_code == 404


def test_a_private_calendar_opens_by_its_address_until_it_is_ended(client, closing):
    client.force_login(closing.owner)
    page = client.post(reverse("alerts:calendar"), {"act": "make"}).content.decode()
    path = "/calendar/" + page.partition("<code")[2].partition("/calendar/")[2].partition("<")[0]
    client.logout()

    answer = client.get(path)
    assert [str(each["summary"]) for each in Calendar.from_ical(answer.content).walk("VEVENT")] == [
        "Closes: Equipment grant"
    ]
    assert answer["Cache-Control"] == "private, no-store"
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in Feed.objects.get().digest

    client.force_login(closing.owner)
    assert path not in client.get(reverse("alerts:calendar")).content.decode()  # shown once
    client.post(reverse("alerts:calendar"), {"act": "end"})
    assert client.get(path).status_code == 404


def test_a_calendar_program_that_asks_too_often_is_told_when_to_come_back(client):
    token = actions.make_feed(user=make_user())
    address = reverse("alerts:feed", args=[token])

    codes = [client.get(address).status_code for _ in range(61)]

    assert codes == [200] * 60 + [429]


def test_a_new_calendar_address_ends_the_old_one():
    reader = make_user()
    old, new = actions.make_feed(user=reader), actions.make_feed(user=reader)

    assert old != new
    assert Feed.objects.filter(revoked_at=None).count() == 1
    with pytest.raises(IntegrityError, match="one_calendar_address"), transaction.atomic():
        Feed.objects.create(user=reader, digest="x")
