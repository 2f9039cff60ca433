"""Bring translations, static files, database and (with --demo) the demo park up to date; say what changes."""

import contextlib
import io
import json
import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from park.runtime.management.commands.migrate import Command as Migrate
from park.runtime.stale import Seen, code
from park.runtime.translations import compile_stale


class MigrateWithProgress(Migrate):
    """Django's own ``migrate``, with a bar in place of a line a migration."""

    def __init__(self, count, **kwargs):
        super().__init__(**kwargs)
        self.bar = tqdm(total=count, unit=" migrations", leave=False, disable=None)  # silent where nobody looks

    def migration_progress_callback(self, action, migration=None, fake=False):
        if action == "apply_success":
            self.bar.update()


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="Load the demo park where it was not loaded yet.")

    def handle(self, *, demo, **options):
        self.compile_translations()
        if not settings.DEBUG:
            self.collect_static_files()
        self.migrate()
        if demo:
            self.load_demo()

    def tell(self, line):
        self.stdout.write(line)
        self.stdout.flush()

    def compile_translations(self):
        for folder in settings.LOCALE_PATHS:
            for catalogue in compile_stale(Path(folder)):
                self.tell(f"Compiled the translations of {catalogue.parts[-3]}.")

    def collect_static_files(self):
        static = Seen("static", _static_files(), salt=settings.STORAGES["staticfiles"]["BACKEND"])
        if static.changed or not Path(settings.STATIC_ROOT, "staticfiles.json").exists():
            self.tell("Collecting static files.")
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["redoc"])
            static.remember()

    def migrate(self):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.tell(f"Migrating the database: {len(plan)} migrations.")
            command = MigrateWithProgress(len(plan))
            call_command(command, interactive=False, verbosity=1, stdout=io.StringIO())
            command.bar.close()
        source = Seen("code", code())
        if source.changed and not plan:
            emit_post_migrate_signal(verbosity=0, interactive=False, db="default")  # rights and duties may be new
        source.remember()

    def load_demo(self):
        kept = settings.VAR_DIR / "demo.json"
        if "demo" not in get_commands() or (kept.exists() and _is_loaded(kept)):
            return
        self.tell("Loading the demo park.")
        told = io.StringIO()
        call_command("demo", json=True, stdout=told)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(told.getvalue())


def _is_loaded(kept):
    """Does the database know the accounts that the last load told of? It may have been emptied since."""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        emails = {account["email"] for account in json.loads(kept.read_text())["accounts"]}
        return get_user_model().objects.filter(email__in=emails).count() == len(emails)
    return False


def _static_files():
    return (storage.path(path) for finder in get_finders() for path, storage in finder.list(None))
