from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "services.policies"
    label = "policies"
    verbose_name = _("Policies")

    def ready(self):
        from park.files.access import register_reader

        from . import acted
        from .access import source_documents
        from .models import SetAside
        from .telling import register_kinds

        register_kinds()
        acted.register(lambda: SetAside.objects.of("version__policy"))
        register_reader(source_documents, "a policy that was taken from it")
