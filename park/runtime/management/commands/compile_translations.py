"""Compile the translations that changed; needs no gettext."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from park.runtime.translations import compile_stale


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def handle(self, **options):
        for folder in settings.LOCALE_PATHS:
            for catalogue in compile_stale(Path(folder)):
                self.stdout.write(f"Compiled {catalogue}")
