"""What goes wrong, for programs: one JSON object a line, in a file that cannot fill the disk."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from storage.clock import stamp

MOST_BYTES: Final = 10_000_000
FILES: Final = 5


class Lines(logging.Formatter):
    """``at`` (UTC), ``level``, ``from``, ``said``, and ``trace`` where there was an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever was said: JSON has no line breaks in it."""
        told = {
            "at": stamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "from": record.name,
            "said": record.getMessage(),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log_to(file: Path, *loggers: str) -> None:
    """Write warnings and errors of these loggers into ``file`` and nowhere else."""
    handler = RotatingFileHandler(
        file, maxBytes=MOST_BYTES, backupCount=FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(Lines())
    for name in loggers:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
