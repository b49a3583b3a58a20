"""zugao user, zugao audit, and how zugao desk starts and refuses to."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from storage.connection import open_database, write
from tests.support_desk import PASSWORD
from zugao.cli import main
from zugao.desk import is_loopback


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "h"), "--quiet"]).exit_code == 0
    return tmp_path / "h"


def zugao(home: Path, *args: str, text: str = "") -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *args], input=text)


def test_accounts_from_making_to_disabling(home: Path) -> None:
    assert "单人模式" in zugao(home, "user", "list").output
    made = zugao(
        home,
        "user",
        "add",
        "王审读",
        "--role",
        "editor",
        "--password-file",
        "-",
        text=PASSWORD + "\n",
    )
    assert made.output == "已建账号 王审读（编辑）。\n"
    asked = zugao(home, "user", "password", "王审读", text=f"{PASSWORD}！\n{PASSWORD}！\n")
    assert "密码已改" in asked.output
    assert PASSWORD not in asked.output
    assert "现在是管理员" in zugao(home, "user", "role", "王审读", "--role", "admin").output
    assert "已停用" in zugao(home, "user", "disable", "王审读").output
    rows = json.loads(zugao(home, "user", "list", "--json").output)
    assert [(r["name"], r["role"], r["active"]) for r in rows] == [("王审读", "admin", False)]
    assert "password" not in rows[0]
    assert "argon2" not in json.dumps(rows)
    assert "已启用" in zugao(home, "user", "disable", "王审读", "--again").output
    checked = json.loads(zugao(home, "audit", "verify", "--json").output)
    assert (checked["entries"], checked["broken"]) == (5, None)


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("user", "add", "甲", "--role", "editor"), "密码应为15到256个字符"),
        (("user", "add", "甲", "--role", "submitter"), "密码应为15到256个字符"),
        (("user", "role", "甲", "--role", "admin"), "没有账号“甲”"),
        (("user", "disable", "甲"), "没有账号“甲”"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    home: Path, args: tuple[str, ...], sentence: str
) -> None:
    result = zugao(home, *args, text="短\n短\n")
    assert result.exit_code == 1
    assert sentence in result.output


def test_a_changed_log_is_found(home: Path) -> None:
    zugao(home, "user", "add", "甲", "--role", "editor", "--password-file", "-", text=PASSWORD)
    told = zugao(home, "audit", "verify")
    assert told.exit_code == 0
    head = re.search(r"最后一条：(\d+:[0-9a-f]{64})", told.output)
    assert head is not None
    assert zugao(home, "audit", "verify", "--known", head[1]).exit_code == 0
    db = open_database(home / "zugao.db")
    with write(db) as conn:
        conn.execute("DROP TRIGGER audit_no_update")
        conn.execute("UPDATE audit SET who = '乙'")
    db.close()
    found = zugao(home, "audit", "verify")
    assert found.exit_code == 1
    assert "第 1 条起对不上" in found.output
    assert zugao(home, "audit", "verify", "--known", "9:" + "0" * 64).exit_code == 1


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("desk", False)],
)
def test_what_counts_as_this_machine(host: str, is_local: bool) -> None:
    assert is_loopback(host) == is_local


def test_without_accounts_the_desk_stays_on_this_machine(home: Path) -> None:
    refused = zugao(home, "desk", "--host", "0.0.0.0", "--port", "0")
    assert refused.exit_code == 1
    assert "还没有账号，编辑台只能在本机运行" in refused.output


def test_the_desk_serves_tells_a_taken_port_and_stops(home: Path) -> None:
    command = [sys.executable, "-m", "zugao.cli", "--home", str(home), "desk", "--port"]
    process = subprocess.Popen([*command, "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert url is not None, line
        assert url[1] != "8765"  # 0 is any free port, not the one of the settings
        with urllib.request.urlopen(url[0] + "runs") as page:
            assert "单人模式" in page.read().decode()
        taken = zugao(home, "desk", "--port", url[1])
        assert taken.exit_code == 1
        assert "端口用不了" in taken.output
        process.send_signal(signal.SIGINT)
        assert process.wait(20) in (0, 130)
    finally:
        process.kill()
        process.wait()
