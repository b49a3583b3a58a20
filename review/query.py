"""The queue in an address: what an editor chose to see, from a query string and back to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta
from urllib.parse import urlencode

from storage.queue import ORDERS, TABS, Wanted

_LONGEST = 100
_NAMES = tuple(field.name for field in fields(Wanted))


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """What a query string asks for; what makes no sense in it is left out.

    ``end`` is the last day there and the day after it in :class:`Wanted`.
    """
    given = {name: query.get(name, "").strip()[:_LONGEST] for name in _NAMES}
    if given["tab"] not in TABS:
        given["tab"] = "waiting"
    if given["order"] not in ORDERS:
        given["order"] = "arrival"
    given["start"] = _day(given["start"])
    given["end"] = _day(given["end"], later=1)
    return Wanted(**given)


def query_of(wanted: Wanted, **changed: str) -> str:
    """The query string of it, "" fields and defaults left out; ``changed`` replaces or adds."""
    values = {name: getattr(wanted, name) for name in _NAMES}
    values["end"] = _day(wanted.end, later=-1)
    values |= changed
    defaults = {"tab": "waiting", "order": "arrival"}
    return urlencode({k: v for k, v in values.items() if v and v != defaults.get(k)})


def _day(text: str, *, later: int = 0) -> str:
    try:
        return (date.fromisoformat(text) + timedelta(days=later)).isoformat()
    except (ValueError, OverflowError):
        return ""
