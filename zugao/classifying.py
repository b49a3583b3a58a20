"""``zugao classify``: themes, genre and keywords of files, without storing anything."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nlp.types import Draft, Findings, Refusal, Theme
from storage.errors import why
from zugao.settings import FILE_NAME, Settings, load_settings

if TYPE_CHECKING:
    from nlp.analyse import Analyst
    from word.pool import ReaderPool

LINES = (".jsonl", ".ndjson", ".json")
BATCH = 200
"""Drafts that are analysed at a time: a file of any length needs the memory of one batch."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A draft with its findings; ``id`` is its own (JSON lines) or its position in the file."""

    file: str
    id: str
    draft: Draft
    findings: Findings


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or line of which nothing could be made; ``sentence`` says why."""

    file: str
    id: str
    sentence: str


def settings_or_defaults(home: Path) -> Settings:
    """The settings of a working folder; without one, what ships with the product."""
    return load_settings(home) if (home / FILE_NAME).exists() else Settings(home=home)


def classify(files: Sequence[Path], analyst: Analyst) -> Iterator[Classified | Unread]:
    """Every draft of the files in order: Word and text files are read as a run reads them.

    ``-`` is standard input, files ending in .jsonl, .ndjson or .json hold a JSON object a line.
    """
    from word.pool import ReaderPool

    with ReaderPool() as pool:
        for file in files:
            if str(file) == "-" or file.suffix.lower() in LINES:
                yield from _lines(file, analyst)
            else:
                yield from _file(file, analyst, pool)


def _file(file: Path, analyst: Analyst, pool: ReaderPool) -> Iterator[Classified | Unread]:
    from nlp.splitting import split
    from word.pool import Job
    from word.reasons import sentence

    if not file.exists():
        yield Unread(str(file), "", f"没有找到文件 {file}，请检查位置是否写对。")
        return
    answer = pool.read([Job(file.absolute(), file.name)])[0]
    if isinstance(answer, Refusal):
        yield Unread(str(file), "", sentence(answer, file.name))
        return
    drafts = split(answer)
    for draft, findings in zip(drafts, analyst.analyse(drafts), strict=True):
        yield Classified(str(file), str(draft.position), draft, findings)


def _lines(file: Path, analyst: Analyst) -> Iterator[Classified | Unread]:
    try:
        # A byte that is no UTF-8 spoils its own line only.
        with click.open_file(str(file), encoding="utf-8-sig", errors="replace") as source:
            yield from _of_lines(source, file, analyst)
    except OSError as error:
        yield Unread(str(file), "", f"“{file.name}”读不了（{why(error)}）。")


def _of_lines(source: Iterable[str], file: Path, analyst: Analyst) -> Iterator[Classified | Unread]:
    from nlp.lines import BadLine, read_samples

    answers = iter(read_samples(source))
    while batch := list(itertools.islice(answers, BATCH)):
        drafts = [answer.draft() for answer in batch if not isinstance(answer, BadLine)]
        found = iter(zip(drafts, analyst.analyse(drafts), strict=True))
        for answer in batch:
            if isinstance(answer, BadLine):
                where = f"“{file.name}”第{answer.number}行"
                yield Unread(str(file), str(answer.number), f"{where}{answer.reason}，已跳过。")
            else:
                draft, findings = next(found)
                yield Classified(str(file), answer.id, draft, findings)


def as_dict(item: Classified | Unread, names: dict[str, str]) -> dict[str, Any]:
    """The ``--json`` shape of one line, documented in ``docs/commands.md``."""
    if isinstance(item, Unread):
        return {"file": item.file, "id": item.id, "error": item.sentence}
    found = item.findings
    return {
        "file": item.file,
        "id": item.id,
        "title": item.draft.title,
        "themes": [_theme(theme, names) for theme in found.themes],
        "nearest": [_theme(theme, names) for theme in found.nearest],
        "category": found.category,
        "category_probability": found.category_probability,
        "genre": dataclasses.asdict(found.genre),
        "keywords": list(found.keywords),
        "focus": [{"name": topic.code, "probability": topic.probability} for topic in found.focus],
        "model": found.model,
    }


def _theme(theme: Theme, names: dict[str, str]) -> dict[str, Any]:
    terms = [[term.text, term.start, term.end, term.weight] for term in theme.terms]
    name = names.get(theme.code, "")
    return {"code": theme.code, "name": name, "probability": theme.probability, "terms": terms}


def print_item(item: Classified | Unread, names: dict[str, str]) -> None:
    """Print one draft for people."""
    from zugao.console import visible

    if isinstance(item, Unread):
        click.secho(visible(item.sentence), fg="red", err=True)
        return
    found = item.findings
    click.secho(visible(f"{item.id}　{item.draft.title or '（无标题）'}"), bold=True)
    for place, theme in enumerate(found.themes):
        words = "、".join(term.text for term in theme.terms)
        role = "次要" if place else "主要"
        name = names.get(theme.code, "")
        because = f"，依据：{words}" if words else ""
        click.echo(
            visible(f"  {role}　{theme.code} {name}（把握 {theme.probability:.0%}{because}）")
        )
    if not found.themes:
        near = "、".join(
            f"{t.code} {names.get(t.code, '')} {t.probability:.0%}" for t in found.nearest[:2]
        )
        category = f"，大类 {found.category} {names[found.category]}" if found.category else ""
        click.secho(f"  无法判断{category}，最接近：{near}", fg="yellow")
    click.echo(f"  体裁　{found.genre.code}（把握 {found.genre.probability:.0%}）")
    if found.focus:
        click.echo(visible(f"  报送重点　{'、'.join(topic.code for topic in found.focus)}"))
    click.echo(visible(f"  关键词　{'、'.join(found.keywords) or '无'}"))


def run(home: Path, files: Sequence[Path], *, as_json: bool) -> bool:
    """Classify and print; whether some file or line could not be used."""
    from flows.models import analyst_in_use, taxonomy_of

    settings = settings_or_defaults(home)
    names = taxonomy_of(settings).names()
    analyst, notice = analyst_in_use(settings)
    if notice:
        click.secho(notice, fg="yellow", err=True)
    unread = False
    for item in classify(files, analyst):
        unread = unread or isinstance(item, Unread)
        if as_json:
            click.echo(json.dumps(as_dict(item, names), ensure_ascii=False))
        else:
            print_item(item, names)
    return unread
