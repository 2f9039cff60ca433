from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JourneyConfig(AppConfig):
    name = "incubation.journey"
    label = "journey"
    verbose_name = _("Tenants and stages")

    def ready(self):
        from park.files.access import register_reader, register_use

        from . import access, seeds, showcase, telling  # noqa: F401  what a company may show of its stage

        telling.register_kinds()
        register_reader(access.papers_shown, "a gate it is shown at")
        register_use(access.shown_at_gates)
        post_migrate.connect(seeds.sow, sender=self)
