"""Why a file was refused, told to the unit that sent it."""

from __future__ import annotations

import pytest

from nlp.types import Refusal
from word.reasons import REASONS, sentence


@pytest.mark.parametrize("code", sorted(REASONS))
def test_no_sender_is_sent_to_itself_or_into_our_folders(code: str) -> None:
    told = sentence(Refusal(code), "甲.docx", to_sender=True)
    assert told.startswith(f"“甲.docx”{REASONS[code].sentence}。")
    assert "报送单位" not in told
    assert "收稿文件夹" not in told


def test_the_office_still_reads_whom_to_ask() -> None:
    assert "请联系报送单位重新发送" in sentence(Refusal("empty_file"), "甲.docx")
    assert "请向报送单位核实来源" in sentence(Refusal("hostile_zip"), "甲.docx")
