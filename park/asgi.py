"""The portal as an ASGI application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "park.settings")
os.environ.setdefault("PROCESS", "web")

application = get_asgi_application()
