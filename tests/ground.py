"""Databases that are made once and copied: the empty portal, and the demo park.

To migrate takes half a minute and to load the park a minute; PostgreSQL copies a database in half a second. The empty
one is known by the migrations it was made from, the park by every file of the portal, so that a change makes it anew.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg import sql

from park.runtime.addresses import ROOT, database_url, redis_url, var_dir
from park.runtime.stale import code

EMPTY, PARK = "parasol_empty", "parasol_park"
OF_THE_MACHINE = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "LD_LIBRARY_PATH")


def address(name: str) -> str:
    """Return the address of a database on the server that the tests use."""
    ours = os.environ.get("DATABASE_URL") or database_url()
    parts = urlsplit(ours)
    return f"{ours.partition('://')[0]}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


def environment(var: Path, database: str) -> dict[str, str]:
    """Return what a portal of the tests' own gets: a folder, and a database on the server of the tests."""
    kept = {name: os.environ[name] for name in OF_THE_MACHINE if name in os.environ}
    redis = os.environ.get("REDIS_URL") or redis_url()
    return kept | {
        "VAR_DIR": str(var), "DATABASE_URL": address(database), "REDIS_URL": redis, "FSYNC": "off",
        "LOG_LEVEL": "WARNING", "SECRET_KEY": settings.SECRET_KEY,
    }  # fmt: skip


def empty() -> str:
    """Return the name of a database with every table and nothing of the park in it."""
    migrations = [file for file in code() if file.parent.name == "migrations"]
    name = f"{EMPTY}_{digest(migrations)}"
    with alone("empty"):
        if name not in databases(EMPTY):
            with being_made(name) as draft:
                run("migrate", env=environment(var_dir(), draft) | {"DJANGO_SETTINGS_MODULE": "tests.settings"})
    return name


def park() -> tuple[str, Path]:
    """Return the name of a database with the demo park, and the folder of its files, key and sign-ins."""
    texts = [file for file in ROOT.glob("services/demo/data/**/*") if file.is_file()]
    name = f"{PARK}_{digest([*code(), *texts])}"
    folder = var_dir() / "park"
    with alone("park"):
        if name not in databases(PARK) or not (folder / "demo.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            with being_made(name, like=empty()) as draft:
                run("prepare", "--demo", env=environment(folder, draft) | {"DEMO": "1"})
    return name, folder


# --- Making and copying -----------------------------------------------------------------------------------------------
def copy(name: str, to: str) -> None:
    """Make a database anew as a copy of another that nobody is connected to."""
    with server() as connection:
        drop(connection, to)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(to), sql.Identifier(name)))


LEAP = """
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT schemaname, sequencename FROM pg_sequences LOOP
        PERFORM setval(format('%I.%I', each.schemaname, each.sequencename), {beyond});
    END LOOP;
END $$"""


def count_on(name: str, *, beyond: int) -> None:
    """Let every sequence of a database go on beyond a number, so that no key is given twice in one process."""
    with psycopg.connect(address(name), autocommit=True) as connection:
        connection.execute(LEAP.replace("{beyond}", str(int(beyond))))


def drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def databases(beginning: str) -> list[str]:
    with server() as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning])
        return [name for (name,) in found]


@contextmanager
def being_made(name: str, like: str = "template0") -> Iterator[str]:
    """Give a database to fill. It gets its name when it is whole; those of its kind that were made before go."""
    kind = name.rpartition("_")[0]
    draft = f"{kind}_draft"
    copy(like, draft)
    yield draft
    with server() as connection:
        for old in set(databases(f"{kind}_")) - {draft}:
            drop(connection, old)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
        )


def server() -> psycopg.Connection:
    """Connect to the server itself, where databases are made."""
    return psycopg.connect(address("postgres"), autocommit=True)


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Let one process at a time make something; the others wait, and find it made."""
    with (var_dir() / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(files: Iterable[Path]) -> str:
    known = hashlib.sha256()
    for file in sorted(files):
        known.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return known.hexdigest()[:12]


def run(*argv: str, env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *argv], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {argv[0]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"[-6000:])
