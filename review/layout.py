"""What every page shows: who is there, where one can go, what must always be said."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from review.overdue import overdue
from storage.schema_users import ROLES
from storage.watching import last_run

if TYPE_CHECKING:
    from review.visit import Visit


class Item(NamedTuple):
    """An entry of the menu."""

    path: str
    name: str
    roles: frozenset[str]
    rooms: tuple[str, ...] = ()  # other addresses that belong to it


_COUNT: Final = frozenset({"editor", "analyst", "admin"})
MENU: Final = (
    Item("/queue", "稿件", frozenset({"editor"}), ("drafts", "bulk", "compare", "returns")),
    Item("/adoption", "采用", frozenset({"editor"})),
    Item("/issues", "编刊", frozenset({"editor"})),
    Item("/figures", "统计", _COUNT, ("commissions", "bulletins")),
    Item("/mine", "本单位", frozenset({"submitter"})),
    Item("/analysts", "查数", frozenset({"analyst", "admin"})),
    Item("/runs", "收稿情况", frozenset({"editor", "admin"})),
    Item("/settings", "设置", frozenset({"admin"})),
    Item("/account", "账号", frozenset({"submitter", "editor", "analyst", "admin"})),
)
"""In the order shown."""

STATIC: Final = Path(__file__).parent / "static"


def common(visit: Visit) -> dict[str, Any]:
    """The context of the base template."""
    actor = visit.actor
    menu = [item for item in MENU if actor and actor.may(item.roles)]
    if actor and actor.alone:
        menu = [item for item in menu if item.path != "/account"]
    return {
        "actor": actor,
        "role": "、".join(ROLES[role] for role in sorted(actor.roles)) if actor else "",
        "menu": menu,
        "here": next((item.path for item in menu if _within(item, visit.entry.path)), ""),
        "alarm": _alarm(visit),
        "office": visit.desk.settings.office.name,
        "version": _static_version(),
    }


@cache
def _static_version() -> str:
    """Changes with the style and the script, so that no browser keeps those of another release."""
    files = sorted(STATIC.iterdir())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _within(item: Item, path: str) -> bool:
    """Whether a page stands below an entry of the menu."""
    room = path.split("/")[1]
    return room == item.path[1:] or room in item.rooms


def _alarm(visit: Visit) -> str:
    """What the office must know at once: the scheduled intake stands still."""
    if visit.actor is None or visit.actor.may(frozenset({"submitter"})):
        return ""
    return overdue(visit.desk.settings.schedule, last_run(visit.db), datetime.now(UTC))
