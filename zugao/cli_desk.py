"""Commands of the desk: serve it, its accounts, its log; ``zugao.cli`` adds them to its own."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import click

from zugao.console import AS_JSON, Exit, print_json, speak_plainly

_ROLE = click.option(
    "--role",
    required=True,
    type=click.Choice(["submitter", "editor", "analyst", "admin"]),
    help="submitter 报送单位，editor 编辑，analyst 统计分析，admin 管理员。",
)
_UNIT = click.option("--unit", default="", help="报送单位的名称或别名（只用于 submitter）。")
_PASSWORD = click.option(
    "--password-file",
    type=click.File("r", encoding="utf-8"),
    help="从文件第一行读密码（- 为标准输入）；不写则在屏幕上输入两遍。",
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址。")
@click.option("--port", type=click.IntRange(0, 65535), help="端口；缺省看设置，0 为任选一个。")
@click.option("--open", "browser", is_flag=True, help="同时打开浏览器。")
@click.pass_obj
@speak_plainly
def desk(home: Path, host: str, port: int | None, browser: bool) -> None:
    """开编辑台：在浏览器里看稿、定主题、退稿、对照重稿，直到按 Ctrl+C。

    \b
    例：zugao --home 稿件库 desk --open
    没有账号时不用登录，只供本机使用；建了账号（zugao user add）就要登录，也可供同事访问。
    """
    from zugao.desk import serve

    serve(home, host, port, browser=browser, say=click.echo)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="编辑台监听的地址。")
@click.option("--port", type=click.IntRange(0, 65535), help="编辑台的端口；缺省看设置。")
@click.option("--open", "browser", is_flag=True, help="同时打开浏览器。")
@click.pass_obj
@speak_plainly
def up(home: Path, host: str, port: int | None, browser: bool) -> None:
    """全部开起来：定时任务、编辑台、查数窗口，直到按 Ctrl+C；哪一个停了会自动重新启动。

    \b
    例：zugao --home 稿件库 up
    开机自动启动、放在反向代理后面、用容器运行，见 docs/operations.md。
    """
    from zugao import up as parts

    parts.run(home, host=host, port=port, browser=browser, say=click.echo)


@click.group()
def user() -> None:
    """编辑台的账号：新建、列出、停用、改密码、改角色。

    \b
    例：zugao --home 稿件库 user add 王审读 --role editor
    """


@user.command("add")
@click.argument("name")
@_ROLE
@_UNIT
@_PASSWORD
@click.pass_obj
@speak_plainly
def add(home: Path, name: str, role: str, unit: str, password_file: click.File | None) -> None:
    """新建账号。

    \b
    例：zugao --home 稿件库 user add 王审读 --role editor
        zugao --home 稿件库 user add 临溪 --role submitter --unit 临溪县委组织部
    """
    from zugao import accounts

    click.echo(accounts.add(home, name, role, unit, _password(password_file)))


@user.command("list")
@AS_JSON
@click.pass_obj
@speak_plainly
def list_(home: Path, as_json: bool) -> None:
    """列出账号。

    \b
    例：zugao --home 稿件库 user list
    """
    from zugao import accounts

    rows = accounts.listed(home)
    if as_json:
        print_json(rows)
    else:
        accounts.print_users(rows)


@user.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="重新启用。")
@click.pass_obj
@speak_plainly
def disable(home: Path, name: str, again: bool) -> None:
    """停用账号：登录随即失效，以前的意见仍记在名下。

    \b
    例：zugao --home 稿件库 user disable 王审读
    """
    from zugao import accounts

    click.echo(accounts.disable(home, name, again=again))


@user.command()
@click.argument("name")
@_PASSWORD
@click.pass_obj
@speak_plainly
def password(home: Path, name: str, password_file: click.File | None) -> None:
    """重设密码。

    \b
    例：zugao --home 稿件库 user password 王审读
    """
    from zugao import accounts

    click.echo(accounts.change_password(home, name, _password(password_file)))


@user.command("role")
@click.argument("name")
@_ROLE
@_UNIT
@click.pass_obj
@speak_plainly
def role_(home: Path, name: str, role: str, unit: str) -> None:
    """改角色；改后要重新登录。

    \b
    例：zugao --home 稿件库 user role 王审读 --role admin
    """
    from zugao import accounts

    click.echo(accounts.change_role(home, name, role, unit))


@click.group("audit")
def audit_() -> None:
    """编辑台的操作日志。

    \b
    例：zugao --home 稿件库 audit verify
    """


@audit_.command()
@click.option("--known", default="", help="以前记下的“最后一条”，查它是否还在。")
@AS_JSON
@click.pass_obj
@speak_plainly
def verify(home: Path, known: str, as_json: bool) -> None:
    """查操作日志有没有被改动，给出最后一条；把它抄在别处，以后可用 --known 查末尾有没有被删。

    \b
    例：zugao --home 稿件库 audit verify
    """
    from zugao import accounts

    found = accounts.check_log(home, known)
    if as_json:
        print_json(dataclasses.asdict(found))
    else:
        click.echo(accounts.checked_sentence(found))
    sys.exit(Exit.OK if found.broken is None and found.known else Exit.FAILED)


def _password(file: click.File | None) -> str:
    """The password from a file's first line, else asked for twice on the screen."""
    if file is not None:
        return str(file.readline().rstrip("\r\n"))  # type: ignore[attr-defined]
    return str(click.prompt("密码", hide_input=True, confirmation_prompt="再输一次"))


COMMANDS = (desk, up, user, audit_)
