from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "park.accounts"
    label = "accounts"
    verbose_name = _("People and duties")

    def ready(self):
        from .duties import sync

        post_migrate.connect(sync, dispatch_uid="accounts.duties")
