"""The Celery application: ``celery -A park worker`` and ``celery -A park beat`` find it here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "park.settings")

app = Celery("park")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
