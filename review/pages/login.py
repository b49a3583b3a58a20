"""Log in, log out; what was typed before a session ended is taken up again."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from review import passwords
from review.access import cookie_name, local_path, log
from review.visit import Visit
from storage import sessions
from storage.users import password_of, user_named

_WRONG = "登录名或密码不对。"
_TOO_OFTEN = "登录试得太多了，请15分钟后再试。"
_KEPT = "kept:"


def ask(visit: Visit) -> Response:
    """The form."""
    if visit.actor:
        return RedirectResponse("/", 303)
    then = local_path(visit.query.get("then", "/"))
    return visit.render("login.html", sentence="", then=then, resume="", kept=[], name="")


def enter(visit: Visit) -> Response:
    """Check name and password; open a session under a new id."""
    name, rates = visit.said("name"), visit.desk
    kept = [(k.removeprefix(_KEPT), v) for k, v in visit.kept() if k.startswith(_KEPT)]
    resume = local_path(visit.said("resume")) if kept else ""
    then = local_path(visit.said("then") or "/")

    def again(status: int, sentence: str) -> Response:
        return visit.render(
            "login.html", status, sentence=sentence, then=then, resume=resume, kept=kept, name=name
        )

    if rates.by_account.full(name) or rates.by_address.full(visit.address):
        log(visit, "login_limited", name=name)
        return again(429, _TOO_OFTEN)
    rates.by_address.note(visit.address)
    rates.by_account.note(name)
    password = visit.form.get("password", "")
    if not passwords.fits(password_of(visit.db, name), str(password)):
        log(visit, "login_failed", name=name)
        return again(401, _WRONG)
    rates.by_account.forget(name)
    old = visit.cookies.get(cookie_name(visit.desk), "")
    if old:
        sessions.end(visit.db, old)
    token = sessions.begin(visit.db, user_named(visit.db, name).id)
    log(visit, "login", name=name)
    if kept:
        response = visit.render("resume.html", target=resume, kept=kept)
    else:
        response = RedirectResponse(then, 303)
    _set_cookie(visit, response, token)
    return response


def leave(visit: Visit) -> Response:
    """Close the session."""
    sessions.end(visit.db, visit.cookies.get(cookie_name(visit.desk), ""))
    response = RedirectResponse("/login", 303)
    response.delete_cookie(
        cookie_name(visit.desk), secure=visit.desk.settings.desk.https, httponly=True,
        samesite="strict",
    )  # fmt: skip
    return response


def _set_cookie(visit: Visit, response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(visit.desk), token, path="/", httponly=True, samesite="strict",
        secure=visit.desk.settings.desk.https,
    )  # fmt: skip
