"""``zugao window``: Datasette over a read-only copy of the figures, on this machine only."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.analysts_copy import make_copy, metadata
from zugao.console import Problem
from zugao.settings import load_settings

FOLDER = "分析副本"
DATABASE = "zugao"


@dataclass(frozen=True, slots=True)
class Copied:
    """The copy, its description for Datasette, and the rows of each table."""

    file: Path
    description: Path
    rows: dict[str, int]


def copy_figures(home: Path, folder: Path | None) -> Copied:
    """Make the copy in ``folder`` (the working folder's own by default). Raises StorageError."""
    settings = load_settings(home)
    target = (folder or settings.home / FOLDER) / f"{DATABASE}.db"
    rows = make_copy(settings.database, target)
    description = target.with_name("metadata.json")
    told = metadata(f"{settings.office.name}：报送与采用", DATABASE)
    description.write_text(json.dumps(told, ensure_ascii=False, indent=2), encoding="utf-8")
    return Copied(target, description, rows)


def command(copied: Copied, port: int) -> list[str]:
    """How Datasette is started: this machine only, bounded queries, no download of the file."""
    return [
        sys.executable, "-m", "datasette", "serve", "--immutable", str(copied.file),
        "--metadata", str(copied.description), "--host", "127.0.0.1", "--port", str(port),
        "--setting", "sql_time_limit_ms", "5000", "--setting", "max_returned_rows", "5000",
        "--setting", "allow_download", "off", "--setting", "facet_time_limit_ms", "1000",
    ]  # fmt: skip


def require_datasette() -> None:
    """Raises Problem where it is not installed."""
    if importlib.util.find_spec("datasette") is None:
        raise Problem(
            "没有安装 Datasette：请在程序目录运行 .venv/bin/pip install 'datasette>=0.65.2,<0.66'，"
            "或用 --copy-only 只生成副本，用任何 SQLite 工具打开。"
        )


def serve(copied: Copied, port: int) -> int:
    """Run Datasette until Ctrl+C; its exit code."""
    try:
        return subprocess.run(command(copied, port), check=False).returncode
    except KeyboardInterrupt:
        return 0


def application(home: Path, prefix: str) -> Any:
    """Datasette as an ASGI application under ``prefix``, over a fresh copy; None without it.

    Bounded like :func:`serve`; nobody is asked who he is: whoever serves it must.
    """
    if importlib.util.find_spec("datasette") is None:
        return None
    from datasette.app import Datasette

    copied = copy_figures(home, None)
    datasette = Datasette(
        [],
        immutables=[str(copied.file)],
        metadata=json.loads(copied.description.read_text(encoding="utf-8")),
        settings={
            "base_url": f"{prefix}/", "sql_time_limit_ms": 5000, "max_returned_rows": 5000,
            "allow_download": False, "facet_time_limit_ms": 1000,
        },
    )  # fmt: skip
    return datasette.app()
