"""How people come in, and what is asked of them first."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from park.accounts import actions, limits, post
from park.accounts.models import Letter, LetterState, User
from tests.factories.accounts import PASSWORD, make_user
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


def test_without_a_broker_a_code_arrives_all_the_same(client, sink, commits, monkeypatch):
    def away(*args, **options):
        raise OperationalError

    monkeypatch.setattr("park.accounts.tasks.send_letters.apply_async", away)
    with commits():
        client.post(reverse("account_signup"), NEW)

    assert sink.recipients == [["lin.yu@talent.example"]]


def test_a_mailbox_that_does_not_exist_is_not_tried_again(client, sink, commits):
    sink.refuse.add("lin.yu@talent.example")
    with commits():
        client.post(reverse("account_signup"), NEW)

    letter = Letter.objects.get()
    assert (letter.state, letter.last_error) == (LetterState.FAILED, "SMTPRecipientsRefused 550")


def test_a_line_break_in_a_subject_stops_no_letter_and_one_that_nobody_can_send_stops_no_other(sink):
    broken = actions.write_letter(to="a@talent.example", subject="A\r\n title\n", text="t", html="h")
    assert broken.subject == "A title"
    Letter.objects.update(subject="A\ntitle")
    actions.write_letter(to="b@talent.example", subject="Your code", text="t", html="h")

    assert post.send_due() == 1

    broken.refresh_from_db()
    assert (broken.state, broken.last_error, broken.text) == (LetterState.FAILED, "BadHeaderError", "")
    assert [mail["Subject"] for mail in sink.mails] == ["Your code"]


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


def test_the_time_zone_that_the_browser_told_is_filled_in(client):
    client.cookies["timezone"] = "America%2FNew_York"

    form = client.get(reverse("account_signup")).context["form"]

    assert form["time_zone"].value() == "America/New_York"


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


def test_signing_out_leaves_nothing_in_the_browser(client):
    client.force_login(make_user())

    answer = client.post(reverse("account_logout"))

    assert answer["Clear-Site-Data"] == '"cache", "storage"'


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
