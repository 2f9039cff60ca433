from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntermediariesConfig(AppConfig):
    name = "services.intermediaries"
    label = "intermediaries"
    verbose_name = _("Professional services")

    def ready(self):
        from park.workflow import clocks

        from . import notices, upkeep

        notices.register_all()
        clocks.watch(
            "intermediaries.servicerequest", "reply", warned=upkeep.remind_institutions, breached=upkeep.ask_the_next
        )
        clocks.watch("intermediaries.servicerequest", "triage", breached=upkeep.tell_officers)
        clocks.watch("intermediaries.servicerequest", "contact", breached=upkeep.tell_officers)
