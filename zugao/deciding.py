"""``zugao decide``: what a person says of a draft's themes, recorded for good."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.office import open_office, remember_taxonomy
from storage.aspects import aspect_code
from storage.decisions import Decided, decide, undo
from zugao.settings import load_settings

KINDS = {"accept": "已同意", "correct": "已改正", "undo": "已撤销"}


def record(
    home: Path,
    draft: int,
    *,
    theme: str,
    secondary: Sequence[str] | None,
    genre: str,
    who: str,
    note: str,
) -> Decided:
    """Record a decision on the themes of a draft; a theme may be given by code or by name.

    Raises DecisionError or another known error with a Chinese sentence.
    """
    with open_office(load_settings(home)) as office:
        remember_taxonomy(office)
        codes = [aspect_code(office.db, given) for given in secondary or ()]
        return decide(
            office.db,
            draft,
            aspect_code(office.db, theme),
            secondary=codes or None,
            genre=genre,
            who=who,
            note=note,
        )


def take_back(home: Path, draft: int, *, who: str, note: str) -> Decided:
    """Undo the standing decision on a draft's themes."""
    with open_office(load_settings(home)) as office:
        return undo(office.db, draft, who=who, note=note)


def sentence(decided: Decided, draft: int) -> str:
    """What was recorded, in words."""
    before, after = decided.theme_before or "无法判断", decided.theme or "无法判断"
    theme = f"主题 {after}" if before == after else f"主题 {before} → {after}"
    changed = decided.genre_before != decided.genre
    genre = f"，体裁 {decided.genre_before} → {decided.genre}" if changed else ""
    return f"第 {draft} 号稿件{KINDS[decided.kind]}：{theme}{genre}。"
