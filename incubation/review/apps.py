from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "incubation.review"
    label = "review"
    verbose_name = _("Expert review")

    def ready(self):
        from incubation.intake import panels
        from park.accounts.access import ask_second_factor_of
        from park.files.access import register_reader
        from park.letters import kinds as letter_kinds
        from park.letters.access import rule_over

        from . import access, minutes, planning, seeds, telling

        ask_second_factor_of(access.is_expert)
        register_reader(access.papers_of_reviews, "a review of the file it belongs to")
        letter_kinds.register(minutes.KIND)
        rule_over(minutes.KIND.name, access.results_of_meetings)
        panels.ask_before_review(planning.has_room_for)
        telling.register_kinds()
        post_migrate.connect(seeds.sow, sender=self)
