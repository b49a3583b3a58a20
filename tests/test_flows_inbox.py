"""Looking into an inbox: order, folders, what is left out, what is still being written."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from flows.inbox import Found, InboxError, finished, refuse_own, scan, settled


def put(path: Path, data: bytes = b"x", *, age: float = 3600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def names(found: list[Found]) -> list[tuple[str, str]]:
    return [(f.place.rpartition("/")[0], f.name) for f in found]


def test_scan_tells_folder_and_name_in_a_fixed_order(tmp_path: Path) -> None:
    put(tmp_path / "乙县" / "九月" / "二.docx")
    put(tmp_path / "甲县" / "一.docx")
    put(tmp_path / "甲县-三.docx")
    expected = [("乙县/九月", "二.docx"), ("甲县", "一.docx"), ("", "甲县-三.docx")]
    assert names(scan(tmp_path)) == expected
    assert names(scan(tmp_path)) == expected


def test_scan_leaves_out_lock_files_litter_and_young_downloads(tmp_path: Path) -> None:
    for name in ("~$稿.docx", ".DS_Store", "Thumbs.db", "desktop.ini"):
        put(tmp_path / name)
    put(tmp_path / "新.docx.part", age=60)
    put(tmp_path / "旧.docx.part", age=3600)
    assert names(scan(tmp_path)) == [("", "旧.docx.part")]


def test_scan_names_what_is_not_a_plain_file(tmp_path: Path) -> None:
    (tmp_path / "文件夹.docx").mkdir()
    (tmp_path / "链接.docx").symlink_to("/etc/hostname")
    (tmp_path / "链接文件夹").symlink_to("/etc")
    os.mkfifo(tmp_path / "管道.docx")
    put(tmp_path / "稿.docx")
    assert {f.name: f.problem for f in scan(tmp_path)} == {
        "文件夹.docx": "not_regular_file",
        "链接.docx": "not_regular_file",
        "链接文件夹": "not_regular_file",
        "管道.docx": "not_regular_file",
        "稿.docx": "",
    }


def test_scan_of_no_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InboxError, match="没有找到收件箱文件夹"):
        scan(tmp_path / "没有")
    with pytest.raises(InboxError, match="不是文件夹"):
        scan(put(tmp_path / "稿.docx"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_scan_of_a_closed_folder(tmp_path: Path) -> None:
    put(tmp_path / "甲县" / "稿.docx")
    (tmp_path / "甲县").chmod(0)
    try:
        assert [(f.name, f.problem) for f in scan(tmp_path)] == [("甲县", "unreadable")]
    finally:
        (tmp_path / "甲县").chmod(0o755)


def test_settled_waits_for_young_files_and_leaves_growing_ones(tmp_path: Path) -> None:
    put(tmp_path / "旧.docx")
    put(tmp_path / "新.docx", age=1)
    growing = put(tmp_path / "写.docx", age=1)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        growing.write_bytes(b"more")

    ready, moving = settled(scan(tmp_path), 5, sleep=sleep)
    assert [f.name for f in ready] == ["新.docx", "旧.docx"]
    assert [f.name for f in moving] == ["写.docx"]
    assert len(slept) == 1
    assert 3 < slept[0] <= 5


def test_settled_does_not_sleep_over_old_files(tmp_path: Path) -> None:
    put(tmp_path / "旧.docx")
    ready, moving = settled(scan(tmp_path), 5, sleep=lambda seconds: pytest.fail("slept"))
    assert (len(ready), moving) == (1, [])


def test_settled_takes_a_file_dated_in_the_future(tmp_path: Path) -> None:
    put(tmp_path / "来.docx", age=-3600)
    ready, moving = settled(scan(tmp_path), 5, sleep=lambda seconds: None)
    assert (len(ready), moving) == (1, [])


ZIP_END = b"PK\x05\x06" + bytes(18)


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"PK\x03\x04" + bytes(100), False),
        (b"PK\x03\x04" + bytes(100) + ZIP_END, True),
        (b"PK\x03\x04" + bytes(100) + ZIP_END + b"comment", True),
        (b"%PDF-1.7 " + bytes(50), False),
        (b"%PDF-1.7 " + bytes(50) + b"%%EOF\n", True),
        (b"{\\rtf1 text", False),
        (b"{\\rtf1 text}\r\n\x00", True),
        (b"", False),
        ("纯文本".encode(), True),
    ],
)
def test_finished_looks_at_the_end_that_the_format_promises(
    tmp_path: Path, data: bytes, whole: bool
) -> None:
    put(tmp_path / "稿", data, age=30)
    [found] = scan(tmp_path)
    assert finished(found, 600) is whole


def test_an_old_broken_file_is_finished_and_so_is_one_from_the_future(tmp_path: Path) -> None:
    put(tmp_path / "断.docx", b"PK\x03\x04", age=3600)
    put(tmp_path / "空.docx", b"", age=3600)
    put(tmp_path / "未来.docx", b"", age=-3600)
    assert [finished(found, 600) for found in scan(tmp_path)] == [True, True, True]


def test_our_own_files_are_no_inbox(tmp_path: Path) -> None:
    home = tmp_path / "稿件库"
    for folder in ("收件箱", "originals/aa"):
        (home / folder).mkdir(parents=True)
    refuse_own(home / "收件箱", home)
    refuse_own(tmp_path / "别处", home)
    for inbox in (home, tmp_path, home / "originals", home / "originals" / "aa"):
        with pytest.raises(InboxError, match="不能当收件箱"):
            refuse_own(inbox, home)


def test_what_vanishes_while_we_look_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "甲县" / "稿.docx")
    put(tmp_path / "乙县" / "稿.docx")
    scandir = os.scandir

    def vanishing(folder: Path) -> object:
        if Path(folder).name == "甲县":
            raise FileNotFoundError(folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", vanishing)
    assert names(scan(tmp_path)) == [("乙县", "稿.docx")]
