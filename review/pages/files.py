"""Files to take away: the original, the annotated Word copy, the letter of a return."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from reports.official_style import TemplateError
from reports.return_letter import Letter, write_letter
from review.access import local_path
from review.desk import Unable
from review.visit import Visit
from storage.blobs import BlobStore
from storage.facts import draft_facts
from storage.handling import reasons_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": WORD,
}
"""Suffix of a file to take away → its media type."""


def original(visit: Visit) -> Response:
    """The file as it was sent; never shown inside the browser."""
    facts = _facts(visit)
    path = BlobStore(visit.desk.settings.originals).path(str(facts["sha256"]))
    if not path.is_file():
        raise HTTPException(404, "原件不在原件库里：按要求删去了，或请管理员检查备份。")
    return attachment(path.read_bytes(), str(facts["file_name"]), "application/octet-stream")


def annotated(visit: Visit) -> Response:
    """The Word file with everything found as comments at its places."""
    facts = _facts(visit)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "annotated.docx"
        visit.desk.annotate(int(facts["draft_id"]), target)
        content = target.read_bytes()
    return attachment(content, Path(str(facts["file_name"])).stem + ".批注.docx", WORD)


def letter(visit: Visit) -> Response:
    """The letter of a return, to be copied or taken as Word."""
    number, told = _letter(visit)
    then = local_path(visit.query.get("then", "/queue"))
    return visit.render("letter.html", letter=told, number=number, then=then)


def letter_word(visit: Visit) -> Response:
    """The letter as a Word file."""
    _, told = _letter(visit)
    settings = visit.desk.settings
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "letter.docx"
        try:
            write_letter(told, file, settings.under_home(settings.reports.template))
        except TemplateError as problem:
            raise Unable(str(problem)) from None
        return attachment(
            file.read_bytes(), f"退稿函-{told.draft_title[:30] or '无标题'}.docx", WORD
        )


def attachment(content: bytes, name: str, kind: str) -> Response:
    """A download under a name in any script (RFC 6266)."""
    clean = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(clean, safe='')}"}
    return Response(content, 200, headers, kind)


def _facts(visit: Visit) -> dict[str, Any]:
    number = int(visit.path["number"])
    facts: dict[str, Any] | None = draft_facts(visit.db, number)
    if facts is None:
        raise HTTPException(404, f"没有第{number}号稿件，可能已删除。")
    visit.about = f"draft:{number}"
    return facts


def _letter(visit: Visit) -> tuple[int, Letter]:
    number = int(visit.path["number"])
    row: dict[str, Any] | None = reasons_of(visit.db, number)
    if row is None:
        raise HTTPException(404, "没有这条退稿意见，或已经撤销。")
    visit.about = f"draft:{row['draft_id']}"
    facts: dict[str, Any] = draft_facts(visit.db, row["draft_id"]) or {}
    told = Letter(
        to=row["unit"] or facts["unit_as_written"] or facts["unit_given"],
        draft_title=row["title"],
        received_on=facts["received_on"],
        reasons=tuple(row["reasons"]),
        note=row["note"],
        office=visit.desk.settings.office.name,
        day=row["returned"][:10],
    )
    return number, told
