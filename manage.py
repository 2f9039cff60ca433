#!/usr/bin/env python
"""The portal's commands. ``up`` and ``services`` start before Django does: the database may not run yet."""

import os
import sys

from park.runtime import surroundings


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "park.settings")
    if sys.argv[1:2] in (["up"], ["services"]):
        from park.runtime import command_line

        sys.exit(command_line.main(sys.argv[1:]))
    surroundings.adopt()
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed: run './bootstrap', then this with .venv/bin/python.")
    from django.db.utils import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    except OperationalError as refusal:
        if not str(refusal).startswith("connection"):
            raise
        sys.exit(
            f"PostgreSQL does not answer ({str(refusal).splitlines()[0]}).\n"
            "Start it with 'manage.py up', or run this one command with 'manage.py services -- python manage.py …'."
        )


if __name__ == "__main__":
    main()
