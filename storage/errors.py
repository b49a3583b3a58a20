"""What storage says when the database cannot be used: one named error, one Chinese sentence."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.driver import sqlite3

SENTENCES: dict[str, str] = {
    "readonly": "“{path}”只能读、不能写：请检查它及所在文件夹的写权限，"
    "以及磁盘是否以只读方式挂载。",
    "full": "“{path}”所在磁盘空间已满：请腾出空间后重新运行，已入库的内容不受影响。",
    "not_a_database": "“{path}”不是组稿的数据库文件：请检查设置中的数据库路径，"
    "原文件未作任何改动。",
    "corrupt": "数据库“{path}”已损坏：请停止使用并保留原文件，从备份恢复后再运行。",
    "busy": "数据库“{path}”一直被其他程序占用：请等其他任务结束后重试；"
    "若没有别的任务，请检查是否有程序长时间打开着它。",
    "cannot_open": "无法打开数据库“{path}”：请检查路径是否存在、是否为文件，以及是否有访问权限。",
    "io": "读写“{path}”时磁盘出错：请检查磁盘；数据库须放在本机磁盘，不要放在网络共享盘。",
    "missing": "数据库“{path}”还不存在：请先运行 zugao run 收一次稿件，或检查设置中的数据库路径。",
    "newer": "数据库“{path}”由更新版本的组稿建立：请升级组稿后再打开，或在设置中换用另一个数据库。",
}

_CODES: dict[str, str] = {
    "READONLY": "readonly",
    "PERM": "cannot_open",
    "AUTH": "cannot_open",
    "CANTOPEN": "cannot_open",
    "FULL": "full",
    "NOTADB": "not_a_database",
    "CORRUPT": "corrupt",
    "BUSY": "busy",
    "LOCKED": "busy",
    "IOERR": "io",
}

_ERRNOS: dict[int, str] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "readonly",
    errno.EACCES: "cannot_open",
    errno.EPERM: "cannot_open",
}


class StorageError(Exception):
    """The database or the content store cannot be used; ``str()`` is a sentence for people.

    ``reason`` is a key of :data:`SENTENCES`.
    """

    def __init__(self, reason: str, path: Path | str) -> None:
        super().__init__(SENTENCES[reason].format(path=path))
        self.reason = reason


class RefusedError(ValueError):
    """Something that people asked for and that cannot be recorded; ``str()`` is a Chinese sentence.

    ``reason`` is a short code of the cause, which stays when the sentence changes.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def storage_reason(error: BaseException) -> str | None:
    """Key of :data:`SENTENCES` for an SQLite or system error; None if it is a defect of ours."""
    if isinstance(error, OSError):
        return _ERRNOS.get(error.errno or 0, "io")
    if isinstance(error, sqlite3.Error):
        parts = str(getattr(error, "sqlite_errorname", "") or "").split("_")
        return _CODES.get(parts[1]) if len(parts) > 1 else None
    return None


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn SQLite's and the system's errors about ``path`` into :class:`StorageError`.

    Errors that are defects (wrong SQL, broken constraint) pass unchanged.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = storage_reason(error)
        if reason is None:
            raise
        if reason == "cannot_open" and on_readonly_disk(path):
            reason = "readonly"
        raise StorageError(reason, path) from error


def on_readonly_disk(path: Path | str) -> bool:
    """Whether ``path`` exists on a disk that is mounted read-only."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):  # AttributeError: a system without statvfs
        return False


def why(error: OSError) -> str:
    """What the system says of a file, in Chinese."""
    return _SYSTEM.get(error.errno or 0, "磁盘或系统出错")


_SYSTEM = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.EEXIST: "已有同名的文件",
    errno.ENAMETOOLONG: "名字太长",
}
