"""Is the portal able to serve? Each probe answers in one word, quickly, and never raises.

Rooms above add their own by name in ``HEALTH_PROBES``: each a callable without arguments that returns
``(name, word)`` or ``(name, word, detail)``; the word is ``ok``, ``degraded`` or ``down``, the detail is for operators.
"""

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from park.runtime.models import Heartbeat

OK, DEGRADED, DOWN = "ok", "degraded", "down"
WORDS = (OK, DEGRADED, DOWN)
BEAT_IS_LATE = timedelta(minutes=3)  # it is heard of once a minute
LEAST_FREE = 500_000_000  # bytes

log = logging.getLogger(__name__)


class Finding(NamedTuple):
    """What one probe found."""

    name: str
    word: str
    detail: str = ""


def database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        return Finding("database", OK, cursor.fetchone()[0].split(" on ")[0])


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding("migrations", DOWN, f"{len(waiting)} wait: run manage.py migrate")
    return Finding("migrations", OK)


def broker() -> Finding:
    import redis

    try:
        with redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError as refusal:
        return Finding("broker", DEGRADED, f"{type(refusal).__name__}: background work waits for the sweep")
    return Finding("broker", OK)


def beat() -> Finding:
    age = Heartbeat.objects.age_of(Heartbeat.BEAT)
    if age is None:
        return Finding("beat", DEGRADED, "never heard of: is 'celery -A park beat' running?")
    word = OK if age < BEAT_IS_LATE else DEGRADED
    return Finding("beat", word, f"heard of {age.total_seconds():.0f} s ago")


def disk() -> Finding:
    free = shutil.disk_usage(settings.VAR_DIR).free
    return Finding("disk", OK if free >= LEAST_FREE else DEGRADED, f"{free / 1e9:.1f} GB free")


# Without its database the portal is down and nothing else can be asked; without the rest it still serves.
FOUNDATIONS: tuple[tuple[str, Callable], ...] = (("database", database), ("migrations", migrations))
OTHERS: tuple[tuple[str, Callable], ...] = (("broker", broker), ("beat", beat), ("disk", disk))


def findings() -> list[Finding]:
    """Ask every probe, in order; stop where the database is away."""
    found = []
    for name, probe in FOUNDATIONS:
        found.append(_ask(name, probe, otherwise=DOWN))
        if found[-1].word == DOWN:
            return found
    found += [_ask(name, probe) for name, probe in OTHERS]
    found += [_ask(dotted.rpartition(".")[2], import_string(dotted)) for dotted in settings.HEALTH_PROBES]
    return found


def overall(found: list[Finding]) -> str:
    return max((finding.word for finding in found), key=WORDS.index)


def _ask(name, probe, otherwise=DEGRADED) -> Finding:
    try:
        return Finding(*probe())
    except (DatabaseError, OSError) as refusal:
        log.warning("health probe %s: %s", name, type(refusal).__name__)
        return Finding(name, otherwise, type(refusal).__name__)
