"""``manage.py up`` and ``manage.py services``, without Django: they start what Django needs."""

import argparse
import os
import sys

from park.runtime import outside
from park.runtime.addresses import database_url, redis_url
from park.runtime.embedded import CannotStart
from park.runtime.supervisor import owned, running
from park.runtime.up import up


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="manage.py")
    commands = top.add_subparsers(dest="command", required=True)
    run = commands.add_parser("up", help="Run the whole portal on this machine until Ctrl-C.")
    run.add_argument(
        "--port",
        type=_port,
        help="Listen on this port of 127.0.0.1 and no other. Default: the first free one from PORT (8000).",
    )
    run.add_argument("--no-demo", action="store_true", help="Run an empty portal: no demo park, no demo sign-ins.")
    services = commands.add_parser(
        "services", help="Run a command while PostgreSQL and Valkey are up: services -- CMD."
    )
    services.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- CMD")
    return top


def main(argv: list[str]) -> int:
    """Run one of the two commands and return its exit code; a refusal is one sentence on standard error."""
    options = parser().parse_args(argv)
    try:
        if options.command == "up":
            return up(port=options.port, demo=not options.no_demo)
        return services(options.argv[1:] if options.argv[:1] == ["--"] else options.argv)
    except CannotStart as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def services(argv: list[str]) -> int:
    """Run a command with the services up: those that run already for this VAR_DIR, or own ones meanwhile."""
    if not argv:
        raise CannotStart("Name the command to run: manage.py services -- CMD.")
    outside.check(os.environ)
    if running():
        os.environ.setdefault("DATABASE_URL", database_url())
        os.environ.setdefault("REDIS_URL", redis_url())
        try:
            os.execvp(argv[0], argv)
        except OSError as refusal:
            raise CannotStart(f"'{argv[0]}' cannot be run: {refusal.strerror}.") from None
    with owned("manage.py services") as stack:
        stack.services()
        return stack.run_in_foreground(argv)


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError("a port lies between 1 and 65535")
    return number
