"""The content store: originals are safe, never altered, and one blob for equal bytes."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from nlp.types import Refusal
from storage import blobs
from storage.blobs import BlobStore, Stored
from storage.errors import StorageError
from word.reasons import Refused


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "originals")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "简报.docx"
    path.write_bytes(b"PK" + bytes(range(256)) * 9000)  # more than one chunk
    return path


def parts(store: BlobStore) -> list[Path]:
    return list(store.root.glob("*.part"))


def contents(store: BlobStore) -> list[str]:
    return sorted(path.name for path in store.root.rglob("*") if path.is_file())


def reason(store: BlobStore, source: Path) -> str:
    with pytest.raises(Refused) as refused:
        store.add(source)
    assert parts(store) == []
    return refused.value.reason


def test_add_copies_and_names_by_content(store: BlobStore, source: Path) -> None:
    data, before = source.read_bytes(), source.stat()
    stored = store.add(source)
    assert stored == Stored(hashlib.sha256(data).hexdigest(), len(data))
    assert store.path(stored.sha256).read_bytes() == data
    assert store.path(stored.sha256).stat().st_mode & 0o777 == 0o444
    after = source.stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert contents(store) == [stored.sha256]


def test_equal_bytes_are_one_blob_and_not_written_again(store: BlobStore, source: Path) -> None:
    first = store.add(source)
    inode = store.path(first.sha256).stat().st_ino
    twin = source.with_name("再报.docx")
    twin.write_bytes(source.read_bytes())
    assert store.add(twin) == first
    assert store.path(first.sha256).stat().st_ino == inode
    assert contents(store) == [first.sha256]


def test_a_blob_cut_short_is_replaced(store: BlobStore, source: Path) -> None:
    stored = store.add(source)
    blob = store.path(stored.sha256)
    blob.chmod(0o644)
    blob.write_bytes(b"PK")
    assert store.add(source) == stored
    assert blob.read_bytes() == source.read_bytes()


def test_empty_file_is_stored(store: BlobStore, tmp_path: Path) -> None:
    empty = tmp_path / "空.docx"
    empty.touch()
    assert store.add(empty).size == 0


def test_what_is_not_a_regular_file_is_refused(store: BlobStore, source: Path) -> None:
    link = source.with_name("链接.docx")
    link.symlink_to(source)
    folder = source.with_name("文件夹.docx")
    folder.mkdir()
    pipe = source.with_name("管道.docx")
    os.mkfifo(pipe)
    reasons = [reason(store, path) for path in (link, folder, pipe)]
    assert reasons == ["not_regular_file"] * 3
    assert reason(store, source.with_name("没有.docx")) == "unreadable"
    assert contents(store) == []


def test_a_link_put_in_place_at_the_last_moment_is_not_followed(
    store: BlobStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = source.with_name("链接.docx")
    link.symlink_to(source)
    monkeypatch.setattr(blobs.os, "lstat", os.stat)  # the first look is deceived
    assert reason(store, link) == "unreadable"


@pytest.mark.parametrize("change", ["append", "truncate", "rewrite"])
def test_changed_while_read(
    store: BlobStore, source: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = blobs._write_all

    def disturbed(descriptor: int, chunk: bytes) -> None:
        plain(descriptor, chunk)
        with source.open("r+b") as file:
            if change == "append":
                file.seek(0, os.SEEK_END)
                file.write(b"more" * blobs._CHUNK)
            elif change == "truncate":
                file.truncate(99)
            else:
                file.write(b"XX")
        os.utime(source, ns=(1, time.time_ns()))

    monkeypatch.setattr(blobs, "_write_all", disturbed)
    assert reason(store, source) == "incomplete"
    assert contents(store) == []


def test_add_many_answers_in_order(store: BlobStore, tmp_path: Path) -> None:
    sources: list[Path | str] = []
    for number in range(40):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"第{number % 30}件")
        sources.append(path)
    sources.insert(7, tmp_path)
    answers = store.add_many(sources)
    assert answers.pop(7) == Refusal("not_regular_file", "drwx------")
    expected = [hashlib.sha256(f"第{n % 30}件".encode()).hexdigest() for n in range(40)]
    assert [a.sha256 for a in answers if isinstance(a, Stored)] == expected
    assert (len(contents(store)), parts(store)) == (30, [])


def test_bytes_reach_the_disk_before_the_name_and_the_name_before_the_answer(
    store: BlobStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        sync(descriptor)

    def note_replace(self: Path, target: Path) -> Path:
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr(blobs.os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    store.add(source)
    assert done == ["file", "rename", "folder"]
    done.clear()
    store.add(source)  # whoever put the blob may have died before the folder was safe
    assert done == ["folder"]


def test_full_disk_is_said_and_leaves_nothing(
    store: BlobStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, chunk: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs, "_write_all", full)
    with pytest.raises(StorageError) as error:
        store.add(source)
    assert error.value.reason == "full"
    assert contents(store) == []


def test_sweep_takes_only_old_unfinished_copies(store: BlobStore, source: Path) -> None:
    stored = store.add(source)
    old, new = store.root / "old.part", store.root / "new.part"
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert store.sweep() == 1
    assert parts(store) == [new]
    assert store.path(stored.sha256).exists()


def test_only_a_digest_names_a_blob(store: BlobStore) -> None:
    for name in ("../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"):
        with pytest.raises(ValueError, match="SHA-256"):
            store.path(name)


def test_several_writers_of_the_same_bytes(store: BlobStore, source: Path) -> None:
    threads = [threading.Thread(target=store.add, args=(source,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert contents(store) == [hashlib.sha256(source.read_bytes()).hexdigest()]
