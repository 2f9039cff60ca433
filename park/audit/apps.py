from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "park.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self):
        from . import work

        work.watch()
