"""The demo park, loaded once for the tests of this folder and taken back at the end."""

import pytest
from django.db import connection, transaction

from services.demo import loading


@pytest.fixture(scope="package")
def park(django_db_setup, django_db_blocker):
    """Load the demo park inside one transaction for the tests of this folder."""
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load()
        with connection.cursor() as cursor:  # here and now, or every test would check all of the park's rows again
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        transaction.set_rollback(True)
