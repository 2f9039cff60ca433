"""Keys, problems, parameters, pages and limits: what every resource has in common."""

import datetime as dt

import orjson
import pytest
from django.core.cache import cache
from django.utils import timezone

from park.api.models import ApiKey
from tests.factories.accounts import make_user
from tests.factories.api import bearer, make_key
from tests.factories.intermediaries import make_institution

pytestmark = pytest.mark.django_db
LIST = "/api/v1/institutions/"


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def call(client):
    """Call an address with a key for everything that can be read."""
    _key, secret = make_key()
    return lambda address, **headers: client.get(address, **bearer(secret), **headers)


def problem(response) -> tuple[int, str, str]:
    """Return status, kind and media type of a problem; it has to have the whole shape."""
    body = orjson.loads(response.content)
    assert set(body) == {"type", "title", "status", "detail", "errors", "request_id"}
    assert body["status"] == response.status_code
    return response.status_code, body["type"].rpartition("#problem-")[2], response.headers["Content-Type"]


def errors(response) -> dict:
    return orjson.loads(response.content)["errors"]


# --- Who may call -----------------------------------------------------------------------------------------------------
def test_without_a_key_nothing_is_read(client):
    response = client.get(LIST)

    assert problem(response) == (401, "no-key", "application/problem+json")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_session_is_no_key(client):
    client.force_login(make_user())

    assert client.get(LIST).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer aaaaaaaa." + "b" * 43, "Bearer  ", "Token x"],
)
def test_a_header_that_is_no_key_is_refused(client, header):
    assert problem(client.get(LIST, HTTP_AUTHORIZATION=header))[:2] == (401, "no-key")


def test_the_public_half_alone_opens_nothing(client):
    key, _secret = make_key()

    assert client.get(LIST, **bearer(f"{key.prefix}.{'x' * 43}")).status_code == 401


def test_a_key_of_another_scope_is_told_which_one_is_missing(client):
    _key, secret = make_key("policies:read")

    response = client.get(LIST, **bearer(secret))

    assert problem(response)[:2] == (403, "scope")
    assert orjson.loads(response.content)["detail"] == "This key lacks the scope institutions:read."


@pytest.mark.parametrize(
    "ended",
    [{"revoked": True}, {"expiry_date": timezone.now() - dt.timedelta(seconds=1)}],
)
def test_a_key_that_was_revoked_or_has_expired_opens_nothing_at_once(client, ended):
    key, secret = make_key()
    assert client.get(LIST, **bearer(secret)).status_code == 200

    ApiKey.objects.filter(pk=key.pk).update(**ended)

    assert client.get(LIST, **bearer(secret)).status_code == 401


def test_a_key_ends_with_the_account_of_its_maker(client):
    maker = make_user()
    _key, secret = make_key(made_by=maker)

    maker.is_active = False
    maker.save()

    assert client.get(LIST, **bearer(secret)).status_code == 401


@pytest.mark.parametrize(("address", "status"), [("203.0.113.9", 200), ("198.51.100.7", 401)])
def test_a_key_bound_to_a_network_works_from_there_only(client, address, status):
    _key, secret = make_key(networks=["203.0.113.0/24", "2001:db8::/32"])

    assert client.get(LIST, REMOTE_ADDR=address, **bearer(secret)).status_code == status


@pytest.mark.parametrize("name", ["key", "api_key", "access_token", "anything"])
def test_a_key_in_the_address_is_refused_even_if_it_is_right(client, name):
    _key, secret = make_key()

    response = client.get(f"{LIST}?{name}={secret}", **bearer(secret))

    assert problem(response)[:2] == (401, "no-key")


def test_the_last_use_is_written_down_at_most_once_a_minute(client, django_assert_num_queries):
    key, secret = make_key()
    client.get(LIST, **bearer(secret))
    key.refresh_from_db()
    first = key.last_used_at
    assert first is not None

    client.get(LIST, **bearer(secret))
    key.refresh_from_db()
    assert key.last_used_at == first

    ApiKey.objects.update(last_used_at=first - dt.timedelta(minutes=2))
    client.get(LIST, **bearer(secret))
    key.refresh_from_db()
    assert key.last_used_at > first


