"""How often something may be tried: so many times within a window, for each key."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

_MOST_KEYS = 10_000


class Rate:
    """At most ``times`` in ``seconds`` for a key. Kept in memory: one process serves the desk."""

    def __init__(
        self, times: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._times = times
        self._seconds = seconds
        self._clock = clock
        self._tried: dict[str, deque[float]] = {}
        self._lock = Lock()

    def full(self, key: str) -> bool:
        """Whether the key has used up its tries."""
        with self._lock:
            return len(self._recent(key)) >= self._times

    def note(self, key: str) -> None:
        """Count a try."""
        with self._lock:
            self._recent(key).append(self._clock())

    def forget(self, key: str) -> None:
        """Count the key's tries from zero again."""
        with self._lock:
            self._tried.pop(key, None)

    def _recent(self, key: str) -> deque[float]:
        if len(self._tried) > _MOST_KEYS:
            self._drop_old()
        tries = self._tried.setdefault(key, deque())
        while tries and tries[0] <= self._clock() - self._seconds:
            tries.popleft()
        return tries

    def _drop_old(self) -> None:
        limit = self._clock() - self._seconds
        for key in [k for k, tries in self._tried.items() if not tries or tries[-1] <= limit]:
            del self._tried[key]
