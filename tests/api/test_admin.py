"""Keys at the staff's desk."""

import re

import pytest
from django.urls import reverse

from park.api.models import ApiKey
from tests.factories.accounts import make_administrator
from tests.factories.api import bearer, make_key

pytestmark = pytest.mark.django_db
LIST = reverse("admin:api_apikey_changelist")
NEW = reverse("admin:api_apikey_add")


@pytest.fixture
def administrator(client):
    someone = make_administrator()
    client.force_login(someone)
    return someone


def test_a_key_is_shown_once_and_opens_what_was_ticked(client, administrator):
    form = {
        "name": "City platform",
        "scopes": ["stages:read"],
        "networks": "",
        "expiry_date_0": "",
        "expiry_date_1": "",
    }

    shown = client.post(NEW, form, follow=True)

    (secret,) = re.findall(r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{43}", shown.content.decode())
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, key.made_by) == ("City platform", ["stages:read"], administrator)
    assert client.get("/api/v1/stages/", **bearer(secret)).status_code == 200
    assert client.get("/api/v1/policies/", **bearer(secret)).status_code == 403
    page = client.get(reverse("admin:api_apikey_change", args=[key.pk])).content.decode()
    assert secret not in page
    assert key.hashed_key not in page


def test_a_network_that_is_none_is_refused(client, administrator):
    client.post(NEW, {"name": "City platform", "scopes": ["stages:read"], "networks": "203.0.113.0/24, nonsense"})

    assert not ApiKey.objects.exists()


def test_a_key_is_revoked_for_good_and_never_deleted(client, administrator):
    key, secret = make_key("stages:read")
    address = reverse("admin:api_apikey_change", args=[key.pk])

    client.post(address, {"name": key.name, "scopes": ["stages:read"], "networks": "", "revoked": "on"})
    client.post(address, {"name": key.name, "scopes": ["stages:read"], "networks": ""})

    key.refresh_from_db()
    assert key.revoked
    assert client.get("/api/v1/stages/", **bearer(secret)).status_code == 401
    assert client.post(reverse("admin:api_apikey_delete", args=[key.pk]), {"post": "yes"}).status_code == 403


def test_the_list_opens(client, administrator):
    make_key()

    assert client.get(f"{LIST}?standing=in_force").status_code == 200
