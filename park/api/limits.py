"""How often a key may call. Counted in Redis, shared by all processes; while Redis is away, calls pass."""

import time

from django.core.cache import cache
from rest_framework.throttling import SimpleRateThrottle


class KeyRateThrottle(SimpleRateThrottle):
    """So many calls a key and window; the count is one atomic step, so that parallel calls cannot slip through."""

    scope = "key"
    timer = time.time

    def get_cache_key(self, request, view) -> str | None:
        return f"api-calls:{request.auth.prefix}" if request.auth else None

    def allow_request(self, request, view) -> bool:
        name = self.get_cache_key(request, view)
        if name is None or self.rate is None:
            return True
        window, into = divmod(self.timer(), self.duration)
        self.left = self.duration - into
        name = f"{name}:{int(window)}"
        cache.add(name, 0, self.duration * 2)
        try:
            return cache.incr(name) <= self.num_requests
        except ValueError:  # nothing is kept: the cache is away
            return True

    def wait(self) -> float:
        return max(1.0, self.left)
