"""``zugao read``: what is read of one file, without storing anything."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from nlp.types import Draft, Reading, Refusal
from zugao.console import Problem, visible

LAYERS = {
    "body": "正文",
    "table": "表格",
    "textbox": "文本框",
    "footnote": "脚注",
    "endnote": "尾注",
    "comment": "批注",
    "header": "页眉",
    "footer": "页脚",
}
ROLES = {
    "title": "标题",
    "subtitle": "副标题",
    "byline": "署名",
    "heading": "小标题",
    "body": "正文",
    "table": "表格",
    "signature": "落款",
    "date": "日期",
    "attachment": "附件",
    "note": "注释",
    "margin": "页边",
    "furniture": "杂项",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one file: blocks and drafts, or the reason why not."""

    reading: Reading | None
    refusal: Refusal | None
    drafts: tuple[Draft, ...]


def read_one(file: Path) -> Seen:
    """Read one file behind the guard, exactly as a run would."""
    from nlp.splitting import split
    from word.archive import is_archive
    from word.pool import Job, ReaderPool

    if not file.exists():
        raise Problem(f"没有找到文件 {file}，请检查位置是否写对。")
    if is_archive(file):
        raise Problem(f"{file.name} 是压缩包；用 zugao run 收进来会自动解开，或先解压再逐个查看。")

    with ReaderPool() as pool:
        result = pool.read([Job(file.absolute(), file.name)])[0]
    if isinstance(result, Refusal):
        return Seen(None, result, ())
    return Seen(result, None, split(result))


def reading_as_dict(seen: Seen, file: Path) -> dict[str, Any]:
    """The ``--json`` shape of ``zugao read``, documented in ``docs/commands.md``."""
    from word.reasons import sentence

    if seen.refusal is not None:
        refusal = {
            **dataclasses.asdict(seen.refusal),
            "sentence": sentence(seen.refusal, file.name),
        }
        return {"file": str(file), "refused": refusal}
    return {
        "file": str(file),
        "refused": None,
        **(dataclasses.asdict(seen.reading) if seen.reading else {}),
        "drafts": [_draft_as_dict(draft) for draft in seen.drafts],
    }


def _draft_as_dict(draft: Draft) -> dict[str, Any]:
    return {**dataclasses.asdict(draft), "text": draft.text}


def print_reading(seen: Seen, file: Path, *, quiet: bool) -> bool:
    """Print for people unless ``quiet``; returns whether the file was refused."""
    from word.reasons import sentence

    if seen.refusal is not None:
        if not quiet:
            click.secho(visible(sentence(seen.refusal, file.name)), fg="red")
        return True
    if not quiet and seen.reading is not None:
        click.secho(f"{visible(file.name)}（{seen.reading.format}）", bold=True)
        for notice in seen.reading.notices:
            click.secho(f"  ※ {notice.message}", fg="yellow")
        for block in seen.reading.blocks:
            where = LAYERS.get(block.layer, block.layer)
            if block.layer == "body" and block.level:
                where = f"{block.level}级标题"
            text = block.text.replace("\t", " │ ")
            click.echo(f"{click.style(f'[{where}]', dim=True)} {visible(block.label + text)}")
        _print_drafts(seen.drafts)
    return False


def _print_drafts(drafts: tuple[Draft, ...]) -> None:
    click.echo()
    click.secho(f"拆分为 {len(drafts)} 篇稿件：", bold=True)
    for draft in drafts:
        click.echo(
            f"  {draft.position}. {visible(draft.title) or '（无标题）'}　{draft.characters} 字"
        )
        facts = {
            "副标题": draft.subtitle,
            "单位": draft.unit,
            "作者": draft.author,
            "签发": draft.signer,
            "电话": draft.phone,
            "日期": draft.dated,
            "附件": "、".join(draft.attachments),
        }
        line = "　".join(f"{name}：{value}" for name, value in facts.items() if value)
        if line:
            click.echo(f"     {visible(line)}")
        for notice in draft.notices:
            click.secho(f"     ※ {notice.message}", fg="yellow")
