"""Closed by default: every address that opens without a sign-in stands in this list, with its reason."""

import pytest

from park.accounts.matrix import routes
from tests.addresses import example

pytestmark = pytest.mark.django_db
PUBLIC = "what is public anyway"
FRAME = "the frame of the pages"
SIGNING_IN = "signing in"
MACHINES = "machines ask and learn a word"
DOCS = "how the API works is public"
OPEN = {
    # --- what is public anyway
    "desk:home": PUBLIC, "desk:search": PUBLIC, "desk:promises": PUBLIC, "desk:help": PUBLIC,
    "policies:catalogue": PUBLIC, "policies:policy": PUBLIC, "policies:check": PUBLIC, "policies:check_count": PUBLIC,
    "interpretation:text": PUBLIC, "interpretation:handbook": PUBLIC, "interpretation:questions": PUBLIC,
    "interpretation:clear": "a reader without an account may say whether it was clear",
    "interpretation:department": "a signed link by which a department answers what it was asked",
    "intermediaries:directory": PUBLIC, "intermediaries:institution": PUBLIC,
    "journey:stages": PUBLIC, "journey:stage": PUBLIC, "intake:guide": PUBLIC, "intake:call": PUBLIC,
    "intake:all_questions": PUBLIC, "intake:all_questions_pdf": PUBLIC, "registry:companies": PUBLIC,
    "letters:check": "whoever holds a letter may ask whether it is genuine",
    "pages:privacy": PUBLIC, "pages:accessibility": PUBLIC,
    # --- the frame
    "alerts:deadline": PUBLIC, "alerts:feed": "the secret address of a person's own calendar",
    "alerts:stop": "a signed address out of a mail",
    "pages:theme": FRAME, "set_language": FRAME, "notices:unsubscribe": "a signed address out of a mail",
    # --- signing in
    "account_login": SIGNING_IN, "account_logout": SIGNING_IN, "account_inactive": SIGNING_IN,
    "account_signup": SIGNING_IN, "account_email_verification_sent": SIGNING_IN, "account_reset_password": SIGNING_IN,
    "account_confirm_login_code": SIGNING_IN, "account_reset_password_from_key_done": SIGNING_IN,
    "account_reset_password_from_key": SIGNING_IN, "account_reset_password_done": SIGNING_IN,
    "mfa_authenticate": SIGNING_IN, "mfa_login_webauthn": SIGNING_IN, "admin:login": SIGNING_IN,
    # --- machines, and those who build for them
    "api:documentation": DOCS, "api:schema": DOCS,
    "runtime:health": MACHINES, "runtime:live": MACHINES,
}


def is_open(client, route) -> bool:
    """Tell whether an address does anything for somebody who is not signed in."""
    for method in route.methods:
        answer = client.generic(method, example(route.address))
        leads_to_sign_in = answer.status_code == 302 and "/login/" in answer.url and "next=" in answer.url
        if route.who == "nobody" and answer.status_code == 404:
            continue
        if answer.status_code != 401 and not leads_to_sign_in:
            return True
    return False


def test_only_the_addresses_of_the_list_open_without_a_sign_in(client):
    opened = {route.name for route in routes() if route.name != "admin:login" and is_open(client, route)}

    assert sorted(opened - OPEN.keys()) == []  # opened by accident? If not, add it here and say why
    assert sorted(OPEN.keys() - opened - {"admin:login"}) == []  # stale: the address is gone, or asks for a sign-in now


def test_what_the_matrix_calls_open_is_the_list():
    assert {route.name for route in routes() if route.who == "anyone"} == OPEN.keys()


def test_every_address_of_our_own_says_itself_who_may_open_it():
    silent = [route.address for route in routes() if route.why == "Signing in is asked unless a page says otherwise."]

    assert [address for address in silent if not address.startswith(("/accounts/", "/admin/"))] == []
