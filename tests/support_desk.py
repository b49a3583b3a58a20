"""A small office with a desk, and browsers that are logged in to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database
from starlette.applications import Starlette
from starlette.testclient import TestClient

from review import app as review_app
from review.desk import Desk
from storage.connection import open_database
from storage.units import UnitRow, import_units
from storage.users import add_user, anyone
from zugao.desk import annotator
from zugao.desk_works import OfficeWorks
from zugao.setting_up import set_up
from zugao.settings import load_settings

PASSWORD = "柳湾镇的桂花开得正好今年又香了"
ROLES = ("submitter", "editor", "analyst", "admin")
ORIGIN = "http://127.0.0.1"


@dataclass(slots=True)
class Office:
    """A working folder with a running desk."""

    home: Path
    db: Database
    desk: Desk
    app: Starlette

    def browser(self) -> TestClient:
        """A browser that is at the desk's own pages, logged in as nobody."""
        return TestClient(
            self.app, base_url=ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=False
        )

    def logged_in(self, name: str) -> TestClient:
        """A browser with a session of the account ``name``."""
        browser = self.browser()
        answer = browser.post("/login", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return browser


def cheap_hash() -> str:
    """The hash of PASSWORD with the smallest parameters, so that tests need not wait."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@contextmanager
def office(home: Path, *, users: bool = True, alone: bool = True) -> Iterator[Office]:
    """An office with one account of each role (named like it), or none."""
    for _ in set_up(home):
        pass
    db = open_database(home / "zugao.db")
    import_units(
        db,
        [UnitRow("临溪县委组织部", "县区", aliases=("临溪县",)), UnitRow("沅北县委组织部", "县区")],
    )
    if users and not anyone(db):
        stored = cheap_hash()
        for role in ROLES:
            unit = "临溪县" if role == "submitter" else ""
            add_user(db, role, role, stored, unit=unit)
        add_user(db, "editor2", "editor", stored)
    desk = Desk(load_settings(home), alone=alone, annotate=annotator(home), works=OfficeWorks(home))
    yield Office(home, db, desk, review_app.build(desk))
    desk.close()
    db.close()


def words(html: str) -> str:
    """What a person reads of a page: no tags, no runs of blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^<>]*>", " ", html))
