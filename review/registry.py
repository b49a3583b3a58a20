"""The one list of what the desk serves: address, method, who may, page, kind in the log.

What is not listed here is not served: the application is built from this list, and refuses to
start with a route beside it.
"""

from __future__ import annotations

from typing import Final

from review.pages import account, login, runs
from review.visit import ADMIN, ALL, EDITOR, PUBLIC, Entry

ENTRIES: Final[tuple[Entry, ...]] = (
    Entry("/", "GET", ALL, account.start),
    Entry("/login", "GET", PUBLIC, login.ask),
    Entry("/login", "POST", PUBLIC, login.enter),  # logs its own outcomes
    Entry("/logout", "POST", ALL, login.leave, "logout"),
    Entry("/account", "GET", ALL, account.show),
    Entry("/account", "POST", ALL, account.change_password),  # storage logs it with the change
    Entry("/runs", "GET", EDITOR | ADMIN, runs.show),
    Entry("/runs/files/{number:int}/release", "POST", ADMIN, runs.release, "release"),
)
