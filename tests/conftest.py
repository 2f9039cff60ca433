"""What no test may inherit from the one before it."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation


@pytest.fixture(autouse=True)
def fresh():
    """Begin with an empty cache (counters of the sign-in pages live there) and in English."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
