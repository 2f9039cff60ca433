"""The published description: it is sound, complete, and no answer lies outside it."""

import json

import orjson
import pytest
from django.core.cache import cache
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from services.api_urls import router
from talents.profiles.models import Consent
from tests.factories.accounts import make_user
from tests.factories.api import bearer, make_key
from tests.factories.intermediaries import make_institution
from tests.factories.policies import criterion, make_policy, rule
from tests.factories.profiles import make_talent

from .test_resources import make_shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def described(client) -> dict:
    return orjson.loads(client.get("/api/v1/schema/").content)


@pytest.fixture
def filled() -> dict[str, str]:
    """One entry of each resource, by the key in its address."""
    talent = make_talent(origin="DEU", degree="doctor", sector="biomedicine")
    Consent.objects.create(talent=talent, what=Consent.What.SHOWCASE)
    return {
        "policies": make_policy(
            rule=rule(criterion("enterprise.headcount", "gte", 5)),
            benefits=[
                {"en": "Cash", "zh": "现金", "type": "cash", "amount_max": 5000, "amount_min": None, "rate": None}
            ],
            documents=[{"en": "Licence", "zh": "营业执照"}],
            steps=[{"en": "Send it", "zh": "提交"}],
        ).slug,
        "institutions": make_institution().organisation.slug,
        "companies": str(make_shown("name", "sector", "stage", "about", "website", "founders", "recognitions").pk),
        "talents": str(talent.pk),
        "stages": "startup",
    }


def strict(schema):
    """Return a schema in which every object is closed: what is not described must not be there."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(each) for name, each in schema.items()}
    if closed.get("type") == "object" and closed.get("properties"):
        closed.setdefault("additionalProperties", False)
    return closed


def faults(described: dict, path: str, status: int, body) -> list[str]:
    """Return what of an answer lies outside the description."""
    answer = described["paths"][path]["get"]["responses"][str(status)]
    if "$ref" in answer:
        answer = described["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    (media,) = answer["content"].values()
    whole = strict({"components": described["components"], **media["schema"]})
    return [f"{list(error.path)}: {error.message}" for error in Draft202012Validator(whole).iter_errors(body)]


def test_everybody_reads_the_description(client):
    response = client.get("/api/v1/schema/")

    assert response.status_code == 200
    assert orjson.loads(response.content)["openapi"].startswith("3.1")


def test_the_description_is_sound(described):
    validate_schema(json.loads(json.dumps(described)))


def test_every_resource_is_described_with_its_filters_and_its_key(described):
    expected = {}
    for prefix, viewset, _basename in router.registry:
        filters = getattr(viewset, "filterset_class", None)
        expected[f"/api/v1/{prefix}/"] = {
            "cursor", "page_size", "total", "ordering", "lang", "fields", *(filters.base_filters if filters else ()),
        }  # fmt: skip
        expected[f"/api/v1/{prefix}/{{{viewset.lookup_url_kwarg}}}/"] = {viewset.lookup_url_kwarg, "lang", "fields"}

    found = {
        path: {parameter["name"] for parameter in operations["get"]["parameters"]}
        for path, operations in described["paths"].items()
    }

    assert found == expected
    assert {method for operations in described["paths"].values() for method in operations} == {"get"}
    assert all(operations["get"]["security"] == [{"key": []}] for operations in described["paths"].values())


def test_what_a_resource_shows_is_what_is_described():
    for _prefix, viewset, _basename in router.registry:
        assert list(viewset.shown) == list(viewset.serializer_class().fields)


@pytest.mark.parametrize("language", ["", "lang=zh-hans", "lang=all"])
def test_every_answer_lies_within_the_description(client, described, filled, language):
    cache.clear()
    _key, secret = make_key()
    for prefix, viewset, _basename in router.registry:
        many, one = f"/api/v1/{prefix}/", f"/api/v1/{prefix}/{{{viewset.lookup_url_kwarg}}}/"
        calls = [
            (many, f"{many}?{language}&total=1", secret),
            (many, f"{many}?{language}&page_size=1", secret),
            (one, f"{many}{filled[prefix]}/?{language}", secret),
            (many, f"{many}?colour=red", secret),
            (many, many, "wrong"),
            (one, f"{many}{'9' * 18 if viewset.lookup_url_kwarg == 'id' else 'nothing'}/", secret),
        ]  # fmt: skip

        for path, address, key in calls:
            response = client.get(address, **bearer(key))
            assert faults(described, path, response.status_code, orjson.loads(response.content)) == [], address


def test_the_statuses_are_those_that_were_meant(client, filled):
    cache.clear()
    _key, secret = make_key()

    statuses = {
        prefix: client.get(f"/api/v1/{prefix}/{key}/", **bearer(secret)).status_code for prefix, key in filled.items()
    }

    assert statuses == dict.fromkeys(filled, 200)


# --- The page for people ----------------------------------------------------------------------------------------------
def test_the_documentation_is_open_and_lists_every_resource(client, filled):
    response = client.get("/api/")

    assert response.status_code == 200
    assert [resource["name"] for resource in response.context["resources"]] == [
        prefix for prefix, _viewset, _basename in router.registry
    ]
    assert response.context["planned"] == ["opportunities", "capabilities", "events", "numbers", "webhooks"]


def test_the_example_is_a_real_answer(client, filled):
    found = client.get("/api/").context["sample_answer"]

    (entry,) = orjson.loads(found)["results"]
    assert entry["slug"] == filled["policies"]


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "", "en"),
        ("", "zh-CN", "zh-hans"),
        ("?lang=zh-hans", "en", "zh-hans"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=xx", "", "en"),
    ],
)
def test_the_documentation_speaks_the_language_asked_for(client, query, header, language):
    response = client.get(f"/api/{query}", HTTP_ACCEPT_LANGUAGE=header)

    assert response.headers["Content-Language"] == language
    assert f'<html lang="{"zh-Hans" if language != "en" else "en"}"' in response.content.decode()


def test_the_documentation_leads_to_itself_in_the_other_language(client):
    assert 'href="/api/?lang=zh-hans"' in client.get("/api/").content.decode()


def test_who_is_signed_in_reads_it_too(client):
    client.force_login(make_user())

    assert client.get("/api/").status_code == 200
