"""A small office in rows: units, drafts, issues, events and awards, a line each."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from storage.aspects import remember_aspects
from storage.connection import open_database, raw
from tests.support_storage import ASPECTS

NOW = "2026-12-31T00:00:00.000Z"
RULES = """
name = "{name}"
version = "{version}"
valid_from = {start}
[[adoption.rules]]
name = "采用"
points = 10.5
"""
OUTLETS = {"县": 1, "市": 2, "省": 3, "中央": 4}


class Office:
    """Rows straight into the tables, so that a test's figures can be counted by hand."""

    def __init__(self, folder: Path) -> None:
        self.db: Database = open_database(folder / "zugao.db")
        self.conn = raw(self.db)
        remember_aspects(self.db, ASPECTS, "t1")
        self._insert("run", id=1, started_at=NOW, ended_at=NOW, how="direct", outcome="completed")
        self._insert("_blob", sha256="0" * 64, size=1, stored_at=NOW)
        for level, number in OUTLETS.items():
            self._insert("outlet", id=number, name=f"{level}刊", kind="刊物", level=level)
        self.profile("办法", "2026")

    def unit(self, name: str, group: str = "县区", *, active: int = 1) -> int:
        return self._insert("unit", name=name, group_name=group, active=active)

    def profile(self, name: str, version: str, start: str = "2020-01-01", end: str = "") -> int:
        return self._insert(
            "rule_profile", name=name, version=version, valid_from=start, valid_to=end or None,
            rules=RULES.format(name=name, version=version, start=start), sha256="0" * 64,
            added_at=NOW,
        )  # fmt: skip

    def draft(
        self, unit: int | None, received: str, *, genre: str = "动态", title: str = "一件事",
        theme: str | None = "A1", author: str = "",
    ) -> int:  # fmt: skip
        """A draft received at noon of a day in Shanghai, or at the UTC moment given."""
        moment = received if "T" in received else f"{received}T04:00:00.000Z"
        count = self.conn.execute("SELECT count(*) FROM manuscript").fetchone()[0]
        manuscript = self._insert(
            "manuscript", unit_id=unit, unit_given="", name=f"{count}.docx", sha256="0" * 64,
            source=f"{count}.docx", state="read", received_at=moment, run_id=1,
        )  # fmt: skip
        return self._insert(
            "draft", manuscript_id=manuscript, position=1, run_id=1, unit_id=unit,
            unit_as_written="", title=title, subtitle="", author=author, signer="", phone="",
            dated="", attachments="[]", characters=500, genre=genre, genre_probability=1,
            category=theme and theme[0], theme=theme, theme_probability=theme and 0.9,
            created_at=NOW,
        )  # fmt: skip

    def item(
        self,
        level: str,
        day: str,
        *,
        title: str = "刊发的事",
        state: str = "printed",
        number: str = "",
    ) -> int:
        """An item, alone in an issue of that level's outlet; numbered on where not told."""
        count = self.conn.execute("SELECT count(*) FROM issue").fetchone()[0]
        issue = self._insert(
            "issue", outlet_id=OUTLETS[level], year=int(day[:4]), number=number or str(count + 1),
            published_on=day, state=state, made_at=NOW,
        )  # fmt: skip
        return self._insert(
            "printed_item", issue_id=issue, position=1, title=title, origin="issue", made_at=NOW
        )

    def adopt(self, draft: int, item: int, share: float = 1.0) -> int:
        return self.event("adopt", draft_id=draft, item_id=item, form="单篇", share=share)

    def event(self, kind: str, **values: object) -> int:
        return self._insert("event", kind=kind, recorded_at=NOW, **values)

    def undo(self, event: int) -> int:
        return self.event("undo", undoes=event)

    def award(self, unit: int, points: int, day: str, *, profile: int = 1, **values: object) -> int:
        return self._insert(
            "award", profile_id=profile, unit_id=unit, rule="规则", points=points,
            effective_on=day, made_at=NOW, **values,
        )  # fmt: skip

    def reverse(self, award: int) -> int:
        unit, points, day, profile = self.conn.execute(
            "SELECT unit_id, points, effective_on, profile_id FROM award WHERE id = ?", (award,)
        ).fetchone()
        return self.award(unit, -points, day, profile=profile, reverses=award)

    def flag(self, draft: int, kind: str) -> None:
        self._insert(
            "flag", draft_id=draft, kind=kind, severity="warn", message="", start_offset=0,
            end_offset=0, count_value=0, limit_value=0, made_at=NOW,
        )  # fmt: skip

    def pair(self, first: int, second: int, kind: str) -> None:
        self._insert(
            "duplicate_pair", draft_a=first, draft_b=second, kind=kind, cover_a=1, cover_b=1,
            shared_characters=9, discounted_characters=0, longest=9, direction="", spans="[]",
            rules_version="r", made_at=NOW,
        )  # fmt: skip

    def give_back(self, draft: int) -> int:
        """退稿."""
        return self._insert(
            "decision", draft_id=draft, kind="return", genre_before="动态", decided_at=NOW
        )

    def _insert(self, table: str, **values: object) -> int:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        cursor = self.conn.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values())
        )
        return int(cursor.lastrowid or 0)
