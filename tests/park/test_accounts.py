"""How people come in, and what is asked of them first."""

import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from park.accounts import actions, duties, limits, post, sealing
from park.accounts.models import Letter, LetterState, User
from tests.factories.accounts import PASSWORD, make_administrator, make_staff, make_user
from tests.factories.organisations import make_membership, make_organisation
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db
NEW = {
    "email": "Lin.Yu@Talent.example", "password1": PASSWORD, "password2": PASSWORD, "name": "Lin Yu", "name_zh": "林语",
    "time_zone": "Europe/Berlin", "agreed": "on",
}


@pytest.fixture
def sink(settings):
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        yield sink


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Do what waits for a commit, as it would be done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": user.email, "password": password}, **extra)


# --- Registering ------------------------------------------------------------------------------------------------------
def test_a_scholar_registers_gets_a_code_by_smtp_and_is_in(client, sink, commits):
    with commits():
        answer = client.post("/zh-hans/accounts/signup/", NEW)

    assert answer.status_code == 302
    mail = sink.mails[0]
    assert sink.recipients == [["lin.yu@talent.example"]]
    text = mail.get_body(("plain",)).get_content()
    code = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", text, re.MULTILINE).group(1)
    assert code in mail.get_body(("html",)).get_content()
    user = User.objects.get()
    assert (user.email, user.name, user.name_zh, user.language, user.time_zone) == (
        "lin.yu@talent.example", "Lin Yu", "林语", "zh-hans", "Europe/Berlin",
    )
    assert (user.terms_version, user.terms_agreed_at is None) == ("2026-11", False)
    assert not EmailAddress.objects.get().verified

    client.post(answer.url, {"code": code})

    assert EmailAddress.objects.get().verified
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_letter_is_written_once_and_wiped_when_it_is_sent(client, sink, commits):
    with commits():
        client.post(reverse("account_signup"), NEW)

    letter = Letter.objects.get()
    assert (letter.state, letter.text, letter.html) == (LetterState.SENT, "", "")
    assert sink.mails[0]["Message-ID"] == letter.message_id
    assert post.send_due() == 0
    assert len(sink.mails) == 1


def test_a_mail_server_that_is_away_loses_nothing(client, sink, commits):
    sink.busy = True
    with commits():
        answer = client.post(reverse("account_signup"), NEW)
    assert (answer.status_code, sink.mails) == (302, [])

    sink.busy = False
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        Letter.objects.update(due_at=timezone.now() - timedelta(minutes=2))
        post.send_due()

    assert [mail["Message-ID"] for mail in sink.mails] == [Letter.objects.get().message_id]


def test_a_mailbox_that_does_not_exist_is_not_tried_again(client, sink, commits):
    sink.refuse.add("lin.yu@talent.example")
    with commits():
        client.post(reverse("account_signup"), NEW)

    letter = Letter.objects.get()
    assert (letter.state, letter.last_error) == (LetterState.FAILED, "SMTPRecipientsRefused 550")


def test_a_letter_that_comes_too_late_is_never_sent(sink):
    letter = actions.write_letter(to="a@talent.example", subject="s", text="t", html="h")
    Letter.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    post.send_due()

    letter.refresh_from_db()
    assert (letter.state, letter.text, sink.mails) == (LetterState.EXPIRED, "", [])


def test_a_letter_left_by_a_dead_worker_is_sent_by_the_next(sink):
    actions.write_letter(to="a@talent.example", subject="s", text="t", html="h")
    post.claim(10)
    assert post.send_due() == 0

    Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert post.send_due() == 1


def test_registering_a_known_address_looks_the_same_and_tells_only_its_owner(client, sink, commits):
    make_user(email="lin.yu@talent.example", language="zh-hans")
    with commits():
        known = client.post(reverse("account_signup"), NEW)
    client.logout()
    with commits():
        unknown = client.post(reverse("account_signup"), NEW | {"email": "new@talent.example"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(sink.mails) == 2
    assert User.objects.filter(email="lin.yu@talent.example").count() == 1


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": "", "name_zh": ""}, "name", "Give your name as in the passport, your Chinese name, or both."),
        ({"agreed": ""}, "agreed", "Without your agreement we may not keep an account for you."),
        ({"password1": "x" * 129, "password2": "x" * 129}, "password1", "A password has at most 128 characters."),
    ],
)
def test_what_is_missing_at_registration_is_said_beside_its_field(client, change, field, sentence):
    answer = client.post(reverse("account_signup"), NEW | change)

    assert answer.context["form"].errors == {field: [sentence]}
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["short", "password1234"])
def test_a_password_that_is_short_or_common_is_refused(client, password):
    answer = client.post(reverse("account_signup"), NEW | {"password1": password, "password2": password})

    assert list(answer.context["form"].errors) == ["password1"]


