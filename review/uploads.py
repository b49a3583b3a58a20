"""Files that a browser sent: named safely, counted, written where they belong."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile

from review.desk import Unable
from review.visit import Visit
from storage.errors import why

MOST_FILES: Final = 20
MOST_BYTES: Final = 50 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_LONGEST: Final = 200
"""Bytes of a name in UTF-8: file systems hold 255, and a number may be added."""


def given(visit: Visit, field: str = "files") -> list[UploadFile]:
    """The files of a form. Raises Unable if there are none, or more than may be sent at once."""
    files = [one for one in visit.form.getlist(field) if isinstance(one, UploadFile)]
    files = [one for one in files if one.filename]
    if not files:
        raise Unable("没有选文件；请先选好再交。")
    if len(files) > MOST_FILES:
        raise Unable(f"一次最多交{MOST_FILES}个文件，这次选了{len(files)}个，请分几次交。")
    return files


def safe_name(name: str) -> str:
    """A file name without folders, control codes and what some system cannot hold."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isprintable() and c not in ':*?"<>|' else "_" for c in base).strip()
    kept = kept.lstrip(".~") or "未命名"
    stem, dot, suffix = kept.rpartition(".")
    if not dot or len(suffix) > 8:
        stem, suffix = kept, ""
    room = _LONGEST - len(suffix.encode()) - 1
    stem = stem.encode()[:room].decode(errors="ignore").rstrip() or "未命名"
    return f"{stem}.{suffix}" if suffix else stem


def put(file: UploadFile, folder: Path, name: str) -> Path:
    """Write a file into a folder under a name that is free there; whole or not at all.

    Raises Unable with a sentence where the disk does not take it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{os.urandom(8).hex()}.part"
        try:
            file.file.seek(0)
            with part.open("wb") as out:
                while chunk := file.file.read(_CHUNK):
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            return _named(part, folder, name)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Unable(f"“{name}”没有存下来（{why(error)}），请告诉管理员。") from None


def _named(part: Path, folder: Path, name: str) -> Path:
    """Link the written file to the first free name: 稿.docx, 稿（2）.docx, …"""
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, dot + suffix) if dot else (name, "")
    number = 1
    while True:
        target = folder / (name if number == 1 else f"{stem}（{number}）{suffix}")
        try:
            os.link(part, target)
        except FileExistsError:
            number += 1
        else:
            return target


def total(files: Sequence[UploadFile]) -> int:
    """Bytes of all of them."""
    return sum(file.size or 0 for file in files)
