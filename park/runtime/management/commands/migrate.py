"""Django's own ``migrate``, rendering only the models that an operation touched."""

from django.core.management.commands.migrate import Command as Migrate

from park.runtime.lean_migrations import lean_rendering


class Command(Migrate):
    help = Migrate.help

    def handle(self, *args, **options):
        with lean_rendering():
            return super().handle(*args, **options)
