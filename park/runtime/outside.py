"""Servers that a variable names: asked once, before anything starts, so that a wrong address gets a sentence."""

from urllib.parse import urlsplit

from park.runtime.embedded import CannotStart

PATIENCE = 3  # seconds
OLDEST_POSTGRESQL = 14


def check(env) -> None:
    """Raise CannotStart, naming the variable, where DATABASE_URL or REDIS_URL leads nowhere; repeat no password."""
    if address := env.get("DATABASE_URL"):
        check_database(address)
    if address := env.get("REDIS_URL"):
        check_redis(address)


def check_database(address: str) -> None:
    schemes = {"postgres", "postgresql", "psql", "pgsql"}
    where = _place("DATABASE_URL", address, schemes, "postgresql://user:password@host/name")
    import psycopg

    try:
        with psycopg.connect(f"postgresql://{address.partition('://')[2]}", connect_timeout=PATIENCE) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as refusal:
        raise CannotStart(f"DATABASE_URL: {where} cannot be used: {_reason(refusal, address)}.") from None
    if version < OLDEST_POSTGRESQL:
        raise CannotStart(f"DATABASE_URL: {where} is PostgreSQL {version}; {OLDEST_POSTGRESQL} or newer is needed.")


def check_redis(address: str) -> None:
    where = _place("REDIS_URL", address, {"redis", "rediss", "unix"}, "redis://host:6379")
    import redis

    try:
        with redis.from_url(address, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as refusal:
        raise CannotStart(f"REDIS_URL: {where} cannot be used: {_reason(refusal, address)}.") from None


def _place(variable: str, address: str, schemes: set[str], example: str) -> str:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = None, None
    if parts is None or parts.scheme not in schemes:
        raise CannotStart(f"{variable} is not an address of the kind {example}.")
    return (parts.hostname or parts.path or "the address") + (f":{port}" if port else "")


def _reason(refusal: Exception, address: str) -> str:
    lines = [line.strip() for line in str(refusal).splitlines() if line.strip()]
    reason = (lines[0] if lines else type(refusal).__name__).rstrip(".")
    password = urlsplit(address).password
    return reason.replace(password, "…") if password and len(password) > 3 else reason
