from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "incubation.intake"
    label = "intake"
    verbose_name = _("Applications")

    def ready(self):
        from park.casework.access import open_thread
        from park.casework.models import Visibility
        from park.files.access import register_reader, register_use
        from park.letters import kinds as letter_kinds
        from park.letters.access import register_reader as register_reader_of_letters
        from park.workflow import clocks

        from . import access, clockwork, decision_letters, entry, receipts, seeds, telling

        telling.register_kinds()
        letter_kinds.register(receipts.KIND)
        decision_letters.register_letters()
        register_reader(access.papers_of_applications, "an application that uses it")
        register_reader(access.papers_of_teams, "an application in which both take part")
        register_reader_of_letters(access.letters_of_teams)
        register_use(access.used_in_applications)
        open_thread("intake.application", Visibility.APPLICANT, access.sent_and_seen)
        open_thread("intake.application", Visibility.REVIEWERS, access.on_the_desk_of)
        open_thread("intake.application", Visibility.STAFF, access.on_the_desk_of)
        clocks.watch("intake.application", "screening", breached=clockwork.tell_it_is_late)
        clocks.watch("intake.application", "review", breached=clockwork.tell_it_is_late)
        clocks.watch("intake.application", "answer", breached=clockwork.go_on_without_answer)
        for name in ("panel", "decision", "second_look"):
            clocks.watch("intake.application", name, breached=clockwork.tell_it_is_late)
        clocks.watch(
            "intake.condition", "condition",
            warned=clockwork.remind_of_condition, breached=clockwork.tell_condition_is_late,
        )  # fmt: skip
        post_migrate.connect(seeds.sow, sender=self)
        post_migrate.connect(entry.sow, sender=self)
