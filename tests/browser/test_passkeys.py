"""A passkey made and used in a real browser, with the authenticator that the browser itself can play."""

import re

import pytest
from playwright.sync_api import expect

from tests.walk.person import Person
from tests.walk.portal import Portal

pytestmark = pytest.mark.browser


@pytest.fixture
def member(browser, portal: Portal):
    """Somebody who opens the portal by a name: a browser ties no passkey to a bare number."""
    person = Person(browser, portal, "en")
    person.base = portal.url.replace("127.0.0.1", "localhost")
    tools = person.context.new_cdp_session(person.page)
    tools.send("WebAuthn.enable", {"enableUI": False})
    authenticator = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})
    yield person
    person.leave()


def test_a_passkey_is_added_and_signs_in_without_a_password(member, portal):
    page = member.page
    page.goto(f"{member.base}/accounts/login/")
    page.fill("[name=login]", "member1@company.example")
    page.fill("[name=password]", portal.password)
    member.press("Sign in")
    page.goto(f"{member.base}/accounts/2fa/")
    member.follow("Add a key")
    if "reauthenticate" in page.url:
        page.fill("[name=password]", portal.password)
        page.locator("main form button[type=submit]").first.click()
    page.fill("[name=name]", "Office laptop")
    page.check("[name=passwordless]")
    member.press("Add the key")
    expect(page).to_have_url(re.compile("/accounts/2fa/(recovery-codes/.*|webauthn/|)$"))
    page.wait_for_load_state("networkidle")
    page.goto(f"{member.base}/accounts/2fa/webauthn/")
    member.reads("Office laptop")

    page.locator("form[action$='/accounts/logout/'] button").first.evaluate("button => button.form.submit()")
    page.wait_for_load_state("networkidle")
    page.goto(f"{member.base}/accounts/login/")
    member.press("Sign in with a passkey")

    expect(page).to_have_url(re.compile(r"/(me|c/[^/]+)/$"))
    page.goto(f"{member.base}/accounts/2fa/webauthn/")
    member.reads("Office laptop")
    assert member.complaints == []


def test_where_no_passkey_can_be_made_none_is_offered(person):
    visitor = person()

    visitor.go("/accounts/login/")

    assert visitor.page.get_by_role("button", name="Sign in with a passkey").count() == 0
