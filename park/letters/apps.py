from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "park.letters"
    label = "letters"
    verbose_name = _("Letters")

    def ready(self):
        from . import seeds

        post_migrate.connect(seeds.sow, sender=self)
