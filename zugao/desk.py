"""``zugao desk``: serve the editors' desk until Ctrl+C."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

from storage.connection import open_database
from storage.users import anyone
from zugao.console import Problem
from zugao.logs import log_to
from zugao.settings import Settings, load_settings

LOG_NAME = "desk.log"


def serve(
    home: Path, host: str, port: int | None, *, browser: bool, say: Callable[[str], None]
) -> None:
    """Serve the desk. Raises Problem where it must not or cannot."""
    import uvicorn

    from review.app import build
    from review.desk import Desk
    from zugao.desk_works import OfficeWorks

    settings = load_settings(home)
    alone = is_loopback(host)
    open_to_all = not _has_users(settings)
    if open_to_all and not alone:
        raise Problem(
            f"还没有账号，编辑台只能在本机运行（现在的地址是 {host}）；"
            "请先建账号，例：zugao user add 王审读 --role editor"
        )
    listening = _listen(host, settings.desk.port if port is None else port)
    address = listening.getsockname()[1]
    url = f"http://{f'[{host}]' if ':' in host else host}:{address}/"
    log_to(settings.home / LOG_NAME, "zugao.desk", "uvicorn.error")
    desk = Desk(settings, alone=alone, annotate=annotator(home), works=OfficeWorks(home))
    say(f"编辑台已开：{url}　按 Ctrl+C 停止。")
    if open_to_all:
        say("单人模式：没有账号，不用登录，只供本机使用。")
    if browser:
        import webbrowser

        webbrowser.open(url)
    config = uvicorn.Config(
        build(desk, hosts=[] if alone else [host]),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.desk.https,  # else nobody stands before us whom to believe
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[listening])
    say("编辑台已停。")


def annotator(home: Path) -> Callable[[int, Path], None]:
    """What writes the annotated copy of a draft for the desk, which stands below the commands."""
    from review.desk import Unable
    from zugao.annotating import annotate_file

    def annotate(number: int, target: Path) -> None:
        try:
            annotate_file(home, str(number), target)
        except Problem as problem:
            raise Unable(str(problem)) from None

    return annotate


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _has_users(settings: Settings) -> bool:
    db = open_database(settings.database)
    try:
        return anyone(db)
    finally:
        db.close()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises Problem if the port is taken or the address not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise Problem(
            f"{host} 的 {port} 端口用不了：可能编辑台已经开着，或端口被别的程序占用；"
            "可用 --port 换一个端口。"
        ) from None
    return listening
