"""Who has which draft open: told to the others, kept in memory, forgotten after two minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

FORGET: Final = 120.0
"""Seconds after the last sign of an open page; the page gives one every 20 seconds."""


class Presence:
    """Open drafts by person."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._seen: dict[int, dict[str, float]] = {}
        self._clock = clock
        self._lock = Lock()

    def here(self, draft_id: int, who: str) -> list[str]:
        """Note that ``who`` has the draft open; returns the others who have, by name."""
        now = self._clock()
        with self._lock:
            for draft, people in list(self._seen.items()):
                kept = {name: at for name, at in people.items() if now - at < FORGET}
                self._seen[draft] = kept
                if not kept:
                    del self._seen[draft]
            people = self._seen.setdefault(draft_id, {})
            people[who] = now
            return sorted(name for name in people if name != who)

    def gone(self, draft_id: int, who: str) -> None:
        """Note that ``who`` has left the draft."""
        with self._lock:
            self._seen.get(draft_id, {}).pop(who, None)
