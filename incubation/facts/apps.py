from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactsConfig(AppConfig):
    name = "incubation.facts"
    label = "facts"
    verbose_name = _("Facts")

    def ready(self):
        from incubation.journey.actions import watch

        from . import reminding, showcase, wide_row  # noqa: F401  what a company may show of its size

        reminding.register_kinds()
        watch(wide_row.follow)  # what was admitted or moved a stage is matched by what is true from then on
