"""What no test may inherit from the one before it, and the running portal that all browser tests share."""

from itertools import count
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import TransactionTestCase
from django.utils import translation

from tests import ground, stock
from tests.walk.person import person
from tests.walk.portal import portal

__all__ = ["person", "portal"]


@pytest.fixture(autouse=True)
def fresh():
    """Begin with an empty cache (counters of the sign-in pages live there) and in English."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Make the test database as a copy of one that is migrated already."""
    connection.settings_dict["TEST"]["TEMPLATE"] = ground.empty()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After a test that commits, as threads that race must, put the database back by copying the one it was.

    Django would empty every table and fill in the first rows again, which takes ten times as long. Keys are not given
    again, as they never are: what a process keeps by key (rules, forms in use) would speak of another row.
    """
    name = connection.settings_dict["NAME"]
    clean = f"{name}_clean"
    with django_db_blocker.unblock():
        connection.close()
    ground.copy(name, to=clean)

    times = count(1)

    def put_back(case) -> None:
        connections.close_all()
        ground.copy(clean, to=name)
        ground.count_on(name, beyond=next(times) * 100_000)

    with mock.patch.object(TransactionTestCase, "_fixture_teardown", put_back):
        yield


@pytest.fixture(scope="module")
def laid_in(request, django_db_setup, django_db_blocker):
    """Build what a file has in ``STOCK``, in a transaction around those of its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        try:
            stock.lay_in(request.module.STOCK)
            yield
        finally:
            stock.clear()
            transaction.set_rollback(True)


@pytest.fixture
def stocked(laid_in, db):
    stock.fill_up()
