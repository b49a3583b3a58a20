"""``zugao evaluate``: how good themes and genres are, on labelled drafts or on our own."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.models import analyst_in_use, make_analyst, taxonomy_of
from nlp.evaluation import Evaluation, evaluate
from nlp.taxonomy import Taxonomy
from storage.errors import why
from zugao.classifying import settings_or_defaults
from zugao.console import Problem, safe

if TYPE_CHECKING:
    from nlp.analyse import Analyst
    from nlp.starter import Sample
    from nlp.types import Findings
    from reports.evaluation import Names

OWN = "随组稿提供的训练稿，五折交叉验证：每篇由没有见过它的模型判断"


def evaluate_file(home: Path, file: Path) -> tuple[Evaluation, list[str]]:
    """The model in use on labelled JSON lines, and a sentence for each line that was left out.

    Raises Problem if nothing in the file is labelled.
    """
    from nlp.lines import BadLine, read_samples

    try:
        with file.open(encoding="utf-8-sig", errors="replace") as lines:
            answers = list(read_samples(lines))
    except OSError as error:
        raise Problem(f"“{file}”读不了（{why(error)}）。") from None
    complaints = [f"第{a.number}行{a.reason}，已跳过。" for a in answers if isinstance(a, BadLine)]
    samples = [a for a in answers if not isinstance(a, BadLine)]
    bare = [sample for sample in samples if not sample.theme]
    complaints += [f"稿件{sample.id}没有标注主题（primary），已跳过。" for sample in bare]
    labelled = [sample for sample in samples if sample.theme]
    if not labelled:
        raise Problem(f"“{file.name}”里没有标注了主题（primary）的稿件，无法评估。")
    analyst, notice = analyst_in_use(settings_or_defaults(home))
    complaints += [notice] if notice else []
    if not any(sample.theme in analyst.model.codes for sample in labelled):
        raise Problem(f"“{file.name}”里标注的主题代码都不在主题体系里，无法评估。")
    findings, speed = _analysed(analyst, labelled)
    chances = _chances(analyst, labelled)
    return _evaluation(analyst, labelled, chances, findings, speed), complaints


def evaluate_own(home: Path) -> Evaluation:
    """The way of training on the starter drafts, each judged by a model that has not seen it."""
    from nlp import starter
    from nlp.training import held_out_chances

    analyst = make_analyst(settings_or_defaults(home))
    samples = starter.load()
    chances = held_out_chances(samples, analyst.model.lexicon, Taxonomy.load(), analyst.segmenter)
    findings, speed = _analysed(analyst, samples)
    return _evaluation(analyst, samples, chances, findings, speed)


def _analysed(analyst: Analyst, samples: Sequence[Sample]) -> tuple[list[Findings], float]:
    drafts = [sample.draft() for sample in samples]
    analyst.analyse(drafts[:1])  # what is loaded at the first draft is no part of the speed
    began = time.process_time()
    findings = analyst.analyse(drafts)
    return findings, len(drafts) / max(time.process_time() - began, 1e-6)


def _chances(analyst: Analyst, samples: Sequence[Sample]) -> Any:
    from nlp.training import evidence

    model = analyst.model
    return model.probabilities(evidence(samples, model.lexicon, analyst.segmenter))


def _evaluation(
    analyst: Analyst,
    samples: Sequence[Sample],
    chances: Any,
    findings: Sequence[Findings],
    speed: float,
) -> Evaluation:
    model = analyst.model
    return evaluate(
        chances,
        model.codes,
        model.parents,
        [sample.theme for sample in samples],
        [(s.genre, f.genre.code) for s, f in zip(samples, findings, strict=True)],
        model=model.version,
        drafts_per_second=speed,
    )


def names_of(home: Path) -> Names:
    """Code → name in the taxonomy of the working folder, or the shipped one."""
    return taxonomy_of(settings_or_defaults(home)).names()


def as_dict(found: Evaluation) -> dict[str, Any]:
    """The ``--json`` shape: every figure under its field's name, one that does not exist null."""
    told = dataclasses.asdict(found)
    return {key: None if isinstance(v, float) and math.isnan(v) else v for key, v in told.items()}


def print_evaluation(found: Evaluation, source: str, names: Names) -> None:
    """Print for people."""
    from rich.console import Console

    from reports.evaluation import figures, tables
    from zugao.summary import new_table

    console = Console(highlight=False)
    console.print(f"[bold]评估[/]　{safe(source)}")
    for name, value in figures(found):
        console.print(f"  [dim]{safe(name)}[/]　{safe(value)}")
    for title, columns, rows in tables(found, names):
        first, *others = columns
        words = [name for name in others if name in ("模型判",)]
        shown = new_table(
            title,
            (first, "left"),
            *((name, "left" if name in words else "right") for name in others),
        )
        for row in rows:
            shown.add_row(*(safe(cell) for cell in row))
        console.print()
        console.print(shown)


def write_page(found: Evaluation, source: str, names: Names, file: Path) -> None:
    """Write the HTML page. Raises Problem if the place cannot be written."""
    from reports.evaluation_page import page

    try:
        file.write_text(page(found, names, source), encoding="utf-8")
    except OSError as error:
        raise Problem(f"写不了 {file}（{why(error)}），请换一个位置。") from None
    click.echo(f"网页已写入 {file}", err=True)
