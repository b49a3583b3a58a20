"""What a unit is told of files before it sends them: length, form, and whether it came before."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nlp.types import Draft, Findings, Reading, Refusal
from review.works import Checked, Piece
from storage.connection import open_database
from storage.reuse_ask import pairs_of_unstored
from zugao.settings import Settings

QUOTED: Final = "引用"
_REMARKS: Final = 12
_LENGTH: Final = {"over_hard": "超长", "over_soft": "偏长", "under_floor": "过短"}


@dataclass(frozen=True, slots=True)
class _Read:
    name: str
    refused: str
    drafts: tuple[Draft, ...]


def check_files(
    settings: Settings, files: Sequence[tuple[Path, str]], unit_id: int
) -> list[Checked]:
    """Read (file, name given) behind the guard and judge what they hold; nothing is stored.

    Of drafts of other units no word is told, only that something like it is known.
    """
    from flows.models import analyst_in_use

    read = _read(files)
    drafts = [draft for one in read for draft in one.drafts]
    found = analyst_in_use(settings)[0].analyse(drafts) if drafts else []
    with closing(open_database(settings.database, readonly=True)) as db:
        pairs = pairs_of_unstored(
            db,
            [(draft, one, unit_id) for draft, one in zip(drafts, found, strict=True)],
            settings.reuse.rules(),
        )
        own = _own(db, unit_id, pairs)
    pieces = iter(
        _piece(draft, one, similar, own)
        for draft, one, similar in zip(drafts, found, pairs, strict=True)
    )
    return [Checked(one.name, one.refused, tuple(next(pieces) for _ in one.drafts)) for one in read]


def _read(files: Sequence[tuple[Path, str]]) -> list[_Read]:
    from nlp.splitting import split
    from word.archive import is_archive
    from word.pool import Job, ReaderPool
    from word.reasons import sentence

    packed = {path for path, _ in files if is_archive(path)}
    jobs = [Job(path, name) for path, name in files if path not in packed]
    with ReaderPool() as pool:
        answers = dict(zip((job.path for job in jobs), pool.read(jobs), strict=True))
    read = []
    for path, name in files:
        answer = answers.get(path)
        if isinstance(answer, Refusal):
            read.append(_Read(name, sentence(answer, name, to_sender=True), ()))
        elif isinstance(answer, Reading):
            read.append(_Read(name, "", split(answer)))
        else:  # an archive is opened when it is taken in
            read.append(_Read(name, "", ()))
    return read


def _own(db: Any, unit_id: int, pairs: Sequence[Sequence[dict[str, Any]]]) -> set[int]:
    """Those of the similar drafts that the unit itself sent."""
    from storage.unit_view import of_unit

    return of_unit(db, unit_id, [row["other_id"] for rows in pairs for row in rows])


def _piece(
    draft: Draft, found: Findings, similar: Sequence[dict[str, Any]], own: set[int]
) -> Piece:
    remarks = [
        f"{_LENGTH[flag.kind]}：{flag.message}" if flag.kind in _LENGTH else flag.message
        for flag in found.flags
        if flag.severity != "info"
    ]
    more = len(remarks) - _REMARKS
    told = tuple(remarks[:_REMARKS]) + ((f"另有{more}处。",) if more > 0 else ())
    return Piece(draft.title, draft.characters, told, tuple(_similar(similar, own)))


def _similar(rows: Sequence[dict[str, Any]], own: set[int]) -> list[str]:
    """What is told of similar drafts: of one's own which, of others only that there are some."""
    told = []
    kept = [row for row in rows if row["kind"] != QUOTED]
    for row in kept:
        if row["other_id"] in own:
            told.append(
                f"与本单位第{row['other_id']}号《{row['other_title'] or '无标题'}》{row['kind']}，"
                f"本稿{row['cover']:.0%}相同"
            )
    others = [row for row in kept if row["other_id"] not in own]
    if others:
        most = max(row["cover"] for row in others)
        told.append(f"已有相似稿件：本稿{most:.0%}与已收到的稿件相同")
    return told
