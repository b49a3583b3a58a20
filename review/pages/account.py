"""One's own account: who one is, another password; and where each role starts."""

from __future__ import annotations

from typing import Final

from starlette.responses import RedirectResponse, Response

from review import passwords
from review.visit import ADMIN, ANALYST, EDITOR, SUBMITTER, Visit
from storage.users import UserError, password_of, set_password

STARTS: Final = (
    (EDITOR, "/queue"),
    (ADMIN, "/runs"),
    (ANALYST, "/analysts"),
    (SUBMITTER, "/mine"),
)


def start(visit: Visit) -> Response:
    """Send everybody to where their work is."""
    for roles, path in STARTS:
        if visit.who.may(roles):
            return RedirectResponse(path, 303)
    raise AssertionError("a role without a start")


def show(visit: Visit) -> Response:
    """The account and the form for another password."""
    if visit.who.alone:
        return RedirectResponse("/", 303)
    return visit.render("account.html", sentence="", shortest=passwords.SHORTEST)


def change_password(visit: Visit) -> Response:
    """Replace one's own password; all sessions end, this one too."""
    name = visit.who.name
    if visit.who.alone:
        return visit.trouble(400, "单人模式没有账号；要设登录，请先用 zugao user add 建账号。")
    old, new = str(visit.form.get("old", "")), str(visit.form.get("new", ""))

    def again(sentence: str) -> Response:
        return visit.render("account.html", 400, sentence=sentence, shortest=passwords.SHORTEST)

    if visit.desk.by_account.full(name):
        return again("试得太多了，请15分钟后再试。")
    if not passwords.fits(password_of(visit.db, name), old):
        visit.desk.by_account.note(name)
        return again("原密码不对。")
    if new != str(visit.form.get("again", "")):
        return again("两次输入的新密码不一样。")
    try:
        stored = passwords.hashed(new, name)
    except UserError as problem:
        return again(str(problem))
    set_password(visit.db, name, stored, by=name)
    return RedirectResponse("/login", 303)
