"""Making a bulletin: bring the ledger up to date, gather, freeze if told to, write the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from reports.bulletin import Bulletin, as_json
from reports.bulletin_gather import gather
from reports.bulletin_letter import write_bulletin
from reports.bulletin_page import csv_of, json_of, page_of, write_text
from reports.official_style import open_template
from reports.workbook import write_workbook
from storage.awards import settle_compared
from storage.bulletins import freeze
from storage.connection import Database
from storage.periods import Period
from zugao.settings import Settings

FORMATS: Final = ("docx", "xlsx", "html", "csv", "json")
SPANS: Final = {"月": 1, "季度": 3, "半年": 6, "年": 12}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which bulletin is wanted, and how."""

    period: Period
    profile: str = ""
    number: str = ""  # 文号: a bulletin that has one is frozen
    who: str = ""
    formats: tuple[str, ...] = ("docx", "xlsx")
    template: Path | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A bulletin, its files, and the id under which it was frozen, if it was."""

    bulletin: Bulletin
    files: tuple[Path, ...]
    frozen: int | None = None


def make(settings: Settings, db: Database, asked: Asked, folder: Path) -> Made:
    """Make the bulletin and write it into ``folder``.

    Raises ProfileError, SettleError, BulletinError, SnapshotError, TemplateError, StorageError,
    OSError.
    """
    profile = asked.profile or settings.reports.profile
    settle_compared(db, asked.period, profile)
    office = settings.reports.office(settings.office.name, asked.period)
    bulletin = gather(db, asked.period, office, profile=profile, number=asked.number)
    template = asked.template or settings.under_home(settings.reports.template)
    if "docx" in asked.formats:
        open_template(template)  # a bad one is told before anything is frozen
    frozen = _freeze(db, asked, bulletin) if asked.number else None
    files = write_files(bulletin, folder, asked.formats, template, draft=frozen is None)
    return Made(bulletin, files, frozen)


def _freeze(db: Database, asked: Asked, bulletin: Bulletin) -> int:
    head = bulletin.head
    return freeze(
        db, title=head.title.replace("\n", ""), number=asked.number, period=asked.period,
        profile_id=head.profile_id, snapshot=as_json(bulletin), who=asked.who,
    )  # fmt: skip


def write_files(
    bulletin: Bulletin,
    folder: Path,
    formats: Sequence[str],
    template: Path | None = None,
    *,
    draft: bool = False,
) -> tuple[Path, ...]:
    """Write the forms asked for; each aside first, so that a failure leaves the old file whole."""
    folder.mkdir(parents=True, exist_ok=True)
    name = bulletin.head.title.replace("\n", "").removeprefix("关于").replace("/", "／")
    name += "（送审稿）" if draft else ""
    wanted = [form for form in FORMATS if form in formats]
    return tuple(_aside(bulletin, folder / f"{name}.{form}", form, template) for form in wanted)


def _write(bulletin: Bulletin, file: Path, form: str, template: Path | None) -> None:
    if form == "docx":
        write_bulletin(bulletin, file, template=template)
    elif form == "xlsx":
        write_workbook(bulletin, file)
    else:
        text = {"html": page_of, "csv": csv_of, "json": json_of}[form](bulletin)
        write_text(text, file)


def _aside(bulletin: Bulletin, target: Path, form: str, template: Path | None) -> Path:
    part = target.with_name(target.name + ".part")
    try:
        _write(bulletin, part, form, template)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def due_periods(day: date, spans: Sequence[str]) -> list[Period]:
    """Of the spans asked for, the period of each that ended with the month before ``day``."""
    first = day.replace(day=1)
    found = []
    for span, months in SPANS.items():
        if span in spans and (first.month - 1) % months == 0:
            year, month = divmod(12 * first.year + first.month - 1 - months, 12)
            found.append(Period(date(year, month + 1, 1), first))
    return found
