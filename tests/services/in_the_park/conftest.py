"""The demo park, loaded once for the tests of this folder and taken back at the end."""

import pytest
from django.db import transaction

from services.demo import loading


@pytest.fixture(scope="package")
def park(django_db_setup, django_db_blocker):
    """Load the demo park inside one transaction for the tests of this folder."""
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load()
        yield
        transaction.set_rollback(True)