def test_the_secret_is_kept_nowhere():
    key, secret = make_key()

    row = ApiKey.objects.filter(pk=key.pk).values().get()

    assert [value for value in row.values() if secret.partition(".")[2] in str(value)] == []
    assert key.pk == key.prefix


def test_a_key_cannot_hold_a_scope_that_does_not_exist():
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        make_key("everything:always")


# --- What is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?colour=red", ["colour"]),
        ("?b=1&a=2", ["a", "b"]),
        ("?kind=nonsense", ["kind"]),
        ("?ordering=name", ["ordering"]),
        ("?page_size=0", ["page_size"]),
        ("?page_size=101", ["page_size"]),
        ("?page_size=-1", ["page_size"]),
        ("?page_size=ten", ["page_size"]),
        ("?page_size=²", ["page_size"]),
        ("?total=2", ["total"]),
        ("?cursor=nonsense", ["cursor"]),
        ("?cursor=WyIiLGZhbHNlLG51bGxd", ["cursor"]),
        ("?lang=fr", ["lang"]),
        ("?fields=slug,secret", ["fields: secret"]),
        ("?search=%00", ["search"]),
        ("?key_partner=perhaps&format=xml", ["format"]),
        ("?page_size=2&page_size=3", ["page_size"]),
        ("?offset=3&limit=2&page=1", ["limit", "offset", "page"]),
    ],
)
def test_what_a_resource_does_not_know_is_refused_by_name(call, query, names):
    response = call(LIST + query)

    assert problem(response)[:2] == (400, "bad-request")
    assert sorted(errors(response)) == names


def test_the_filters_of_a_list_are_refused_on_one_entry(call):
    bank = make_institution()

    assert errors(call(f"{LIST}{bank.organisation.slug}/?kind=bank")).keys() == {"kind"}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_but_reading_is_possible_and_options_tell_nothing(client, method):
    _key, secret = make_key()

    response = getattr(client, method)(LIST, **bearer(secret))

    assert problem(response)[:2] == (405, "method")


@pytest.mark.parametrize("address", ["nothing/", "", "institutions/a/b/", "policies/%00/"])
def test_an_address_that_is_none_is_a_problem_too(call, address):
    assert problem(call(f"/api/v1/{address}"))[:2] == (404, "not-found")


def test_what_is_not_there_and_what_is_not_shown_are_told_alike(call):
    hidden = make_institution(listed=False)

    there, nowhere = call(f"{LIST}{hidden.organisation.slug}/"), call(f"{LIST}no-such-thing/")

    assert problem(there) == problem(nowhere) == (404, "not-found", "application/problem+json")


def test_answers_are_json_only(call):
    assert problem(call(LIST, HTTP_ACCEPT="text/html"))[:2] == (406, "format")
    assert call(LIST, HTTP_ACCEPT="text/html,*/*;q=0.8").headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ({}, "", "Law"),
        ({"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9,en;q=0.5"}, "", "律所"),
        ({"HTTP_ACCEPT_LANGUAGE": "fr, en;q=0.1"}, "", "Law"),
        ({"HTTP_ACCEPT_LANGUAGE": "zh"}, "?lang=en", "Law"),
        ({}, "?lang=zh-hans", "律所"),
        ({}, "?lang=all", {"en": "Law", "zh-hans": "律所"}),
    ],
)
def test_texts_come_in_the_language_asked_for(call, headers, query, expected):
    bank = make_institution(name="Law")
    bank.organisation.name_zh_hans = "律所"
    bank.organisation.save()

    response = call(LIST + query, **headers)

    assert orjson.loads(response.content)["results"][0]["name"] == expected


def test_problems_speak_the_language_asked_for(client):
    response = client.get(f"{LIST}", HTTP_ACCEPT_LANGUAGE="zh-CN")

    assert response.headers["Content-Language"] == "zh-hans"


def test_answers_are_kept_out_of_shared_caches(call):
    assert call(LIST).headers["Cache-Control"] == "private, no-store"


