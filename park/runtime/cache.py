"""The cache while Redis is away: pages go on without it."""

import time

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

PAUSE = 5  # seconds in which a Redis that did not answer is not asked again
METHODS = ("add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key", "incr", "clear")


class ForgivingRedisCache(RedisCache):
    """Redis where it answers; a cache that holds nothing while it does not.

    One page asks the cache several times: after one silence nobody waits again for PAUSE seconds.
    """

    away_until = 0.0  # of this process, shared by its threads

    def __init__(self, server, params):
        super().__init__(server, params)
        self._nothing = DummyCache(server, {})

    def _ask(self, method, *args, **kwargs):
        cls = type(self)
        if time.monotonic() >= cls.away_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except (RedisConnectionError, RedisTimeoutError):
                cls.away_until = time.monotonic() + PAUSE
        return getattr(self._nothing, method)(*args, **kwargs)


def _forgiving(method):
    def ask(self, *args, **kwargs):
        return self._ask(method, *args, **kwargs)

    ask.__name__ = method
    return ask


for _method in METHODS:
    setattr(ForgivingRedisCache, _method, _forgiving(_method))
