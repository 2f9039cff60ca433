from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "park.casework"
    label = "casework"
    verbose_name = _("Casework")

    def ready(self):
        from park.files.access import register_reader

        from . import access

        register_reader(access.papers_of_messages, "a message that it came with")
