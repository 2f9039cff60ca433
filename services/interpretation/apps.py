from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterpretationConfig(AppConfig):
    name = "services.interpretation"
    label = "interpretation"
    verbose_name = _("Plain readings")

    def ready(self):
        from park.workflow import clocks
        from services.policies import beside

        from . import clockwork, keeping, telling

        telling.register_kinds()
        beside.register(keeping.BESIDE)
        clocks.watch("interpretation.coordination", "answer", breached=clockwork.department_is_silent)
        clocks.watch(
            "interpretation.question", "answer", warned=clockwork.question_is_due, breached=clockwork.question_is_late
        )
