"""Files that are still being written, with pauses of up to five times the settling delay.

The long run (1,000 files) is benchmarks.half_written.
"""

from __future__ import annotations

from pathlib import Path

from flows.inbox import finished, scan
from tests.support_files import Member, docx, raw_zip
from tests.support_uploads import arrive, by_stillness, by_the_rules
from tests.test_flows_inbox import put


def test_none_is_taken_early_and_all_are_taken(tmp_path: Path) -> None:
    found = arrive(tmp_path / "in", 60, by_the_rules)
    assert (found.early, found.missed) == (0, 0)


def test_stillness_alone_takes_half_files(tmp_path: Path) -> None:
    """Positive control: the usual rule on the same arrivals."""
    found = arrive(tmp_path / "in", 60, by_stillness)
    assert found.early > 15


def test_a_package_with_a_hole_waits_though_its_end_is_there(tmp_path: Path) -> None:
    data = bytearray(docx("甲" * 2000))
    data[60:90] = bytes(30)
    put(tmp_path / "洞.docx", bytes(data), age=30)
    put(tmp_path / "整.docx", docx("甲" * 2000), age=30)
    assert {f.name: finished(f, 600) for f in scan(tmp_path)} == {"洞.docx": False, "整.docx": True}


def test_what_no_waiting_mends_is_taken_at_once(tmp_path: Path) -> None:
    """An encrypted or hostile package is whole: its reader names the reason."""
    put(tmp_path / "密.docx", raw_zip(Member(b"a", flags=1)), age=30)
    put(tmp_path / "重.docx", raw_zip(Member(b"a"), Member(b"A")), age=30)
    assert [finished(f, 600) for f in scan(tmp_path)] == [True, True]
