"""The demo park, copied once for the tests of this folder; each takes back what it did."""

import shutil

import pytest
from django.conf import settings
from django.db import connection

from tests import ground


@pytest.fixture(scope="package")
def park(django_db_setup, django_db_blocker):
    """Turn the tests of this folder to a database that holds the demo park."""
    name, folder = ground.park()
    shutil.copytree(folder / "files", settings.MEDIA_ROOT, dirs_exist_ok=True)
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = f"{usual}_park"
        ground.copy(name, to=f"{usual}_park")
        yield
        connection.close()
        connection.settings_dict["NAME"] = usual
