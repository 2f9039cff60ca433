"""Whose duty asks for a second factor, and what it keeps shut."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from park.accounts import sealing
from tests.factories.accounts import PASSWORD, make_staff, make_user
from tests.factories.organisations import make_membership, make_organisation

pytestmark = pytest.mark.django_db


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": user.email, "password": password}, **extra)


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


def test_a_new_factor_asks_the_password_again_and_ends_other_sign_ins(client, django_capture_on_commit_callbacks):
    user = make_user()
    elsewhere = Client()
    for browser in (client, elsewhere):
        sign_in(browser, user)
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code})

    assert client.get(reverse("accounts:settings")).status_code == 200
    assert elsewhere.get(reverse("accounts:settings")).status_code == 302


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
