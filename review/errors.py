"""Whatever goes wrong: one Chinese sentence on a page of the desk, what was typed kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from points.profile import ProfileError
from review.desk import Desk, Unable
from review.visit import Visit
from storage.decisions import DecisionError
from storage.errors import RefusedError, StorageError
from storage.units import UnitError
from storage.users import UserError
from zugao.settings import SettingsError

LOG = logging.getLogger("zugao.desk")
REFUSALS = (
    DecisionError, ProfileError, RefusedError, SettingsError, Unable, UnitError, UserError,
)  # fmt: skip
"""What was asked for and cannot be done; each is one Chinese sentence."""

SENTENCES = {
    400: "这个请求写得不对，没有执行。",
    404: "没有这个页面；可能已删除，或地址抄错了。",
    405: "这个地址不能这样使用。",
    413: "内容太大，没有收下。",
}


@dataclass(slots=True)
class Caught:
    """The answer, also where there was an exception on the way."""

    response: Response = field(default_factory=Response)


@contextmanager
def explained(visit: Visit) -> Iterator[Caught]:
    """Turn the exceptions of a page into a page that says so."""
    caught = Caught()
    try:
        yield caught
    except REFUSALS as problem:
        caught.response = visit.trouble(400, str(problem))
    except HTTPException as problem:
        told = problem.detail if not problem.detail.isascii() else ""
        sentence = told or SENTENCES.get(problem.status_code, SENTENCES[400])
        caught.response = visit.trouble(problem.status_code, sentence)
    except StorageError as problem:
        caught.response = _unusable(visit, problem)
    except Exception:
        LOG.exception("%s %s", visit.entry.method, visit.entry.path)
        caught.response = bare(visit.desk, 500, _UNEXPECTED)


_UNEXPECTED = (
    "程序出现未预料的错误，这一步没有做完；已经保存的不受影响。详情记在工作目录的 desk.log。"
)


def _unusable(visit: Visit, problem: StorageError) -> Response:
    """The database cannot be used: the page asks it nothing, and offers to send again."""
    LOG.warning("%s", problem)
    again = visit.kept() if visit.entry.method == "POST" else []
    return bare(visit.desk, 503, str(problem), target=visit.target, kept=again)


def bare(
    desk: Desk, status: int, sentence: str, *, target: str = "", kept: object = ()
) -> HTMLResponse:
    """A page that needs no database."""
    html = desk.render("bare.html", sentence=sentence, target=target, kept=kept)
    return HTMLResponse(html, status, {"Retry-After": "5"} if status == 503 else None)


async def outside(request: Request, problem: Exception) -> Response:
    """What Starlette itself refuses: no such page, wrong method, too large."""
    status = problem.status_code if isinstance(problem, HTTPException) else 400
    return bare(request.app.state.desk, status, SENTENCES.get(status, SENTENCES[400]))
