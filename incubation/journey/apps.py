from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JourneyConfig(AppConfig):
    name = "incubation.journey"
    label = "journey"
    verbose_name = _("Tenants and stages")

    def ready(self):
        from . import seeds, showcase, telling  # noqa: F401  what a company may show of its stage

        telling.register_kinds()
        post_migrate.connect(seeds.sow, sender=self)
