"""What no test may inherit from the one before it, and the running portal that all browser tests share."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from tests.walk.person import person
from tests.walk.portal import portal

__all__ = ["person", "portal"]


@pytest.fixture(autouse=True)
def fresh():
    """Begin with an empty cache (counters of the sign-in pages live there) and in English."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
