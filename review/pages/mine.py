"""本单位: a submitting unit sends drafts and sees what became of its own; nothing of others."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from nlp.types import Refusal
from review.desk import Unable
from review.pages.files import attachment
from review.uploads import given, put, safe_name
from review.visit import Visit
from review.works import Checked
from storage.blobs import BlobStore
from storage.facts import draft_facts
from storage.periods import today
from storage.unit_view import (
    Sent,
    counts_of,
    files_sent,
    note_upload,
    open_commissions,
    own_draft,
    own_drafts,
    points_since,
    sent_before,
    sent_within_a_day,
    unit_name,
)
from word.reasons import REASONS, sentence

MOST_A_DAY: Final = 200
_PAGE: Final = 50
_FILES: Final = 20
_STATES: Final = {
    "waiting": "等待收稿",
    "received": "等待读入",
    "read": "已读入",
    "refused": "退回",
}


def show(visit: Visit) -> Response:
    """What the unit sent and what became of it, its points of the year, what it was asked for."""
    return _page(visit, 200, checked=[], kept=[])


def _page(visit: Visit, status: int, *, checked: list[Checked], kept: list[str]) -> Response:
    unit = _unit(visit)
    asked = visit.query.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 18 else 0
    drafts = own_drafts(visit.db, unit, before, _PAGE + 1)
    points = points_since(visit.db, unit, f"{today().year}-01-01")
    return visit.render(
        "mine.html",
        status,
        unit=unit_name(visit.db, unit),
        counts=counts_of(visit.db, unit),
        drafts=drafts[:_PAGE],
        before=before,
        following=drafts[_PAGE - 1]["draft_id"] if len(drafts) > _PAGE else 0,
        files=[_told(row) for row in files_sent(visit.db, unit, _FILES)],
        commissions=open_commissions(visit.db, unit),
        points=points,
        total=sum(round(1000 * float(str(row["points"]))) for row in points) / 1000,
        today=today().isoformat(),
        checked=checked,
        kept=kept,
    )


def send(visit: Visit) -> Response:
    """Check files; unless only that was asked for, put those that can be read into the inbox."""
    unit = _unit(visit)
    files = given(visit)
    room = MOST_A_DAY - sent_within_a_day(visit.db, unit)
    if len(files) > room:
        raise Unable(
            f"每个单位一天最多交{MOST_A_DAY}个文件，今天还能交{max(room, 0)}个，"
            f"这次选了{len(files)}个，请明天再交。"
        )
    with tempfile.TemporaryDirectory() as folder:
        paths = [
            (put(file, Path(folder) / str(n), safe_name(file.filename or "")), file)
            for n, file in enumerate(files)
        ]
        checked = visit.desk.works.check([(path, path.name) for path, _ in paths], unit)
    kept = []
    if visit.said("only_check") != "1":
        for (path, file), one in zip(paths, checked, strict=True):
            if not one.refused and _keep(visit, unit, path.name, file):
                kept.append(path.name)
        if kept:
            visit.desk.works.take_in()
    visit.about = f"unit:{unit}"
    visit.detail.update(files=len(files), kept=len(kept))
    return _page(visit, 200, checked=checked, kept=kept)


def _keep(visit: Visit, unit: int, name: str, file: UploadFile) -> bool:
    """Put a file into the unit's folder of the inbox; False if its content came before."""
    file.file.seek(0)
    digest = hashlib.file_digest(file.file, "sha256").hexdigest()  # type: ignore[arg-type]
    if sent_before(visit.db, unit, digest):
        return False
    inbox = visit.desk.settings.inbox
    folder = unit_name(visit.db, unit)
    if safe_name(folder) != folder:
        raise Unable("本单位的名称不能作文件夹名，请联系管理员。")
    target = put(file, inbox / folder, name)
    source = target.relative_to(inbox).as_posix()
    note_upload(
        visit.db, unit, Sent(name, source, file.size or 0, digest), who=visit.who.name
    )  # fmt: skip
    return True


def draft(visit: Visit) -> Response:
    """One of the unit's own drafts: its text, what became of it, why it was sent back."""
    number, found = _own(visit)
    facts: dict[str, Any] = draft_facts(visit.db, number) or {}
    lines = [
        f"{paragraph.get('label') or ''}{paragraph['text']}" for paragraph in facts["paragraphs"]
    ]
    flags = [flag["message"] for flag in facts["flags"] if flag["severity"] != "info"]
    return visit.render("mine_draft.html", draft=found, lines=lines, flags=flags)


def original(visit: Visit) -> Response:
    """The file as the unit sent it."""
    number, found = _own(visit)
    facts: dict[str, Any] = draft_facts(visit.db, number) or {}
    path = BlobStore(visit.desk.settings.originals).path(str(facts["sha256"]))
    if not path.is_file():
        raise HTTPException(404, "原件已不在原件库里。")
    visit.about = f"draft:{number}"
    return attachment(path.read_bytes(), str(found["file_name"]), "application/octet-stream")


def _own(visit: Visit) -> tuple[int, dict[str, Any]]:
    """The draft of the address, if it is the unit's; else it is as if there were none."""
    number = int(visit.path["number"])
    found = own_draft(visit.db, _unit(visit), number) if number < 2**63 else None
    if found is None:
        raise HTTPException(404, f"没有第{number}号稿件，可能已删除。")
    return number, found


def _unit(visit: Visit) -> int:
    if visit.who.unit_id is None:
        raise Unable("这个账号没有对应的单位，请联系管理员。")
    return visit.who.unit_id


def _told(row: dict[str, Any]) -> dict[str, Any]:
    reason = str(row["reason"])
    known = reason in REASONS
    why = sentence(Refusal(reason), str(row["name"]), to_sender=True) if known else reason
    return {**row, "state_name": _STATES[str(row["state"])], "why": why}