def test_one_name_is_enough(client):
    client.post(reverse("account_signup"), NEW | {"name": ""})

    assert User.objects.get().display_name == "林语"


# --- Signing in -------------------------------------------------------------------------------------------------------
def test_one_signs_in_by_address_in_any_case(client):
    user = make_user(email="lin@talent.example")

    client.post(reverse("account_login"), {"login": "Lin@Talent.example", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    wrong = sign_in(client, make_user(), "not the password")
    unknown = client.post(reverse("account_login"), {"login": "nobody@talent.example", "password": "whatever it is"})

    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_after_ten_wrong_passwords_the_account_rests_for_that_address_only(client):
    user = make_user()
    for _ in range(10):
        assert sign_in(client, user, "wrong password 1").status_code == 200

    refused = sign_in(client, user, PASSWORD)
    elsewhere = sign_in(client, user, PASSWORD, REMOTE_ADDR="198.51.100.7")

    assert (refused.status_code, elsewhere.status_code) == (429, 302)
    assert 3500 < int(refused["Retry-After"]) <= 3600


def test_twenty_failures_from_one_address_are_enough(client):
    for _ in range(20):
        sign_in(client, make_user(), "wrong password 1")

    assert sign_in(client, make_user()).status_code == 429


def test_signing_in_spends_no_tries(client):
    user = make_user()
    for _ in range(25):
        assert sign_in(client, user).status_code == 302
        client.logout()


def test_tries_come_back_after_an_hour():
    tries = limits.Tries("account_login", "a@talent.example", "203.0.113.9")
    for _ in range(11):
        until = tries.spend()
    assert until is not None

    from park.accounts.models import Attempts

    Attempts.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert tries.spend() is None


def test_limits_hold_while_redis_is_away(client, settings):
    settings.CACHES = {
        "default": {"BACKEND": "park.runtime.cache.ForgivingRedisCache", "LOCATION": "unix:///nowhere/redis.sock?db=1"}
    }
    user = make_user()
    for _ in range(10):
        assert sign_in(client, user, "wrong password 1").status_code == 200

    assert sign_in(client, user).status_code == 429


@pytest.mark.parametrize(
    ("count", "forwarded", "peer", "address"),
    [
        (0, "203.0.113.1", "198.51.100.2", "198.51.100.2"),
        (1, "203.0.113.1, 203.0.113.2", "198.51.100.2", "203.0.113.2"),
        (2, "203.0.113.1, 203.0.113.2", "198.51.100.2", "203.0.113.1"),
        (3, "203.0.113.1, 203.0.113.2", "198.51.100.2", "198.51.100.2"),
        (1, "not an address", "198.51.100.2", "0.0.0.0"),  # noqa: S104
        (1, "[2001:db8::1]", "198.51.100.2", "2001:db8::1"),
    ],
)
def test_only_as_many_proxies_as_are_named_are_believed(rf, settings, count, forwarded, peer, address):
    settings.TRUSTED_PROXY_COUNT = count

    assert limits.client_address(rf.get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR=peer)) == address


def test_an_ipv6_customer_is_one_however_many_addresses_they_have():
    assert limits.network_of("2001:db8:1:2:3::4") == limits.network_of("2001:db8:1:2:ffff::9")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "https:evil.example", "javascript:alert(1)", "/\\evil.example"],
)
def test_signing_in_leads_to_no_other_site(client, target):
    user = make_user()

    answer = client.post(f"{reverse('account_login')}?next={target}", {
        "login": user.email, "password": PASSWORD, "next": target,
    })

    assert (answer.status_code, answer.url) == (302, reverse("desk:me"))


def test_a_new_password_is_set_by_a_link_on_our_own_site_in_the_readers_language(client, sink, commits, settings):
    settings.BASE_URL = "https://portal.park.example"
    user = make_user(language="zh-hans")
    with commits():
        client.post(reverse("account_reset_password"), {"email": user.email})

    link = re.search(r"https://portal\.park\.example(/\S+)", sink.mails[0].get_body(("plain",)).get_content()).group(1)
    form = client.get(link, follow=True)
    new = "another-winter-morning"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

    user.refresh_from_db()
    assert user.check_password("another-winter-morning")


def test_asking_for_a_new_password_often_locks_out_nobody_else(client):
    user = make_user()
    for _ in range(3):
        assert client.post(reverse("account_reset_password"), {"email": user.email}).status_code == 302

    refused = client.post(reverse("account_reset_password"), {"email": user.email})
    elsewhere = client.post(reverse("account_reset_password"), {"email": user.email}, REMOTE_ADDR="198.51.100.7")

    assert (refused.status_code, elsewhere.status_code) == (429, 302)


