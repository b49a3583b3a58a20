"""退稿函: what a unit is told of a draft that is returned, as text and as an official document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from reports import official

_ORDER: Final = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one unit about one draft."""

    to: str  # the unit
    draft_title: str
    received_on: str  # ISO date
    reasons: tuple[str, ...]
    note: str
    office: str
    day: str  # ISO date

    @property
    def title(self) -> str:
        """What it is about, and 函."""
        return f"关于退回《{self.draft_title or '无标题'}》一稿的函"

    @property
    def body(self) -> tuple[str, ...]:
        """What came, why it goes back, what the editor adds, 特此函告."""
        came = f"你单位{_day(self.received_on)}报送的《{self.draft_title or '无标题'}》收悉。"
        head = came + "经审阅，暂不采用，现予退回。"
        said = (line.strip() for line in self.note.splitlines())
        return (
            head + _because(self.reasons),
            *(line for line in said if line),
            "感谢对信息工作的支持，欢迎修改完善后再报，或者另报新稿。",
            "特此函告。",
        )

    @property
    def text(self) -> str:
        """The whole letter, a paragraph a line."""
        address = f"{self.to or '报送单位'}："
        signed = (self.office, _day(self.day))
        return "\n".join([self.title, "", address, *self.body, "", *signed])


def write_letter(letter: Letter, file: Path, template: Path | None = None) -> None:
    """Write the letter as a Word file. Raises TemplateError for a bad template, OSError."""
    official.write_letter(
        official.Letter(
            title=letter.title,
            body=tuple(official.Line(line) for line in letter.body),
            to=letter.to or "报送单位",
            signed=letter.office,
            dated=date.fromisoformat(letter.day),
        ),
        file,
        template,
    )


def _because(reasons: Sequence[str]) -> str:
    """One reason as it is; several counted as running text counts them."""
    if not reasons:
        return ""
    if len(reasons) == 1:
        return f"主要原因：{reasons[0]}。"
    if len(reasons) > len(_ORDER):
        return f"主要原因：{'；'.join(reasons)}。"
    told = (f"{number}是{reason}" for number, reason in zip(_ORDER, reasons, strict=False))
    return f"主要原因：{'；'.join(told)}。"


def _day(iso: str) -> str:
    """2026-09-03 → 2026年9月3日."""
    return official.day_words(date.fromisoformat(iso))
