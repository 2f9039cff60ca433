"""Role × address: what the matrix says is what happens."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import HttpResponseForbidden, HttpResponseNotFound

from park import urls
from park.accounts import duties
from park.accounts.matrix import routes
from tests.addresses import example
from tests.factories.accounts import make_administrator, make_staff, make_user
from tests.factories.organisations import make_membership, make_organisation

pytestmark = pytest.mark.django_db
ROLES = {
    "nobody": lambda: None,
    "a person": make_user,
    "a company's owner": lambda: make_membership().user,
    "an institution's member": lambda: make_membership(organisation=make_organisation(kind="institution")).user,
    "a partner": lambda: make_membership(organisation=make_organisation(kind="partner")).user,
    "staff without a duty": make_staff,
    **{duty: lambda duty=duty: make_staff(duty) for duty in duties.listed()},
    "administrator": make_administrator,
}
OURS = (
    "accounts",
    "casework",
    "organisations",
    "files",
    "audit",
    "notices",
    "workflow",
    "api",
    "profiles",
    "registry",
    "growth",
    "letters",
    "intake",
    "journey",
    "review",
    "facts",
    "policies",
    "intermediaries",
    "alerts",
    "claims",
    "interpretation",
    "webhooks",
)


# Pages that ask for a sign-in alone are the same for everybody: these walk them, the others only what asks for more.
WALK_ALL = {"nobody", "a person", "an institution's member", "staff without a duty", "administrator"}


@pytest.fixture(autouse=True)
def bare_refusals(monkeypatch):
    """How a refusal looks is shown elsewhere; here are thousands, and to draw them takes half of the time."""
    monkeypatch.setattr(urls, "handler403", lambda request, exception: HttpResponseForbidden())
    monkeypatch.setattr(urls, "handler404", lambda request, exception: HttpResponseNotFound())


@pytest.fixture(params=ROLES)
def visitor(request, client):
    client.user, client.walks_all = ROLES[request.param](), request.param in WALK_ALL
    if client.user:
        client.force_login(client.user)
    return client


def ask(client, route):
    method = "GET" if "GET" in route.methods else (*route.methods, "GET")[0]
    return client.generic(method, example(route.address))


def led_to_sign_in(answer) -> bool:
    return answer.status_code == 302 and "/accounts/login/" in answer.url


def asks_the_password_again(answer) -> bool:
    return answer.status_code == 302 and answer.url.startswith("/accounts/reauthenticate/")


def is_list(route) -> bool:
    return route.name.startswith("admin:") and route.name.endswith("_changelist")


def test_pages_open_to_whom_they_say(visitor):
    wrong = []
    for route in routes():
        if route.address.startswith("/admin/") or route.who == "anyone":
            continue
        if not (visitor.walks_all or route.rights or "<" in route.address):
            continue
        answer = ask(visitor, route)
        if route.who == "nobody":
            right = answer.status_code == 404
        elif route.who.startswith("API key"):
            right = answer.status_code == 401
        elif visitor.user is None:
            right = led_to_sign_in(answer)
        elif route.who == "operators":
            right = answer.status_code == (200 if visitor.user.is_superuser else 404)
        elif route.rights:
            right = (answer.status_code == 403) is not any(map(visitor.user.has_perm, route.rights))
        elif "<" in route.address:  # somebody's record, and not this person's: it is not there
            right = answer.status_code in (404, 405) or asks_the_password_again(answer)
        else:
            right = answer.status_code < 500 and answer.status_code not in (401, 403) and not led_to_sign_in(answer)
        if not right:
            wrong.append((route.address, route.who, answer.status_code))

    assert wrong == [], wrong


def test_lists_of_the_staff_area_open_to_their_duty(visitor):
    wrong = []
    for route in filter(is_list, routes()):
        if not route.rights[0].startswith(OURS):
            continue
        user, (app, _dot, act) = visitor.user, route.rights[0].partition(".")
        may = user and (user.has_perm(route.rights[0]) or user.has_perm(f"{app}.{act.replace('view_', 'change_')}"))
        if may and not visitor.walks_all:
            continue  # that a list opens with its right, the administrator shows
        answer = visitor.get(route.address)
        if user is None:
            right = led_to_sign_in(answer)
        elif not user.is_staff:
            right = answer.status_code == 302 and "/admin/login/" in answer.url
        else:
            right = answer.status_code == (200 if may else 403)
        if not right:
            wrong.append((route.address, route.rights, answer.status_code))

    assert wrong == []


def test_signed_in_without_a_duty_the_staff_area_stays_shut(client):
    client.force_login(make_user())

    assert client.get("/admin/", follow=True).status_code == 403


def test_the_matrix_is_printed_for_programs_too():
    out = StringIO()

    call_command("access_matrix", json=True, stdout=out)

    vault = next(route for route in json.loads(out.getvalue()) if route["name"] == "files:vault")
    assert vault == {
        "address": "/me/documents/",
        "name": "files:vault",
        "methods": ["GET", "HEAD", "POST"],
        "who": "signed in",
        "why": "Everybody has papers of their own.",
        "rights": [],
    }
