"""Settings of one's own, the language, and the duties of park staff."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.urls import reverse

from park.accounts import actions, duties
from park.accounts.models import User
from tests.factories.accounts import make_administrator, make_user

pytestmark = pytest.mark.django_db


def test_one_changes_how_one_is_addressed(client):
    user = make_user()
    client.force_login(user)

    answer = client.post(reverse("accounts:settings"), {
        "name": "Lin Yu", "name_zh": "林语", "language": "zh-hans", "time_zone": "America/New_York",
    })

    user.refresh_from_db()
    assert (user.name, user.name_zh, user.language, user.time_zone) == ("Lin Yu", "林语", "zh-hans", "America/New_York")
    assert (answer.url, answer.cookies["language"].value) == ("/zh-hans/me/settings/", "zh-hans")


@pytest.mark.parametrize("change", [{"time_zone": "Mars/Olympus"}, {"language": "fr"}, {"name": ""}])
def test_settings_that_cannot_be_change_nothing(client, change):
    user = make_user(name="Before")
    client.force_login(user)
    data = {"name": "After", "name_zh": "", "language": "en", "time_zone": "Asia/Shanghai"} | change

    answer = client.post(reverse("accounts:settings"), data)

    user.refresh_from_db()
    assert (answer.status_code, user.name) == (422, "Before")


def test_switching_the_language_keeps_the_page_and_what_is_written_to_one_follows(client):
    user = make_user(language="en")
    client.force_login(user)

    answer = client.post(reverse("set_language"), {"language": "zh-hans", "next": "/me/settings/?a=1"})

    user.refresh_from_db()
    assert (answer.url, answer.cookies["language"].value, user.language) == (
        "/zh-hans/me/settings/?a=1", "zh-hans", "zh-hans",
    )


def test_the_language_switch_leads_to_no_other_site(client):
    assert client.post(reverse("set_language"), {"language": "en", "next": "https://evil.example/"}).url == "/"


def test_the_staff_area_speaks_the_officers_language(client):
    client.force_login(make_administrator(language="zh-hans"))

    assert client.get("/admin/").headers["Content-Language"] == "zh-hans"


# --- Duties -----------------------------------------------------------------------------------------------------------
def test_every_duty_of_the_list_is_a_group_with_exactly_its_rights():
    for name, duty in duties.listed().items():
        rights = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
        assert {f"{app}.{codename}" for app, codename in rights} == set(duty["rights"])


def test_a_right_that_the_list_does_not_name_is_taken_away():
    group = Group.objects.get(name="finance-officer")
    group.permissions.add(Permission.objects.get(codename="delete_user"))

    duties.sync()

    assert not group.permissions.filter(codename="delete_user").exists()


def test_a_duty_that_names_an_unknown_right_stops_the_migration(monkeypatch):
    monkeypatch.setattr(duties, "listed", lambda: {"odd": {"label": "Odd", "rights": ["nowhere.do_anything"]}})

    with pytest.raises(ImproperlyConfigured, match=r"^The duty 'odd' names rights that no room has: nowhere.do_any"):
        duties.sync()


def test_a_duty_opens_the_staff_area_and_its_end_closes_it():
    user, administrator = make_user(), make_administrator()

    actions.give_duty(user, "intake-officer", by=administrator)
    assert (user.is_staff, User.objects.get(pk=user.pk).has_perm("intake.screen_application")) == (True, True)

    actions.take_duty(user, "intake-officer", by=administrator)
    assert (user.is_staff, User.objects.get(pk=user.pk).has_perm("intake.screen_application")) == (False, False)


def test_nobody_gives_a_duty_to_themselves():
    administrator = make_administrator()

    with pytest.raises(actions.NotForOneself):
        actions.give_duty(administrator, "park-manager", by=administrator)


def test_a_duty_given_and_taken_stays_in_the_history():
    from park.accounts.models import DutyHeldEvent

    user = make_user()
    actions.give_duty(user, "intake-officer")
    actions.take_duty(user, "intake-officer")

    told = DutyHeldEvent.objects.filter(user=user).order_by("pgh_id").values_list("pgh_label", flat=True)
    assert list(told) == ["insert", "delete"]


def test_an_unknown_duty_is_refused():
    with pytest.raises(actions.NoSuchDuty):
        actions.give_duty(make_user(), "gate-keeper")


def test_tidying_twice_does_no_harm(client):
    client.post(reverse("account_login"), {"login": make_user().email, "password": "wrong password 1"})
    from park.accounts.tasks import tidy

    tidy()
    tidy()

    call_command("clearsessions", stdout=StringIO())
