"""Logs of the desk: one JSON object a line."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from zugao.logs import log_to


def test_each_entry_is_one_line_that_a_program_reads(tmp_path: Path) -> None:
    file = tmp_path / "desk.log"
    log_to(file, "zugao.test_logs")
    logger = logging.getLogger("zugao.test_logs")
    logger.info("不记")
    logger.warning("数据库正忙\n第二行 %s", "x")
    try:
        raise ValueError("坏了")
    except ValueError:
        logger.exception("GET /queue")
    first, second = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    assert first["at"].endswith("Z")
    assert {key: first[key] for key in ("level", "from", "said")} == {
        "level": "WARNING",
        "from": "zugao.test_logs",
        "said": "数据库正忙\n第二行 x",
    }
    assert "trace" not in first
    assert second["said"] == "GET /queue"
    assert second["trace"].endswith("ValueError: 坏了")
    assert not logger.propagate
