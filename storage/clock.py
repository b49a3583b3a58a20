"""Times as they are stored: UTC, ISO-8601, milliseconds, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def stamp(moment: datetime | None = None) -> str:
    """The moment (now if None; must know its time zone) as ``2026-09-30T01:02:03.004Z``."""
    moment = (moment or datetime.now(UTC)).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def later(stamped: str, delay: timedelta) -> str:
    """The stored time ``stamped`` moved by ``delay``, stored the same way."""
    return stamp(datetime.fromisoformat(stamped) + delay)
