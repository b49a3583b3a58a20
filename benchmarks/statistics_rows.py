"""A big office in SQLite: a million drafts and 200,000 adoptions of ten years, for measuring.

Rows of the real schema, filled in bulk and without texts: statistics read none. The same seed
makes the same rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlite_utils import Database

from storage.connection import open_database, raw
from storage.profiles import add_profile

FIRST, LAST = date(2017, 1, 1), date(2026, 12, 31)
DAYS = (LAST - FIRST).days + 1
GROUPS = ("县区", "市直", "乡镇", "街道", "国企", "高校")
LEVELS = ("县", "市", "省", "中央")
POINTS = {"县": 5000, "市": 10_000, "省": 20_000, "中央": 40_000}
GENRES = (
    "动态",
    "动态",
    "动态",
    "经验",
    "经验",
    "问题",
    "建议",
    "调研报告",
    "讲话",
    "评论",
    "信访",
)
RULES = Path(__file__).resolve().parent.parent / "points" / "profiles" / "default.toml"
NOW = "2026-12-31T16:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Size:
    """How much of what."""

    drafts: int = 1_000_000
    adoptions: int = 200_000
    units: int = 300
    authors: int = 1500
    outlets: int = 40


def build(path: Path, size: Size) -> Database:
    """A new database at ``path``, filled. A million drafts take about two minutes and 1.3 GB."""
    db = open_database(path)
    conn = raw(db)
    conn.execute("PRAGMA foreign_keys=OFF")  # every reference is made here
    dice = random.Random(20261231)
    _office(db, size)
    conn.execute("BEGIN IMMEDIATE")
    conn.executemany(
        "INSERT INTO manuscript (id, unit_id, unit_given, name, sha256, source, format, state,"
        " received_at, run_id) VALUES (?, ?, ?, ?, ?, ?, 'docx', 'read', ?, 1)",
        _manuscripts(size, dice),
    )
    conn.executemany(
        "INSERT INTO draft (id, manuscript_id, position, run_id, unit_id, unit_as_written, title,"
        " subtitle, author, signer, phone, dated, attachments, characters, genre,"
        " genre_probability, category, category_probability, theme, theme_probability, created_at,"
        " model_version) VALUES (?, ?, 1, 1, ?, '', ?, '', ?, '', '', '', '[]', ?, ?, 0.8, ?, 0.9,"
        " ?, ?, ?, 'm1')",
        _drafts(size, dice),
    )
    _findings(db, size, dice)
    _printed(db, size, dice)
    _events(db, size, dice)
    _awards(db)
    conn.execute("COMMIT")
    conn.execute("PRAGMA foreign_keys=ON")
    return db


def _office(db: Database, size: Size) -> None:
    conn = raw(db)
    conn.execute("INSERT INTO run (id, started_at, ended_at, how, outcome) VALUES"
                 " (1, ?, ?, 'direct', 'completed')", (NOW, NOW))  # fmt: skip
    conn.execute("INSERT INTO _blob (sha256, size, stored_at) VALUES (?, 1000, ?)", ("0" * 64, NOW))
    conn.executemany(
        "INSERT INTO unit (id, name, group_name) VALUES (?, ?, ?)",
        [(n, f"第{n}单位", GROUPS[n % len(GROUPS)]) for n in range(1, size.units + 1)],
    )
    conn.executemany(
        "INSERT INTO aspect (code, name, category, category_name, version)"
        " VALUES (?, ?, ?, ?, 't')",
        [(_theme(n), f"方面{n}", _theme(n)[0], f"大类{_theme(n)[0]}") for n in range(20)],
    )
    conn.executemany(
        "INSERT INTO outlet (id, name, kind, level) VALUES (?, ?, '刊物', ?)",
        [(n, f"刊物{n}", LEVELS[n % 4]) for n in range(1, size.outlets + 1)],
    )
    add_profile(db, RULES.read_text("utf-8"))


def _theme(number: int) -> str:
    return "ABCDE"[number % 5] + str(number // 5 + 1)


def _day(number: int, count: int) -> date:
    """Drafts come evenly over the ten years, in order."""
    return FIRST + timedelta(days=(number - 1) * DAYS // count)


def _manuscripts(size: Size, dice: random.Random) -> Iterator[tuple[object, ...]]:
    for n in range(1, size.drafts + 1):
        unit = _unit(n, size)
        moment = f"{_day(n, size.drafts)}T0{dice.randrange(10)}:00:00.000Z"
        name = f"关于第{n}件事的情况报告.docx"
        yield n, unit, f"第{unit}单位", name, "0" * 64, f"收件箱/第{unit}单位/{name}", moment


def _unit(number: int, size: Size) -> int:
    """Some units send much, some little: the square of an even spread."""
    spread = (number * 7919 % 10_007) / 10_007
    return 1 + int(size.units * spread * spread)


def _drafts(size: Size, dice: random.Random) -> Iterator[tuple[object, ...]]:
    for n in range(1, size.drafts + 1):
        theme = _theme(dice.randrange(20)) if dice.random() < 0.8 else None
        author = f"作者{_unit(n, size) * 5 + n % 5}"
        if n % 9 == 0:
            author += f"、作者{_unit(n, size) * 5 + (n + 1) % 5}"
        yield (
            n, n, _unit(n, size), f"第{n}件事办得怎么样：来自基层的情况", author,
            200 + dice.randrange(3000), dice.choice(GENRES), theme and theme[0], theme,
            theme and 0.8, NOW,
        )  # fmt: skip


def _findings(db: Database, size: Size, dice: random.Random) -> None:
    """A tenth flagged, a third of it too short; a twelfth copies; a thirtieth decided."""
    conn = raw(db)
    kinds = ("重复报送", "高度相似", "引用")
    conn.executemany(
        "INSERT INTO flag (draft_id, kind, severity, message, start_offset, end_offset,"
        " count_value, limit_value, made_at) VALUES (?, ?, 'warn', '', 0, 0, 0, 0, ?)",
        ((n, ("under_floor", "over_hard", "late_report")[n // 10 % 3], NOW)
         for n in range(10, size.drafts + 1, 10)),
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO duplicate_pair (draft_a, draft_b, kind, cover_a, cover_b, shared_characters,"
        " discounted_characters, longest, direction, spans, rules_version, made_at)"
        " VALUES (?, ?, ?, 0.9, 0.9, 500, 0, 300, '', '[]', 'r', ?)",
        ((max(1, n - dice.randrange(1, 5000)), n, dice.choice(kinds), NOW)
         for n in range(12, size.drafts + 1, 12)),
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO decision (draft_id, kind, theme, genre_before, decided_at)"
        " VALUES (?, ?, ?, '动态', ?)",
        ((n, "return", None, NOW) if n % 60 else (n, "correct", _theme(n // 60 % 20), NOW)
         for n in range(30, size.drafts + 1, 30)),
    )  # fmt: skip


def _printed(db: Database, size: Size, dice: random.Random) -> None:
    """Issues of ten items each; an item is of a draft that came one to sixty days before."""
    conn = raw(db)
    items = size.adoptions
    conn.executemany(
        "INSERT INTO issue (id, outlet_id, year, number, published_on, state, made_at)"
        " VALUES (?, ?, ?, ?, ?, 'printed', ?)",
        ((n, 1 + n % size.outlets, day.year, str(n), day.isoformat(), NOW)
         for n in range(1, items // 10 + 1) for day in (_day(n, items // 10),)),
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO printed_item (id, issue_id, position, title, origin, made_at)"
        " VALUES (?, ?, ?, ?, 'issue', ?)",
        ((n, 1 + (n - 1) // 10, 1 + (n - 1) % 10, f"刊发第{n}条", NOW)
         for n in range(1, items + 1)),
    )  # fmt: skip
    per_day = size.drafts / DAYS

    def adopted() -> Iterator[tuple[object, ...]]:
        for n in range(1, items + 1):
            at = int(n / items * size.drafts - per_day * dice.randrange(1, 60))
            yield min(size.drafts, max(1, at)), n, dice.choice(("单篇", "单篇", "综合")), NOW

    conn.executemany(
        "INSERT INTO event (kind, draft_id, item_id, form, share, recorded_at)"
        " VALUES ('adopt', ?, ?, ?, 1, ?)",
        adopted(),
    )


def _events(db: Database, size: Size, dice: random.Random) -> None:
    """For every ten adoptions a commission and its delivery; for every twenty an instruction."""
    conn = raw(db)
    count = size.adoptions // 10

    def commissions() -> Iterator[tuple[object, ...]]:
        for n in range(1, count + 1):
            day = _day(n, count)
            due = (day + timedelta(days=14)).isoformat()
            yield 10**7 + n, day.isoformat(), 1 + n % size.units, f"约稿{n}", due, NOW

    conn.executemany(
        "INSERT INTO event (id, kind, happened_on, unit_id, title, due_on, recorded_at)"
        " VALUES (?, 'commission', ?, ?, ?, ?, ?)",
        commissions(),
    )
    conn.executemany(
        "INSERT INTO event (kind, happened_on, refers_to, recorded_at)"
        " VALUES ('delivery', ?, ?, ?)",
        (((_day(n, count) + timedelta(days=dice.randrange(20))).isoformat(), 10**7 + n, NOW)
         for n in range(1, count + 1) if n % 8),
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO event (kind, happened_on, draft_id, level, person, recorded_at)"
        " VALUES ('instruction', ?, ?, ?, '某领导', ?)",
        ((_day(n, count).isoformat(), 1 + n * 17 % size.drafts, dice.choice(LEVELS), NOW)
         for n in range(1, count // 2 + 1)),
    )  # fmt: skip


def _awards(db: Database) -> None:
    """An award for each adoption and instruction, one less for each missed commission."""
    conn = raw(db)
    cases = " ".join(f"WHEN '{level}' THEN {points}" for level, points in POINTS.items())
    conn.execute(
        "INSERT INTO award (profile_id, unit_id, draft_id, item_id, event_id, rule, points,"
        f" effective_on, made_at) SELECT 1, unit_id, draft_id, item_id, adoption_id, '采用',"
        f" CASE level {cases} END, published_on, '{NOW}' FROM adoptions"
    )
    conn.execute(
        "INSERT INTO award (profile_id, unit_id, draft_id, event_id, rule, points,"
        " effective_on, made_at) SELECT 1, unit_id, draft_id, instruction_id, '批示', 10000,"
        f" happened_on, '{NOW}' FROM instructions"
    )
    conn.execute(
        "INSERT INTO award (profile_id, unit_id, event_id, rule, points, effective_on, made_at)"
        " SELECT 1, unit_id, commission_id, '约稿未交', -3000, due_on, "
        f"'{NOW}' FROM commissions WHERE delivered_on IS NULL"
    )
