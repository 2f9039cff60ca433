from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JourneyConfig(AppConfig):
    name = "incubation.journey"
    label = "journey"
    verbose_name = _("Tenants and stages")

    def ready(self):
        from park.files.access import register_reader, register_use
        from park.workflow import clocks

        from . import access, clockwork, seeds, showcase, telling  # noqa: F401  what a company may show of its stage

        telling.register_kinds()
        register_reader(access.papers_shown, "a gate it is shown at")
        register_use(access.shown_at_gates)
        for name in ("check", "review", "decision", "plan"):
            clocks.watch("journey.gate", name, breached=clockwork.gate_is_late)
        clocks.watch("journey.tenant", "suspension", breached=clockwork.suspension_to_look_at)
        for name in ("look", "solve"):
            clocks.watch("journey.problem", name, breached=clockwork.problem_is_late)
        clocks.watch("journey.problem", "confirm", breached=clockwork.take_as_solved)
        post_migrate.connect(seeds.sow, sender=self)
