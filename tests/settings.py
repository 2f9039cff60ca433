"""The portal's settings with the outside world replaced."""

import os

from park.runtime.addresses import ROOT

os.environ.setdefault("VAR_DIR", str(ROOT / "var" / "test"))  # before the settings compute where the services listen

from park.settings import *  # noqa: F403

SECRET_KEY = "tests only: 0123456789abcdef0123456789abcdef"
ALLOWED_HOSTS = ["testserver", *ALLOWED_HOSTS]  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]  # noqa: F405  the park has the second
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
MEDIA_ROOT = VAR_DIR / "test-files" / os.environ.get("PYTEST_XDIST_WORKER", "only")  # noqa: F405
REQUIRE_SECOND_FACTOR = False
QUIET_HOURS = None
LOGGING["root"]["level"] = "ERROR"  # noqa: F405
