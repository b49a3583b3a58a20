"""What came in, what was refused and why; let a refused file be read again."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from nlp.types import Refusal
from review.visit import ADMIN, Visit
from storage.intake_log import files_refused, latest_runs, refused_count
from storage.ledger import release_one
from word.reasons import REASONS, sentence

_RUNS, _FILES = 20, 200
_OUTCOMES = {
    "running": "正在运行",
    "completed": "全部读入",
    "refusals": "有文件退回",
    "failed": "出错中止",
    "interrupted": "被中断",
}
_HOW = {"direct": "直接运行", "prefect": "按流程运行"}


def show(visit: Visit) -> Response:
    """The runs and the refused files."""
    runs = [
        {**row, "outcome": _OUTCOMES[str(row["outcome"])], "how": _HOW[str(row["how"])]}
        for row in latest_runs(visit.db, _RUNS)
    ]
    return visit.render(
        "runs.html",
        runs=runs,
        files=[_told(row) for row in files_refused(visit.db, _FILES)],
        total=refused_count(visit.db),
        may_release=visit.who.may(ADMIN),
        released=visit.query.get("released", ""),
    )


def release(visit: Visit) -> Response:
    """Let the next run read the file again."""
    number = int(visit.path["number"])
    visit.about = f"manuscript:{number}"
    if not release_one(visit.db, number):
        return visit.trouble(404, "这个文件不能重读：没有这个号，或没有被退回，或原件没有存下来。")
    return RedirectResponse(f"/runs?released={number}", 303)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    reason = str(row["reason"])
    told = sentence(Refusal(reason), str(row["file_name"])) if reason in REASONS else reason
    return {**row, "sentence": told, "waiting": row["state"] == "received"}
