from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RuntimeConfig(AppConfig):
    name = "park.runtime"
    label = "runtime"
    verbose_name = _("Operation")

    def ready(self):
        import park.celery  # noqa: F401  every process with these rooms speaks to the same broker