# --- Pages ------------------------------------------------------------------------------------------------------------
def walk(call, address: str, way: str = "next") -> list[list[str]]:
    """Follow the pages of a list to its end."""
    pages = []
    while address:
        body = orjson.loads(call(address).content)
        pages.append([entry["slug"] for entry in body["results"]])
        address = body[way]
    return pages


@pytest.fixture
def seven():
    return [make_institution(slug=f"inst-of-pages-{letter}").organisation.slug for letter in "gbdface"]


def test_the_pages_of_a_list_hold_every_row_once_in_order(call, seven):
    assert walk(call, f"{LIST}?page_size=3") == [sorted(seven)[:3], sorted(seven)[3:6], sorted(seven)[6:]]
    assert walk(call, f"{LIST}?page_size=3&ordering=-slug") == [
        sorted(seven)[:-4:-1], sorted(seven)[-4:-7:-1], sorted(seven)[:1],
    ]  # fmt: skip
    assert walk(call, f"{LIST}?page_size=7") == [sorted(seven)]


def test_one_can_turn_back(call, seven):
    first = f"{LIST}?page_size=3"
    second = orjson.loads(call(first).content)["next"]
    third = orjson.loads(call(second).content)["next"]

    assert walk(call, third, "previous") == [sorted(seven)[6:], sorted(seven)[3:6], sorted(seven)[:3]]


def test_a_row_that_comes_or_goes_meanwhile_moves_no_other(call, seven):
    second = orjson.loads(call(f"{LIST}?page_size=3").content)["next"]

    make_institution(slug="inst-of-pages-aa")

    assert walk(call, second) == [sorted(seven)[3:6], sorted(seven)[6:]]


def test_a_cursor_of_another_order_is_refused(call, seven):
    second = orjson.loads(call(f"{LIST}?page_size=3").content)["next"]

    assert errors(call(second + "&ordering=-slug")).keys() == {"cursor"}


def test_a_total_is_given_only_where_asked_for(call, seven):
    assert "total" not in orjson.loads(call(LIST).content)
    assert orjson.loads(call(f"{LIST}?total=1&page_size=2").content)["total"] == 7


def test_the_order_of_every_resource_ends_in_something_unique():
    from park.api.pages import field_of
    from services.api_urls import router

    for _prefix, viewset, _basename in router.registry:
        model = viewset().get_queryset().model
        for order in viewset.orderings.values():
            assert field_of(model, order[-1].lstrip("-")).unique


def test_only_the_fields_asked_for_are_given_and_selected(call, django_assert_num_queries):
    make_institution()
    call(LIST)

    with django_assert_num_queries(2):  # the key, the rows
        body = orjson.loads(call(f"{LIST}?fields=slug,name").content)

    assert set(body["results"][0]) == {"slug", "name"}


# --- Limits -----------------------------------------------------------------------------------------------------------
def test_too_many_calls_are_told_when_to_call_again(client, monkeypatch):
    from park.api.limits import KeyRateThrottle

    monkeypatch.setattr(KeyRateThrottle, "THROTTLE_RATES", {"key": "2/min"})
    _key, secret = make_key()
    _other, anothers = make_key()

    statuses = [client.get(LIST, **bearer(secret)).status_code for _ in range(3)]
    refused = client.get(LIST, **bearer(secret))

    assert statuses == [200, 200, 429]
    assert problem(refused)[:2] == (429, "limit")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert client.get(LIST, **bearer(anothers)).status_code == 200


def test_while_the_cache_is_away_calls_pass(client, monkeypatch, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    _key, secret = make_key()

    assert client.get(LIST, **bearer(secret)).status_code == 200


def test_our_own_fault_is_a_problem_without_internals(client, monkeypatch):
    from services.intermediaries.api import InstitutionResource

    def broken(self):
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(InstitutionResource, "get_queryset", broken)
    client.raise_request_exception = False
    _key, secret = make_key()

    response = client.get(LIST, **bearer(secret))

    assert problem(response)[:2] == (500, "our-fault")
    assert b"hunter2" not in response.content