def test_a_disabled_account_is_out_at_once(client):
    user = make_user()
    client.force_login(user)
    assert client.get(reverse("accounts:settings")).status_code == 200

    User.objects.update(is_active=False)

    assert client.get(reverse("accounts:settings")).status_code == 302


def test_htmx_is_led_to_the_sign_in_as_a_page(client):
    answer = client.get(
        reverse("accounts:settings"),
        headers={"hx-request": "true", "hx-current-url": "http://testserver/me/settings/?a=1"},
    )

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/accounts/login/?next=%2Fme%2Fsettings%2F%3Fa%3D1")


@pytest.mark.parametrize(
    ("staff", "away", "stays"),
    [
        (True, timedelta(minutes=29), True), (True, timedelta(minutes=31), False),
        (False, timedelta(hours=7), True), (False, timedelta(hours=9), False),
    ],
)
def test_a_sign_in_left_alone_ends(client, staff, away, stays):
    began = timezone.now()
    with time_machine.travel(began, tick=False):
        client.force_login(make_user(is_staff=staff))
        client.get(reverse("accounts:settings"))

    with time_machine.travel(began + away, tick=False):
        answer = client.get(reverse("accounts:settings"))

    assert answer.status_code == (200 if stays else 302)


@pytest.mark.parametrize(
    ("staff", "hours", "stays"), [(True, 11, True), (True, 13, False), (False, 160, True), (False, 170, False)]
)
def test_a_sign_in_ends_after_its_time_however_busy_one_is(client, staff, hours, stays):
    began = timezone.now()
    with time_machine.travel(began, tick=False):
        client.force_login(make_user(is_staff=staff))
        client.get(reverse("accounts:settings"))
        session = client.session
        session["seen_at"] = (began + timedelta(hours=hours)).timestamp()
        session.set_expiry(30 * 24 * 3600)
        session.save()

    with time_machine.travel(began + timedelta(hours=hours, minutes=1), tick=False):
        answer = client.get(reverse("accounts:settings"))

    assert answer.status_code == (200 if stays else 302)


# --- The second factor ------------------------------------------------------------------------------------------------
def give_factor(user):
    return totp.TOTP.activate(user, totp.generate_totp_secret()).instance


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        (make_staff, True),
        (lambda: make_user(is_superuser=True), True),
        (lambda: make_membership(organisation=make_organisation(kind="institution"), role="member").user, True),
        (lambda: make_membership(organisation=make_organisation(kind="partner"), role="manager").user, True),
        (lambda: make_membership(organisation=make_organisation(kind="partner"), role="member").user, False),
        (lambda: make_membership(organisation=make_organisation(kind="enterprise")).user, False),
        (make_user, False),
    ],
)
def test_a_second_factor_is_asked_of_those_whose_duty_needs_it(client, settings, who, asked):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(who())

    answer = client.get(reverse("accounts:settings"))

    assert (answer.status_code, getattr(answer, "url", "")) == ((302, reverse("mfa_index")) if asked else (200, ""))


def test_with_a_second_factor_the_way_is_open(client, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    officer = make_staff()
    give_factor(officer)
    client.force_login(officer)

    assert client.get(reverse("accounts:settings")).status_code == 200


def test_the_pages_that_set_a_factor_up_are_open_without_one(client, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(make_staff())

    assert client.get(reverse("mfa_index")).status_code == 200


def test_a_password_alone_does_not_open_an_account_with_a_second_factor(client):
    officer = make_staff()
    authenticator = give_factor(officer)

    answer = sign_in(client, officer)
    assert (answer.url, "_auth_user_id" in client.session) == (reverse("mfa_authenticate"), False)

    secret = sealing.unseal(authenticator.data["secret"])
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert client.session["_auth_user_id"] == str(officer.pk)


def test_ten_wrong_codes_are_enough(client):
    officer = make_staff()
    give_factor(officer)
    sign_in(client, officer)

    answers = [client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_the_database_holds_no_readable_seed(client):
    authenticator = give_factor(make_user())

    sealed = Authenticator.objects.get(pk=authenticator.pk).data["secret"]
    assert re.fullmatch(r"[0-9a-f]{8}\.[\w=-]+", sealed)
    assert len(sealing.unseal(sealed)) == 32


def test_a_seed_sealed_before_the_key_was_changed_still_opens(settings):
    sealed = sealing.seal("seed")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a newer key"

    assert sealing.unseal(sealed) == "seed"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(sealed)


def test_the_staff_area_has_the_same_door(client):
    assert client.get("/admin/login/?next=/admin/").url == "/accounts/login/?next=%2Fadmin%2F"


# --- Settings and language --------------------------------------------------------------------------------------------
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
    sign_in(client, make_user(), "wrong password 1")
    from park.accounts.tasks import tidy

    tidy()
    tidy()

    call_command("clearsessions", stdout=StringIO())
