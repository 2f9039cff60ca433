from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "park.accounts"
    label = "accounts"
    verbose_name = _("People and duties")

    def ready(self):
        from allauth.mfa import signals

        from .duties import sync
        from .sessions import end_the_others

        last = [room for room in apps.get_app_configs() if room.models_module is not None][-1]
        post_migrate.connect(sync, sender=last, dispatch_uid="accounts.duties")
        for signal in (signals.authenticator_added, signals.authenticator_removed):
            signal.connect(end_the_others, dispatch_uid="accounts.sessions")
