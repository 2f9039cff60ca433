from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "park.organisations"
    label = "organisations"
    verbose_name = _("Organisations")

    def ready(self):
        from park.accounts.access import ask_second_factor_of

        from .access import needs_second_factor

        ask_second_factor_of(needs_second_factor)
