from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "park.api"
    label = "api"
    verbose_name = _("Partner API")

    def ready(self):
        from . import schema  # noqa: F401  it tells the description how a key is sent
